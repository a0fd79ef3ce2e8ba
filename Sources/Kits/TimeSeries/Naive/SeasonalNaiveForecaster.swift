import Basics

/// What was seen at the same phase of the last season, or its mean over the last seasons.
///
/// The deviation of step h is that of a season ahead times the root of the seasons begun; with k seasons averaged the
/// first factor shrinks no further than the residuals say (Hyndman and Athanasopoulos, "Forecasting: Principles and
/// Practice", section 5.5).
public struct SeasonalNaiveForecaster: Forecaster, Hashable {
  /// How many of the last seasons are averaged, at least 1; fewer where the series has fewer.
  public var seasonsAveraged: Int
  /// The season's length; nil takes the longest of the request that fits twice into the series.
  public var season: Int?

  /// Creates the forecaster.
  public init(seasonsAveraged: Int = 1, season: Int? = nil) {
    self.seasonsAveraged = seasonsAveraged
    self.season = season
  }

  /// "seasonal naive", with the length and the seasons averaged where they are set.
  public var name: String {
    "seasonal naive" + (season.map { " \($0)" } ?? "") + (seasonsAveraged > 1 ? ", mean of \(seasonsAveraged)" : "")
  }

  /// Learns the last seasons; a series without a whole season is met with the naive forecast.
  ///
  /// - Throws: `configuration` for fewer than one season averaged.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    guard seasonsAveraged >= 1, season ?? 2 >= 2 else {
      throw AssayError(
        .configuration, "seasonal naive: \(seasonsAveraged) seasons of \(season ?? 2) steps",
        remedy: "average at least one season of at least two steps")
    }
    let length = season ?? request.seasons.last { $0 <= series.count } ?? 1
    guard length > 1, length <= series.count else {
      return try NaiveForecaster().fit(series, request: request, covariates: nil)
    }
    let values = series.interpolated
    /// The mean at the same phase in the seasons before a step.
    func expected(_ step: Int, _ values: [Double]) -> Double? {
      let seasons = min(seasonsAveraged, step / length)
      guard seasons >= 1 else { return nil }
      var sum = 0.0
      for back in 1...seasons { sum += values[step - back * length] }
      return sum / Double(seasons)
    }
    let residuals = series.errors(expected)
    let deviation = rootMeanSquare(residuals)
    // Later seasons repeat the first: every phase ahead looks back from the first season ahead.
    let point = (0..<request.horizon).map { expected(values.count + $0 % length, values) ?? values[values.count - 1] }
    let averaged = Double(min(seasonsAveraged, max(1, values.count / length)))
    let growth = (0..<request.horizon).map { (1 + Double($0 / length) / averaged).squareRoot() }
    return FittedSeries(
      forecast: Forecast(point: point, deviations: growth.map { deviation * $0 }, levels: request.levels),
      residuals: residuals, summary: "\(name), season \(length)")
  }
}
