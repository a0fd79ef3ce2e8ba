import Basics
import Foundation

/// Intervals for the remaining life of units that were not learned from, which hold the truth for a promised share of
/// them, whatever the model.
///
/// The rows of a unit resemble each other, so units, not rows, are what is exchangeable: each calibration unit counts
/// once, its rows share its weight, and one more unit counts as larger than all (Lee, Barber and Willett,
/// "Distribution-free inference with hierarchical data", 2023). The promise holds for a random row of a new unit.
///
/// An error is measured in units of the usual error at like predictions, so intervals are narrow near the end of life,
/// where predictions are sharp. That scale is learned from the other half of the units while errors are ranked, so that
/// no unit sets its own scale. The shares missed above and below are equal on average: the reaches of both sides are such
/// that each misses half, and one factor for both, ranked with the unit to come, makes the promise hold. A unit to come
/// that counted on each side would count twice, and intervals would be wider than promised.
///
/// Errors are ranked within three bands of predicted life of equal width (Mondrian conformal prediction; Vovk, Gammerman
/// and Shafer 2005), so that the promise also holds where units are looked at earlier or later in life than the
/// calibration rows; bands with too few units use the ranks of all.
///
/// Lives at the cap are ranked by themselves: all that can go wrong there is that an interval ends below the cap. Ranked
/// together with shorter lives, of which they are many and easy early in a unit's life, they would use up the share that
/// may be missed, and records that are cut where life is short would be held less often than promised. So the promise
/// holds for lives below the cap and for lives beyond it, whatever the mixture of both.
public struct LifeIntervals: Sendable, Hashable, Codable {
  /// The promised share, between 0 and 1.
  public let level: Double
  /// The number of calibration units.
  public let unitCount: Int
  /// The smallest and the largest life that is told apart: 0 and the cap.
  public let range: ClosedRange<Double>
  /// How many usual errors the truth may lie below the prediction, by band.
  private let below: [Double]
  /// How many it may lie above, by band.
  private let above: [Double]
  private let scale: ErrorScale

  /// Calibrates on predictions for units that the model has not learned from.
  ///
  /// - Parameters:
  ///   - lives: The remaining life of each row, capped as the model's labels.
  ///   - predictions: One per row.
  ///   - units: The unit of each row: equal numbers for rows of one unit.
  ///   - level: The promised share; 0.9 unless given.
  ///   - range: What lives lie in: 0 and the cap; intervals are cut to it.
  /// - Throws: a `configuration` error for a level that is not between 0 and 1, a `data` error for numbers that are
  ///   missing, and if there are too few units: (1 + level) / (1 - level) of them at least, because each side may miss
  ///   half of the rest.
  public init(
    lives: [Double], predictions: [Double], units: [Int], level: Double = 0.9, range: ClosedRange<Double>
  ) throws {
    require(
      lives.count == predictions.count && lives.count == units.count, "LifeIntervals",
      "\(lives.count) lives, \(predictions.count) predictions and \(units.count) units")
    guard level > 0, level < 1 else {
      throw AssayError(.configuration, "the coverage level \(level) is not between 0 and 1")
    }
    guard lives.allSatisfy(\.isFinite), predictions.allSatisfy(\.isFinite) else {
      throw AssayError(.data, "a life or a prediction is not a number", remedy: "leave rows without a known life out")
    }
    let names = Set(units).sorted()
    let least = Int(((1 + level) / (1 - level) - 1e-9).rounded(.up))
    guard names.count >= least else {
      throw AssayError(
        .data, "\(names.count) units are too few to promise a coverage of \(level)",
        remedy: "\(least) units are the least")
    }
    let place = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let unit = units.map { place[$0] ?? 0 }
    var sizes = [Double](repeating: 0, count: names.count)
    for index in unit { sizes[index] += 1 }
    let weights = unit.map { 1 / sizes[$0] }
    var scores = [Double](repeating: 0, count: lives.count)
    for half in 0...1 {
      let others = lives.indices.filter { unit[$0] % 2 != half }
      let scale = ErrorScale(lives, predictions, weights, rows: others)
      for row in lives.indices where unit[row] % 2 == half {
        scores[row] = (lives[row] - predictions[row]) / scale.value(at: predictions[row])
      }
    }
    func reach(_ rows: [Int], _ share: Double, newUnits: Double, _ value: (Double) -> Double) -> Double? {
      var counts: [Int: Double] = [:]
      for row in rows { counts[unit[row], default: 0] += 1 }
      guard counts.count >= least else { return nil }
      return Self.quantile(
        rows.map { value(scores[$0]) }, rows.map { 1 / (counts[unit[$0]] ?? 1) }, share: share,
        total: Double(counts.count) + newUnits)
    }
    func bothSides(_ rows: [Int]) -> (below: Double, above: Double)? {
      let side = (1 + level) / 2
      guard let below = reach(rows, side, newUnits: 0, { -$0 }), let above = reach(rows, side, newUnits: 0, { $0 })
      else { return nil }
      // A side on which nothing was missed still needs a width to measure by.
      let (first, second) = (max(below, Self.leastReach), max(above, Self.leastReach))
      let factor = reach(rows, level, newUnits: 1) { max(-$0 / first, $0 / second) } ?? 1
      return (factor * first, factor * second)
    }
    func reaches(_ rows: [Int]) -> (below: Double, above: Double)? {
      guard let sides = bothSides(rows.filter { lives[$0] < range.upperBound }) else { return nil }
      // A life at the cap can be missed on one side alone, so the whole share may be missed there.
      let beyond = reach(rows.filter { lives[$0] >= range.upperBound }, level, newUnits: 1) { $0 }
      return (sides.below, max(sides.above, beyond ?? sides.above))
    }
    let every = Array(lives.indices)
    let all = reaches(every) ?? bothSides(every) ?? (0, 0)
    let byBand = (0..<Self.bands).map { band in
      reaches(every.filter { Self.band(predictions[$0], range) == band }) ?? all
    }
    below = byBand.map(\.below)
    above = byBand.map(\.above)
    scale = ErrorScale(lives, predictions, weights, rows: Array(lives.indices))
    unitCount = names.count
    self.level = level
    self.range = range
  }

  /// The bands of predicted life in which errors are ranked.
  private static let bands = 3
  /// The least reach of a side, in usual errors.
  private static let leastReach = 1e-6

  private static func band(_ prediction: Double, _ range: ClosedRange<Double>) -> Int {
    let width = range.upperBound - range.lowerBound
    guard width > 0, prediction.isFinite else { return 0 }
    let share = min(max((prediction - range.lowerBound) / width, 0), 1)
    return min(bands - 1, Int(share * Double(bands)))
  }

  /// The smallest score up to which the weights make up a share of the total.
  private static func quantile(_ scores: [Double], _ weights: [Double], share: Double, total: Double) -> Double {
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    var sum = 0.0
    for row in order {
      sum += weights[row]
      if sum >= share * total - 1e-9 { return scores[row] }
    }
    return scores.max() ?? 0
  }

  /// The lower and upper ends of the intervals around predictions. An upper end at the cap means "that or more".
  public func intervals(for predictions: [Double]) -> (lower: [Double], upper: [Double]) {
    var lower: [Double] = []
    var upper: [Double] = []
    for prediction in predictions {
      let unit = scale.value(at: prediction)
      let band = Self.band(prediction, range)
      let first = min(max(prediction - below[band] * unit, range.lowerBound), range.upperBound)
      lower.append(first)
      upper.append(max(first, min(prediction + above[band] * unit, range.upperBound)))
    }
    return (lower, upper)
  }

  /// How often the intervals of other units hold the truth, over all rows first and then by remaining life.
  ///
  /// - Parameters:
  ///   - lives: The remaining life of each row, capped as at calibration.
  ///   - predictions: One per row.
  ///   - units: The unit of each row.
  ///   - bands: Where bands of predicted life begin, rising; none unless given.
  public func coverage(
    lives: [Double], predictions: [Double], units: [Int], bands: [Double] = []
  ) -> [LifeCoverage] {
    let (lower, upper) = intervals(for: predictions)
    func measure(_ from: Double, _ to: Double) -> LifeCoverage? {
      let rows = predictions.indices.filter { predictions[$0] >= from && predictions[$0] < to }
      guard !rows.isEmpty else { return nil }
      var byUnit: [Int: (held: Double, width: Double, rows: Double)] = [:]
      for row in rows {
        let isHeld = lives[row] >= lower[row] && lives[row] <= upper[row]
        let old = byUnit[units[row]] ?? (0, 0, 0)
        byUnit[units[row]] = (old.held + (isHeld ? 1 : 0), old.width + upper[row] - lower[row], old.rows + 1)
      }
      let parts = byUnit.sorted { $0.key < $1.key }.map {
        ($0.value.held / $0.value.rows, $0.value.width / $0.value.rows)
      }
      let count = Double(parts.count)
      let share = parts.reduce(0) { $0 + $1.0 } / count
      let spread = parts.reduce(0) { $0 + ($1.0 - share) * ($1.0 - share) }
      return LifeCoverage(
        from: from, to: to, units: parts.count, rows: rows.count, share: share,
        standardError: count > 1 ? (spread / (count - 1) / count).squareRoot() : .nan,
        meanWidth: parts.reduce(0) { $0 + $1.1 } / count)
    }
    let ends = bands.dropFirst() + [Double.infinity]
    return ([(-Double.infinity, Double.infinity)] + zip(bands, ends)).compactMap { measure($0.0, $0.1) }
  }
}

/// How often intervals held the truth; each unit counts once.
public struct LifeCoverage: Sendable, Hashable, Codable {
  /// Where the band of predicted lives begins; minus infinity for all rows.
  public let from: Double
  /// Where it ends, itself not included.
  public let to: Double
  /// The units with rows in it.
  public let units: Int
  /// The rows in it.
  public let rows: Int
  /// The mean over units of the share of their rows that were held.
  public let share: Double
  /// The standard error of that share; not-a-number for one unit.
  public let standardError: Double
  /// The mean width of the intervals.
  public let meanWidth: Double
}

/// The usual error at like predictions: straight lines between the mean absolute errors of up to ten ranges.
struct ErrorScale: Sendable, Hashable, Codable {
  private let positions: [Double]
  private let errors: [Double]

  private static let mostRanges = 10
  private static let leastRows = 20

  init(_ lives: [Double], _ predictions: [Double], _ weights: [Double], rows: [Int]) {
    let order = rows.sorted { (predictions[$0], $0) < (predictions[$1], $1) }
    let ranges = max(1, min(Self.mostRanges, order.count / Self.leastRows))
    var (positions, errors): ([Double], [Double]) = ([], [])
    let all = rows.reduce((0.0, 0.0)) { ($0.0 + weights[$1] * abs(lives[$1] - predictions[$1]), $0.1 + weights[$1]) }
    let usual = all.1 > 0 ? all.0 / all.1 : 0
    for range in 0..<ranges {
      let part = order[range * order.count / ranges..<(range + 1) * order.count / ranges]
      let weight = part.reduce(0) { $0 + weights[$1] }
      guard weight > 0 else { continue }
      let position = part.reduce(0) { $0 + weights[$1] * predictions[$1] } / weight
      let error = part.reduce(0) { $0 + weights[$1] * abs(lives[$1] - predictions[$1]) } / weight
      // Ranges of equal predictions would stand at one place.
      if let last = positions.last, position <= last { continue }
      positions.append(position)
      // A floor keeps ranges that happen to fit exactly from getting intervals without width.
      errors.append(max(error, 0.05 * usual, 1e-9))
    }
    self.positions = positions.isEmpty ? [0] : positions
    self.errors = errors.isEmpty ? [1] : errors
  }

  func value(at prediction: Double) -> Double {
    guard let next = positions.firstIndex(where: { $0 >= prediction }) else { return errors[errors.count - 1] }
    if next == 0 { return errors[0] }
    let share = (prediction - positions[next - 1]) / (positions[next] - positions[next - 1])
    return errors[next - 1] + share * (errors[next] - errors[next - 1])
  }
}
