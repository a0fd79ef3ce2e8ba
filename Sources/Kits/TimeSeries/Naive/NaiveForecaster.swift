import Basics

/// Tomorrow is like today: every step ahead is the last number that was seen.
///
/// The deviation of step h is that of one step times the root of h (Hyndman and Athanasopoulos, "Forecasting: Principles
/// and Practice", section 5.5).
public struct NaiveForecaster: Forecaster, Hashable {
  /// Creates the forecaster; it has no settings.
  public init() {}

  /// "naive".
  public var name: String { "naive" }

  /// Learns the last number.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    let residuals = series.errors { $0 >= 1 ? $1[$0 - 1] : nil }
    let deviation = rootMeanSquare(residuals)
    let last = series.interpolated[series.count - 1]
    return FittedSeries(
      forecast: Forecast(
        point: [Double](repeating: last, count: request.horizon),
        deviations: (1...request.horizon).map { deviation * Double($0).squareRoot() }, levels: request.levels),
      residuals: residuals, summary: "naive")
  }
}

/// The mean of all numbers, for every step ahead.
public struct MeanForecaster: Forecaster, Hashable {
  /// Creates the forecaster; it has no settings.
  public init() {}

  /// "mean".
  public var name: String { "mean" }

  /// Learns the mean.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    let numbers = series.values.filter { !$0.isNaN }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let residuals = series.values.map { $0 - mean }
    let deviation = rootMeanSquare(residuals, degreesLost: 1) * (1 + 1 / Double(numbers.count)).squareRoot()
    return FittedSeries(
      forecast: Forecast(
        point: [Double](repeating: mean, count: request.horizon),
        deviations: [Double](repeating: deviation, count: request.horizon), levels: request.levels),
      residuals: residuals, summary: "mean")
  }
}

/// The straight line through the first and the last number.
///
/// The deviation of step h is that of one step times the root of h (1 + h / (n - 1)) (Hyndman and Athanasopoulos,
/// section 5.5).
public struct DriftForecaster: Forecaster, Hashable {
  /// Creates the forecaster; it has no settings.
  public init() {}

  /// "drift".
  public var name: String { "drift" }

  /// Learns the last number and the mean change per step.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    let values = series.interpolated
    let changes = Double(max(1, values.count - 1))
    let drift = (values[values.count - 1] - values[0]) / changes
    let residuals = series.errors { $0 >= 1 ? $1[$0 - 1] + drift : nil }
    let deviation = rootMeanSquare(residuals, degreesLost: 1)
    let steps = (1...request.horizon).map(Double.init)
    return FittedSeries(
      forecast: Forecast(
        point: steps.map { values[values.count - 1] + drift * $0 },
        deviations: steps.map { deviation * ($0 * (1 + $0 / changes)).squareRoot() }, levels: request.levels),
      residuals: residuals, summary: "drift of \(drift) per step")
  }
}

extension Series {
  /// The errors of forecasts made inside the series, not-a-number where the value is missing or there is no forecast.
  ///
  /// - Parameter expected: The forecast for a step, from the series with its gaps filled.
  func errors(_ expected: (Int, [Double]) -> Double?) -> [Double] {
    let filled = interpolated
    return values.indices.map { step in expected(step, filled).map { values[step] - $0 } ?? .nan }
  }
}
