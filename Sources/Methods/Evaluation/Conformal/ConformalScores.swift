import Basics
import Foundation

/// How far a label lies from what was predicted: the smaller, the better it fits.
///
/// Conformal prediction keeps every label whose score is at most the score that a share `level` of known rows reach.
public enum ConformalMethod: String, Sendable, Codable, CaseIterable, Hashable {
  /// Classes: one minus the probability of the label (least ambiguous sets; Sadinle, Lei and Wasserman 2019). The
  /// smallest sets on average.
  case lac
  /// Classes: the probability of all classes at least as probable as the label (adaptive prediction sets; Romano, Sesia
  /// and Candès 2020, without randomisation, so coverage is at least the level). Larger sets where rows are hard.
  case aps
  /// Numbers: the absolute residual; all intervals have one width.
  case absolute
  /// Numbers: the absolute residual over a difficulty; intervals are wide where rows are hard (Papadopoulos, Gammerman
  /// and Vovk 2008). The difficulty is given per row, or else is the mean residual at like predictions.
  case scaled
  /// Numbers: how far the label lies outside predicted quantiles, the first and last output (conformalised quantile
  /// regression; Romano, Patterson and Candès 2019).
  case quantile
}

extension ConformalMethod {
  /// The score of each row's label; `difficulty` for `scaled` only.
  func scores(labels: [Double], predictions: Predictions, difficulty: [Double]?) -> [Double] {
    labels.indices.map { row in
      switch self {
      case .lac: return 1 - predictions[row, Int(labels[row])]
      case .aps: return cumulative(predictions, row, Int(labels[row]))
      case .absolute: return abs(labels[row] - predictions[row, 0])
      case .scaled: return abs(labels[row] - predictions[row, 0]) / (difficulty?[row] ?? 1)
      case .quantile:
        return max(predictions[row, 0] - labels[row], labels[row] - predictions[row, predictions.width - 1])
      }
    }
  }

  /// The probability of the classes at least as probable as one of them.
  private func cumulative(_ predictions: Predictions, _ row: Int, _ label: Int) -> Double {
    let own = predictions[row, label]
    var sum = 0.0
    for output in 0..<predictions.width where predictions[row, output] >= own { sum += predictions[row, output] }
    return sum
  }

  /// The classes of a row whose score is at most the threshold, and always the most probable one.
  func classes(_ predictions: Predictions, row: Int, threshold: Double) -> [Int] {
    (0..<predictions.width).filter { output in
      let score = self == .aps ? cumulative(predictions, row, output) : 1 - predictions[row, output]
      return score <= threshold || output == predictions.mostProbable(row)
    }
  }
}

/// The mean absolute residual at like predictions, as a line through up to twenty ranges of predictions.
struct PredictionDifficulty: Sendable, Codable, Hashable {
  /// The mean predictions of the ranges, rising.
  let positions: [Double]
  /// The mean absolute residuals there, never zero.
  let residuals: [Double]

  init(labels: [Double], predictions: [Double]) {
    let (cells, count) = equalCountRanges(of: predictions, ranges: max(1, min(20, labels.count / 50)))
    var rows = [Double](repeating: 0, count: count)
    var sums = rows
    var positions = rows
    for row in labels.indices {
      let cell = Int(cells[row])
      rows[cell] += 1
      positions[cell] += predictions[row]
      sums[cell] += abs(labels[row] - predictions[row])
    }
    let overall = sums.reduce(0, +) / Double(max(1, labels.count))
    self.positions = zip(positions, rows).map { $0 / $1 }
    // A floor keeps ranges that happen to fit exactly from getting intervals without width.
    residuals = zip(sums, rows).map { max($0 / $1, 0.05 * overall, .leastNormalMagnitude) }
  }

  func value(at prediction: Double) -> Double {
    IsotonicRegression(x: positions, y: residuals).value(at: prediction)
  }
}
