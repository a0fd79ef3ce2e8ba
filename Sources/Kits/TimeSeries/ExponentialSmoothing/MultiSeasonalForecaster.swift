import Basics
import Foundation

/// Exponential smoothing with several seasons, a damped slope and a passing deviation from them, which is what autocorrelated errors are (Taylor,
/// "Short-term electricity demand forecasting using double seasonal exponential smoothing", 2003, and 2010 for more
/// seasons): hours with their day and week, days with their week and year.
///
/// The profiles begin as those of the whole series with recent cycles weighing more, and move on with it. The smoothing
/// parameters are those with the least squared error of forecasts, one step ahead or all steps up to the horizon. Where
/// all values are positive it works on their logarithms, so that seasons multiply.
public struct MultiSeasonalForecaster: Forecaster, Hashable {
  /// Whether to work on logarithms.
  public enum Form: String, Sendable, Hashable, Codable {
    /// Logarithms where all values are positive, and the least is no less than a thousandth of the mean.
    case automatic
    /// Never logarithms.
    case additive
  }

  /// Whether to work on logarithms.
  public var form: Form
  /// Whether errors are those of all steps up to the horizon instead of the next step.
  public var fitsHorizon: Bool
  /// The weight of a cycle relative to the next where profiles begin, above 0, at most 1.
  public var decay: Double
  /// Whether the level has a damped slope.
  public var hasSlope: Bool
  /// The name in tables.
  public var name: String

  /// Creates the forecaster.
  public init(
    form: Form = .automatic, fitsHorizon: Bool = true, decay: Double = 0.8, hasSlope: Bool = false,
    name: String = "multi-seasonal smoothing"
  ) {
    self.form = form
    self.fitsHorizon = fitsHorizon
    self.decay = decay
    self.hasSlope = hasSlope
    self.name = name
  }

  /// Learns profiles and parameters from seasons that fit twice; a series without one is met with automatic exponential
  /// smoothing.
  ///
  /// - Throws: `configuration` for a decay out of its range; `data`.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    guard decay > 0, decay <= 1 else {
      throw AssayError(.configuration, "\(name): the decay \(decay) is not above 0 and at most 1")
    }
    let seasons = request.seasons.filter { 2 * $0 <= series.count }
    let filled = series.interpolated
    let mean = filled.reduce(0, +) / Double(filled.count)
    let low = filled.min() ?? 0
    guard !seasons.isEmpty, (filled.max() ?? 0) - low > 1e-9 * max(abs(low), abs(mean)) else {
      return try ETSForecaster().fit(series, request: request, covariates: nil)
    }
    let isLogarithmic = form == .automatic && low > 0 && low >= 1e-3 * mean
    let work = isLogarithmic ? series.values.map { log($0) } : series.values
    let workFilled = isLogarithmic ? filled.map { log($0) } : filled
    let profiles = SeasonalProfiles(workFilled, seasons: seasons, decay: decay)
    let problem = MultiSeasonalProblem(
      values: work, profiles: profiles.profiles, level: profiles.trend[seasons[seasons.count - 1] / 2],
      hasSlope: hasSlope, horizon: fitsHorizon ? request.horizon : 1)
    let solution = problem.solve()
    let path = problem.run(solution)
    let errors = path.errors
    let deviations = problem.deviations(solution, path, horizon: request.horizon)
    var forecast = Forecast(
      point: problem.ahead(solution, path, horizon: request.horizon), deviations: deviations, levels: request.levels)
    var residuals = errors
    if isLogarithmic {
      // The exponential keeps quantiles; the point is then the median.
      forecast = Forecast(
        point: forecast.point.map { exp($0) }, levels: forecast.levels,
        quantiles: forecast.quantiles.map { $0.map { exp($0) } })
      residuals = errors.indices.map { series.values[$0] * (1 - exp(-errors[$0])) }
    }
    return FittedSeries(
      forecast: forecast, residuals: residuals,
      summary: name + " of seasons \(seasons)" + (isLogarithmic ? " on logarithms" : "") + solution.text)
  }
}
