import Evaluation

/// Errors of quantile forecasts; steps whose truth is missing are left out, and the result is not-a-number where nothing
/// is left.
public enum QuantileAccuracy {
  /// The mean quantile (pinball) loss of one level (Koenker and Bassett 1978).
  public static func quantileLoss(_ quantile: [Double], truth: [Double], level: Double) -> Double {
    mean(truth) { Evaluation.quantileLoss(label: truth[$0], prediction: quantile[$0], level: level) }
  }

  /// The weighted quantile loss of forecasts of many series: twice the sum of quantile losses over the sum of absolute
  /// truths, averaged over the levels (Salinas, Flunkert, Gasthaus and Januschowski, "DeepAR", 2020).
  ///
  /// - Parameters:
  ///   - forecasts: One per series, all with the same levels, at least one.
  ///   - truths: One per series, as long as the forecast.
  public static func weightedQuantileLoss(_ forecasts: [Forecast], truths: [[Double]]) -> Double {
    precondition(forecasts.count == truths.count, "weightedQuantileLoss: \(forecasts.count) and \(truths.count)")
    guard let levels = forecasts.first?.levels, !levels.isEmpty else { return .nan }
    var loss = 0.0
    var size = 0.0
    for (forecast, truth) in zip(forecasts, truths) {
      precondition(forecast.levels == levels, "weightedQuantileLoss: levels \(forecast.levels) beside \(levels)")
      for step in truth.indices where !truth[step].isNaN {
        size += abs(truth[step])
        for (index, level) in levels.enumerated() {
          loss += Evaluation.quantileLoss(label: truth[step], prediction: forecast.quantiles[index][step], level: level)
        }
      }
    }
    return 2 * loss / Double(levels.count) / size
  }

  /// The share of truths inside an interval, its ends included.
  public static func coverage(lower: [Double], upper: [Double], truth: [Double]) -> Double {
    mean(truth) { truth[$0] >= lower[$0] && truth[$0] <= upper[$0] ? 1 : 0 }
  }

  /// The share of truths at or below a quantile; its level if the quantile is right.
  public static func share(below quantile: [Double], truth: [Double]) -> Double {
    mean(truth) { truth[$0] <= quantile[$0] ? 1 : 0 }
  }

  /// The mean scaled interval score of the M4 competition: the width, plus 2 / alpha times the distance of a truth
  /// outside, over the error of the seasonal naive forecast inside the training series (Gneiting and Raftery 2007).
  ///
  /// - Parameters:
  ///   - coverage: The promised share 1 - alpha; 0.95 in the competition.
  ///   - training: The series up to the forecast; missing values allowed.
  ///   - season: The steps of a season, 1 for none.
  public static func scaledIntervalScore(
    lower: [Double], upper: [Double], truth: [Double], coverage: Double, training: [Double], season: Int
  ) -> Double {
    let penalty = 2 / (1 - coverage)
    let score = mean(truth) { step in
      upper[step] - lower[step] + penalty * max(0, lower[step] - truth[step])
        + penalty * max(0, truth[step] - upper[step])
    }
    return score / PointAccuracy.naiveError(training, season: season)
  }

  private static func mean(_ truth: [Double], _ term: (Int) -> Double) -> Double {
    var sum = 0.0
    var count = 0
    for step in truth.indices where !truth[step].isNaN {
      sum += term(step)
      count += 1
    }
    return count == 0 ? .nan : sum / Double(count)
  }
}
