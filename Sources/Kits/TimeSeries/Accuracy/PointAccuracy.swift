/// Errors of point forecasts, each of one series; steps whose truth is missing are left out, and the result is
/// not-a-number where nothing is left.
public enum PointAccuracy {
  /// The mean of absolute errors.
  public static func meanAbsoluteError(_ forecast: [Double], truth: [Double]) -> Double {
    mean(forecast, truth) { abs($1 - $0) }
  }

  /// The mean of squared errors.
  public static func meanSquaredError(_ forecast: [Double], truth: [Double]) -> Double {
    mean(forecast, truth) { ($1 - $0) * ($1 - $0) }
  }

  /// The symmetric mean absolute percentage error, 0 to 200: the mean of 200 |y - f| / (|y| + |f|), a step where both are
  /// zero counting 0 (Makridakis and Hibon 2000; the M4 competition).
  public static func symmetricPercentageError(_ forecast: [Double], truth: [Double]) -> Double {
    mean(forecast, truth) { forecast, truth in
      let size = abs(truth) + abs(forecast)
      return size == 0 ? 0 : 200 * abs(truth - forecast) / size
    }
  }

  /// The mean absolute scaled error: that of the forecast over that of the seasonal naive forecast inside the training
  /// series (Hyndman and Koehler, "Another look at measures of forecast accuracy", 2006).
  ///
  /// - Parameters:
  ///   - training: The series up to the forecast; missing values allowed.
  ///   - season: The steps of a season, 1 for none.
  public static func scaledError(_ forecast: [Double], truth: [Double], training: [Double], season: Int) -> Double {
    meanAbsoluteError(forecast, truth: truth) / naiveError(training, season: season)
  }

  /// The root mean squared scaled error of the M5 competition: the root of the mean squared error over the mean squared
  /// change of the training series from its first number that is not zero (Makridakis, Spiliotis and Assimakopoulos
  /// 2022, "M5 accuracy competition").
  public static func rootSquaredScaledError(_ forecast: [Double], truth: [Double], training: [Double]) -> Double {
    let active = Array(training.drop { $0 == 0 || $0.isNaN })
    let scale = zip(active.dropFirst(), active).reduce((sum: 0.0, count: 0.0)) { total, pair in
      let change = pair.0 - pair.1
      return change.isNaN ? total : (total.sum + change * change, total.count + 1)
    }
    return (meanSquaredError(forecast, truth: truth) / (scale.sum / scale.count)).squareRoot()
  }

  /// The overall weighted average of the M4 competition: half the ratio of two means of symmetric percentage errors and
  /// half that of two means of scaled errors, both to the benchmark Naive2.
  public static func overallWeightedAverage(
    symmetricPercentageError: Double, scaledError: Double, benchmarkSymmetricPercentageError: Double,
    benchmarkScaledError: Double
  ) -> Double {
    0.5 * (symmetricPercentageError / benchmarkSymmetricPercentageError + scaledError / benchmarkScaledError)
  }

  /// The mean absolute error of the seasonal naive forecast inside a series: what scaled errors are scaled by.
  public static func naiveError(_ training: [Double], season: Int) -> Double {
    var sum = 0.0
    var count = 0
    for step in season..<max(season, training.count) {
      let change = abs(training[step] - training[step - season])
      if change.isNaN { continue }
      sum += change
      count += 1
    }
    return count == 0 ? .nan : sum / Double(count)
  }

  private static func mean(_ forecast: [Double], _ truth: [Double], _ error: (Double, Double) -> Double) -> Double {
    precondition(forecast.count == truth.count, "PointAccuracy: \(forecast.count) forecasts, \(truth.count) truths")
    var sum = 0.0
    var count = 0
    for step in truth.indices where !truth[step].isNaN {
      sum += error(forecast[step], truth[step])
      count += 1
    }
    return count == 0 ? .nan : sum / Double(count)
  }
}
