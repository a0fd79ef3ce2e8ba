import Basics
import Evaluation
import Foundation

/// Intervals for remaining life that hold it for a promised share of new units (split conformal; Lei and others 2018), with
/// units, not rows, as what is exchangeable.
///
/// Rows of one unit resemble each other, so many rows are not many observations. Each calibration unit counts once: its
/// rows share its weight, and the new unit counts as one more with residuals without bound (hierarchical conformal
/// prediction; Lee, Barber and Willett 2023). A row drawn from a new unit is then covered with the promised probability.
///
/// Residuals are taken on both sides separately (Linusson, Johansson and Löfström 2014), because a prediction that is
/// too long costs more than one that is too short, and may be divided by a difficulty.
public struct RemainingLifeIntervals: Sendable, Codable, Hashable {
  /// The promised share.
  public let level: Double
  /// How far below the prediction intervals reach, in units of difficulty.
  public let below: Double
  /// How far above the prediction intervals reach, in units of difficulty.
  public let above: Double
  /// The units that calibrated it.
  public let unitCount: Int
  /// The largest remaining life that predictions stand for; longer lives count as it. Nil if there is none.
  public let cap: Double?

  /// Calibrates on units that the model has not learned from.
  ///
  /// - Parameters:
  ///   - actual: The remaining life per row.
  ///   - predicted: Its prediction per row.
  ///   - difficulty: A positive number per row by which residuals are divided, such as the prediction's spread; 1 unless
  ///     given.
  ///   - units: The unit of each row.
  ///   - level: 0.9 unless given; half of what it lacks lies on each side.
  ///   - cap: The largest remaining life that predictions stand for, as where a target is cut off; none unless given.
  /// - Throws: `configuration` for a level out of range, `data` for numbers that are not finite, or too few units for the
  ///   level: 2 / (1 - level) - 1 of them at least.
  public init(
    actual: [Double], predicted: [Double], difficulty: [Double]? = nil, units: [Int], level: Double = 0.9,
    cap: Double? = nil
  ) throws {
    guard level > 0, level < 1 else {
      throw AssayError(.configuration, "the coverage level \(level) is not between 0 and 1")
    }
    require(
      predicted.count == actual.count && units.count == actual.count
        && difficulty?.count ?? actual.count == actual.count,
      "RemainingLifeIntervals", "\(actual.count) lives, \(predicted.count) predictions, \(units.count) units")
    for row in actual.indices {
      guard actual[row].isFinite, predicted[row].isFinite, (difficulty?[row] ?? 1) > 0 else {
        throw AssayError(
          .data, "remaining life, prediction or difficulty is not a number to calibrate with", at: "row \(row + 1)",
          remedy: "leave such rows out; a difficulty is above 0")
      }
    }
    let sizes = Dictionary(grouping: units, by: { $0 }).mapValues { Double($0.count) }
    let weights = units.map { 1 / (sizes[$0] ?? 1) }
    func residuals(_ sign: Double) -> [Double] {
      actual.indices.map { row in
        let life = cap.map { min(actual[row], $0) } ?? actual[row]
        return sign * (life - predicted[row]) / (difficulty?[row] ?? 1)
      }
    }
    let side = 1 - (1 - level) / 2
    guard let below = hierarchicalQuantile(residuals(-1), weights: weights, units: sizes.count, level: side),
      let above = hierarchicalQuantile(residuals(1), weights: weights, units: sizes.count, level: side)
    else {
      throw AssayError(
        .data, "\(sizes.count) units are too few to promise a coverage of \(level)",
        remedy: "\(Int((2 / (1 - level) - 1 - 1e-9).rounded(.up))) units are the least")
    }
    self.level = level
    self.below = below
    self.above = above
    self.cap = cap
    unitCount = sizes.count
  }

  /// The interval of each row; lower ends are at least 0, upper ends at the cap are infinite: life may be longer.
  public func intervals(predicted: [Double], difficulty: [Double]? = nil) -> [Estimate] {
    predicted.indices.map { row in
      let size = difficulty?[row] ?? 1
      let lower = max(0, predicted[row] - below * size)
      var upper = max(lower, predicted[row] + above * size)
      if let cap, upper >= cap { upper = .infinity }
      return Estimate(predicted[row], lower: lower, upper: upper)
    }
  }

  /// How often intervals held remaining life: over all rows with each unit counting once, and by range of predicted life.
  ///
  /// - Parameters:
  ///   - actual: The remaining life per row of new units.
  ///   - units: The unit of each row.
  /// - Returns: First the mean over units of each unit's share, its interval from the spread between units; then rows by
  ///   quarter of predicted life, with intervals as if rows were independent. Sizes are mean widths, infinite ends cut at
  ///   the largest remaining life.
  public func coverage(
    actual: [Double], predicted: [Double], difficulty: [Double]? = nil, units: [Int], confidence: Double = 0.95
  ) -> [Coverage] {
    require(
      predicted.count == actual.count && units.count == actual.count && !actual.isEmpty, "coverage",
      "\(actual.count) lives, \(predicted.count) predictions, \(units.count) units")
    let ends = intervals(predicted: predicted, difficulty: difficulty)
    let longest = actual.max() ?? 0
    let isCovered = actual.indices.map { actual[$0] >= ends[$0].lower && actual[$0] <= ends[$0].upper }
    let sizes = ends.map { max(0, min($0.upper, longest) - $0.lower) }
    let sorted = predicted.sorted()
    let cuts = (1...3).map { sorted[sorted.count * $0 / 4] }
    let quarters = predicted.map { "\(firstIndex(in: cuts, above: $0) + 1) of 4" }
    var result = measuredCoverage(
      isCovered: isCovered, sizes: sizes, segmentings: [("quarter of predicted life", quarters)],
      confidence: confidence)
    var shares: [Int: (hits: Double, rows: Double)] = [:]
    for (row, unit) in units.enumerated() {
      let known = shares[unit] ?? (0, 0)
      shares[unit] = (known.hits + (isCovered[row] ? 1 : 0), known.rows + 1)
    }
    let values = shares.keys.sorted().map { (shares[$0]?.hits ?? 0) / (shares[$0]?.rows ?? 1) }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    // Each unit's share as one observation; Wilson's interval keeps its width where all are covered.
    var covered = wilsonInterval(successes: mean * count, trials: count, level: confidence)
    covered.value = mean
    result[0].covered = covered
    return result
  }
}

/// The smallest residual at which the weight up to it reaches a share of that of all units and one more; nil if it is
/// that of the one more. Weights of a unit sum to 1.
func hierarchicalQuantile(_ residuals: [Double], weights: [Double], units: Int, level: Double) -> Double? {
  // The tiny reduction keeps the least number of units enough in spite of rounding.
  let goal = level * Double(units + 1) - 1e-9 * Double(units + 1)
  var sum = 0.0
  for row in residuals.indices.sorted(by: { residuals[$0] < residuals[$1] }) {
    sum += weights[row]
    if sum >= goal { return residuals[row] }
  }
  return nil
}
