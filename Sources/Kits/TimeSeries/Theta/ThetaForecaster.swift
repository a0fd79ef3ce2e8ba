import Basics
import Foundation

/// The Theta method: half the straight line through a series, half exponential smoothing of the series with its
/// curvature doubled (Assimakopoulos and Nikolopoulos 2000), or with the curvature that fits best, and with lines that
/// move on with the series (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler, "Models for optimising the theta
/// method and their relationship to state space models", 2016).
///
/// A season that passes the test of `isSeasonal` is taken out before by classical decomposition and put back after.
public struct ThetaForecaster: Forecaster, Hashable {
  /// Which of the methods.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// Theta lines 0 and 2 with equal weights.
    case standard
    /// The second line's theta is estimated, the straight line is fixed (OTM).
    case optimised
    /// Theta is estimated and the straight line is that of the steps so far (DOTM).
    case dynamicOptimised
  }

  /// Which of the methods.
  public var method: Method
  /// The paths simulated for the quantiles of the dynamic method, at least 2.
  public var paths: Int
  /// The seed of the paths.
  public var seed: UInt64

  /// Creates the forecaster.
  public init(_ method: Method = .standard, paths: Int = 500, seed: UInt64 = 0) {
    self.method = method
    self.paths = paths
    self.seed = seed
  }

  /// "Theta", "OTM" or "DOTM".
  public var name: String {
    switch method {
    case .standard: "Theta"
    case .optimised: "OTM"
    case .dynamicOptimised: "DOTM"
    }
  }

  /// Learns the lines; fewer than four numbers or a constant series are met with the naive forecast.
  ///
  /// - Throws: `configuration` for fewer than two paths; `data`.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    guard paths >= 2 else {
      throw AssayError(.configuration, "Theta: \(paths) paths are too few", remedy: "simulate 500")
    }
    let values = series.interpolated
    let numbers = series.values.count { !$0.isNaN }
    let scale = values.reduce(0) { $0 + abs($1) } / Double(values.count)
    guard numbers >= 4, let low = values.min(), let high = values.max(), high - low > 1e-12 * scale else {
      return try NaiveForecaster().fit(series, request: request, covariates: nil)
    }
    let season = SeasonalAdjustment.tested(values, seasons: request.seasons)
    let adjusted = season.adjusted(values)
    let lines = ThetaLines(adjusted.map { $0 / scale }, isDynamic: method == .dynamicOptimised)
    let fit = lines.fit(weight: method == .standard ? 0.5 : nil)
    let errors = lines.errors(fit).enumerated().map { series.values[$0].isNaN ? Double.nan : $1 * scale }
    let deviation = rootMeanSquare(errors, degreesLost: method == .standard ? 2 : 3)
    let point = lines.point(fit, horizon: request.horizon).map { $0 * scale }
    let forecast: Forecast
    if method == .dynamicOptimised {
      let simulated = lines.paths(
        fit, deviation: deviation / scale, horizon: request.horizon, count: paths,
        key: RandomKey(seed: seed)[series.name])
      forecast = Forecast(point: point, paths: simulated.map { $0 * scale }, levels: request.levels)
    } else {
      // The level is simple exponential smoothing; the lines are fixed (Hyndman and Billah 2003).
      forecast = Forecast(
        point: point,
        deviations: (0..<request.horizon).map { deviation * (1 + Double($0) * fit.alpha * fit.alpha).squareRoot() },
        levels: request.levels)
    }
    let theta = fit.weight >= 1 ? "without bound" : String(format: "%.2f", 1 / (1 - fit.weight))
    return FittedSeries(
      forecast: season.restored(forecast), residuals: season.restored(errors: errors),
      summary: name + String(format: ", alpha %.3f", fit.alpha) + ", theta \(theta)"
        + (season.season > 1 ? ", season of \(season.season) taken out before" : ""))
  }
}
