import Basics

/// The benchmark of the M competitions: naive on the series without its season, the season put back.
///
/// The season is tested by its autocorrelation at 90 % and taken out by classical multiplicative decomposition
/// (Makridakis, Spiliotis and Assimakopoulos 2020; `SeasonalAdjustment.tested`).
public struct Naive2Forecaster: Forecaster, Hashable {
  /// Creates the forecaster; it has no settings.
  public init() {}

  /// "Naive2".
  public var name: String { "Naive2" }

  /// Learns the profile and the last adjusted number.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    let adjustment = SeasonalAdjustment.tested(series.interpolated, seasons: request.seasons)
    let fitted = try NaiveForecaster().fit(
      Series(series.name, values: adjustment.adjusted(series.values)), request: request, covariates: nil)
    return FittedSeries(
      forecast: adjustment.restored(fitted.forecast()), residuals: adjustment.restored(errors: fitted.residuals),
      summary: adjustment.season > 1 ? "Naive2, season \(adjustment.season)" : "Naive2, no season")
  }
}
