import Basics
import Foundation

/// Prediction sets or intervals that hold the truth for a promised share of new rows, whatever the model, as long as
/// new rows come from where the calibration rows came from (Vovk, Gammerman and Shafer 2005).
///
/// Calibrated on predictions for rows that the model has not learned from: a holdout (split conformal) or out-of-fold
/// predictions (cross-conformal, Vovk 2015).
public struct ConformalPredictor: Sendable, Codable, Hashable {
  /// How labels are scored.
  public let method: ConformalMethod
  /// The promised share, 0 < level < 1.
  public let level: Double
  /// The largest score kept.
  public let threshold: Double
  /// The largest score kept in each segment that had enough rows (Mondrian conformal prediction); others use
  /// `threshold`.
  public let segmentThresholds: [String: Double]
  private let difficulty: PredictionDifficulty?

  /// Calibrates.
  ///
  /// - Parameters:
  ///   - labels: one per row; class indices for `lac` and `aps`.
  ///   - predictions: probabilities for `lac` and `aps`, one number for `absolute` and `scaled`, at least two
  ///     quantiles, rising, for `quantile`.
  ///   - difficulty: for `scaled`, a positive number per row; nil means it is learned from the residuals.
  ///   - segments: if given, coverage is kept within each segment that has rows enough.
  /// - Throws: `data` if there are too few rows to promise the level: level / (1 - level) of them at least.
  public init(
    _ method: ConformalMethod, level: Double = 0.9, labels: [Double], predictions: Predictions,
    difficulty: [Double]? = nil, segments: [String]? = nil
  ) throws {
    precondition(labels.count == predictions.rowCount, "conformal: \(labels.count) labels")
    precondition(method != .quantile || predictions.width >= 2, "conformal quantiles: width \(predictions.width)")
    guard level > 0, level < 1 else {
      throw AssayError(.configuration, "the coverage level \(level) is not between 0 and 1")
    }
    self.method = method
    self.level = level
    var learned: PredictionDifficulty?
    var rowDifficulty = difficulty
    if method == .scaled, difficulty == nil {
      let values = predictions.output(0)
      learned = PredictionDifficulty(labels: labels, predictions: values)
      rowDifficulty = Self.crossFitted(labels: labels, predictions: values)
    }
    self.difficulty = learned
    let scores = method.scores(labels: labels, predictions: predictions, difficulty: rowDifficulty)
    guard let threshold = Self.quantile(scores, level: level) else {
      throw AssayError(
        .data, "\(labels.count) rows are too few to promise a coverage of \(level)",
        remedy: "\(Int((level / (1 - level)).rounded(.up))) rows are the least")
    }
    self.threshold = threshold
    var bySegment: [String: Double] = [:]
    if let segments {
      precondition(segments.count == labels.count, "conformal: one segment per row")
      for (segment, rows) in Dictionary(grouping: labels.indices, by: { segments[$0] }) {
        bySegment[segment] = Self.quantile(rows.map { scores[$0] }, level: level)
      }
    }
    segmentThresholds = bySegment
  }

  /// The score that keeps the promise for one more row: the ceil((n + 1) level)-th smallest; nil if n is too small.
  private static func quantile(_ scores: [Double], level: Double) -> Double? {
    // The tiny reduction keeps 9 rows enough for 0.9 in spite of rounding.
    let rank = Int((Double(scores.count + 1) * level - 1e-9).rounded(.up))
    guard rank <= scores.count, rank >= 1 else { return nil }
    return scores.sorted()[rank - 1]
  }

  /// Difficulties that each half of the rows gets from the other, so that no residual scales itself.
  private static func crossFitted(labels: [Double], predictions: [Double]) -> [Double] {
    var result = [Double](repeating: 1, count: labels.count)
    for parity in 0...1 {
      let fitting = labels.indices.filter { $0 % 2 != parity }
      guard !fitting.isEmpty else { continue }
      let half = PredictionDifficulty(labels: fitting.map { labels[$0] }, predictions: fitting.map { predictions[$0] })
      for row in labels.indices where row % 2 == parity { result[row] = half.value(at: predictions[row]) }
    }
    return result
  }

  private func threshold(_ segments: [String]?, _ row: Int) -> Double {
    segments.flatMap { segmentThresholds[$0[row]] } ?? threshold
  }

  /// The classes of each row's set, the most probable one always among them (`lac` and `aps`).
  public func sets(for predictions: Predictions, segments: [String]? = nil) -> [[Int]] {
    precondition(method == .lac || method == .aps, "\(method) makes intervals, not sets")
    return (0..<predictions.rowCount).map {
      method.classes(predictions, row: $0, threshold: threshold(segments, $0))
    }
  }

  /// The lower and upper ends of each row's interval (`absolute`, `scaled`, `quantile`).
  ///
  /// - Parameter difficulty: for `scaled` with a difficulty given at calibration, that of these rows.
  public func intervals(
    for predictions: Predictions, difficulty: [Double]? = nil, segments: [String]? = nil
  ) -> (lower: [Double], upper: [Double]) {
    precondition(method != .lac && method != .aps, "\(method) makes sets, not intervals")
    var lower: [Double] = []
    var upper: [Double] = []
    for row in 0..<predictions.rowCount {
      let first = predictions[row, 0]
      let last = method == .quantile ? predictions[row, predictions.width - 1] : first
      var reach = threshold(segments, row)
      if method == .scaled { reach *= difficulty?[row] ?? self.difficulty?.value(at: first) ?? 1 }
      // Crossed or shrunken quantiles may leave nothing: the interval is then their middle.
      let middle = (first + last) / 2
      lower.append(min(middle, first - reach))
      upper.append(max(middle, last + reach))
    }
    return (lower, upper)
  }

  /// How often sets or intervals held the truth: all rows first, then each segment, the largest first.
  ///
  /// - Parameters:
  ///   - segmentings: further divisions of the rows to measure by: a name and a value per row. A segment is called
  ///     "name = value"; those with fewer than 20 rows are left out.
  ///   - segments: as at calibration.
  public func coverage(
    labels: [Double], predictions: Predictions, difficulty: [Double]? = nil, segments: [String]? = nil,
    segmentings: [(name: String, values: [String])] = [], confidence: Double = 0.95
  ) -> [Coverage] {
    var isCovered = [Bool](repeating: false, count: labels.count)
    var sizes = [Double](repeating: 0, count: labels.count)
    if method == .lac || method == .aps {
      for (row, set) in sets(for: predictions, segments: segments).enumerated() {
        isCovered[row] = set.contains(Int(labels[row]))
        sizes[row] = Double(set.count)
      }
    } else {
      let (lower, upper) = intervals(for: predictions, difficulty: difficulty, segments: segments)
      for row in labels.indices {
        isCovered[row] = labels[row] >= lower[row] && labels[row] <= upper[row]
        sizes[row] = upper[row] - lower[row]
      }
    }
    return measuredCoverage(isCovered: isCovered, sizes: sizes, segmentings: segmentings, confidence: confidence)
  }
}

/// Coverage of all rows, then of each segment with 20 rows or more, the largest first.
///
/// - Parameters:
///   - isCovered: whether the row's set or interval held the truth.
///   - sizes: the size of the row's set, or the width of its interval.
///   - segmentings: a name and a value per row; a segment is called "name = value".
public func measuredCoverage(
  isCovered: [Bool], sizes: [Double], segmentings: [(name: String, values: [String])] = [], confidence: Double = 0.95
) -> [Coverage] {
  func measure(_ segment: String, _ rows: some Collection<Int>) -> Coverage {
    let hits = Double(rows.count { isCovered[$0] })
    let size = rows.reduce(0) { $0 + sizes[$1] } / Double(max(1, rows.count))
    return Coverage(
      segment: segment, count: rows.count,
      covered: wilsonInterval(successes: hits, trials: Double(rows.count), level: confidence), meanSize: size)
  }
  var result = [measure("all", isCovered.indices)]
  for (name, values) in segmentings {
    precondition(values.count == isCovered.count, "coverage by \(name): \(values.count) values")
    let groups = Dictionary(grouping: isCovered.indices, by: { values[$0] }).filter { $0.value.count >= 20 }
    for (value, rows) in groups.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
      result.append(measure("\(name) = \(value)", rows))
    }
  }
  return result
}
