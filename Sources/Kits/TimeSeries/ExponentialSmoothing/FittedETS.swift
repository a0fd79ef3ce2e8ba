import Basics
import Foundation

/// An exponential smoothing model learned from one series.
public struct FittedETS: FittedForecaster, Hashable {
  /// The form.
  public let form: ETSForm
  /// The smoothing parameters.
  public let parameters: ETSParameters
  /// The states before the first number, in the units of the (seasonally adjusted) series.
  public let initial: ETSState
  /// The states after the last step.
  public let final: ETSState
  /// The variance of one-step errors, relative ones for multiplicative errors.
  public let variance: Double
  /// The corrected Akaike criterion but for constants: n log of the sum of squares, plus twice the sum of logarithms of
  /// what was expected for multiplicative errors, plus the penalty.
  public let criterion: Double
  /// The season that was taken out before the model; of length 1 if none was.
  public let season: SeasonalAdjustment
  /// The errors of one-step forecasts, absolute ones in the units of the series.
  public let residuals: [Double]
  private let outlook: Forecast

  init(
    _ solution: ETSSolution, scale: Double, skipped: Int, season: SeasonalAdjustment, numbers: Int, length: Int,
    request: ForecastRequest, intervals: ETSIntervals, key: RandomKey
  ) {
    form = solution.form
    parameters = solution.parameters
    initial = solution.initial.scaled(by: scale, season: form.season)
    final = solution.final.scaled(by: scale, season: form.season)
    let relativeScale = form.error == .additive ? scale : 1
    // The variance itself is not counted among what was estimated from the errors.
    let freedom = max(1, numbers - form.parameterCount(season: length) + 1)
    variance = solution.sums.squares / Double(freedom) * relativeScale * relativeScale
    criterion = solution.criterion + 2 * Double(numbers) * log(scale)
    self.season = season
    residuals =
      [Double](repeating: .nan, count: skipped) + season.restored(errors: solution.errors.map { $0 * scale })
    let future = ETSOutlook(
      form: form, parameters: parameters, state: final, steps: solution.errors.count, variance: variance)
    let point = future.point(request.horizon)
    var pathCount = 1000
    var deviations: [Double]?
    switch intervals {
    case .analytic: deviations = future.deviations(request.horizon)
    case .simulated(let paths): pathCount = paths
    }
    let forecast =
      deviations.map { Forecast(point: point, deviations: $0, levels: request.levels) }
      ?? Forecast(
        point: point, paths: future.paths(pathCount, horizon: request.horizon, key: key), levels: request.levels)
    outlook = season.restored(forecast)
  }

  /// The forecast of the request that the series was learned for.
  public func forecast() -> Forecast { outlook }

  /// Form and parameters: "ETS(A,Ad,N), alpha 0.31, beta 0.02, phi 0.95".
  public var summary: String {
    func text(_ name: String, _ value: Double) -> String { ", \(name) " + String(format: "%.3f", value) }
    return form.description + text("alpha", parameters.alpha)
      + (form.trend == .none ? "" : text("beta", parameters.beta))
      + (form.season == .none ? "" : text("gamma", parameters.gamma))
      + (form.trend == .damped ? text("phi", parameters.phi) : "")
      + (season.season > 1 ? ", season of \(season.season) taken out before" : "")
  }
}

extension ETSState {
  fileprivate func scaled(by scale: Double, season kind: ETSForm.Season) -> ETSState {
    ETSState(
      level: level * scale, slope: slope * scale,
      season: kind == .additive ? season.map { $0 * scale } : season)
  }
}
