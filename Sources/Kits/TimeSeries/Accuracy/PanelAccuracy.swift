/// Symmetric percentage and scaled errors of forecasts of many series, averaged over the series as the M4 competition
/// does; a series without any truth is left out, and so is, for the scaled error, one whose season never changes.
public struct PanelAccuracy: Sendable, Hashable, Codable {
  /// The mean of the series' symmetric percentage errors, 0 to 200.
  public let symmetricPercentageError: Double
  /// The mean of the series' scaled errors.
  public let scaledError: Double

  /// Creates accuracies that are known, such as published ones.
  public init(symmetricPercentageError: Double, scaledError: Double) {
    self.symmetricPercentageError = symmetricPercentageError
    self.scaledError = scaledError
  }

  /// Measures point forecasts.
  ///
  /// - Parameters:
  ///   - forecasts: One array of steps per series.
  ///   - truths: The same shape.
  ///   - panel: The series up to the forecasts.
  ///   - season: The steps of a season for the scaled error, 1 for none.
  public init(_ forecasts: [[Double]], truths: [[Double]], panel: [Series], season: Int) {
    precondition(
      forecasts.count == truths.count && truths.count == panel.count,
      "PanelAccuracy: \(forecasts.count) forecasts, \(truths.count) truths, \(panel.count) series")
    var percentages: [Double] = []
    var scaled: [Double] = []
    for index in panel.indices {
      percentages.append(PointAccuracy.symmetricPercentageError(forecasts[index], truth: truths[index]))
      scaled.append(
        PointAccuracy.scaledError(
          forecasts[index], truth: truths[index], training: panel[index].values, season: season))
    }
    func mean(_ values: [Double]) -> Double {
      let numbers = values.filter(\.isFinite)
      return numbers.reduce(0, +) / Double(numbers.count)
    }
    symmetricPercentageError = mean(percentages)
    scaledError = mean(scaled)
  }

  /// The overall weighted average against a benchmark, Naive2 in the M4 competition; below 1 is better.
  public func overallWeightedAverage(against benchmark: PanelAccuracy) -> Double {
    PointAccuracy.overallWeightedAverage(
      symmetricPercentageError: symmetricPercentageError, scaledError: scaledError,
      benchmarkSymmetricPercentageError: benchmark.symmetricPercentageError,
      benchmarkScaledError: benchmark.scaledError)
  }
}
