import Basics
import Kernels

/// A method for panels on series from which the effects of covariates were taken, with those of the steps ahead put in
/// again; see `AdjustedForecaster`.
public struct AdjustedGlobal: GlobalForecaster {
  /// The method.
  public var base: AveragedGlobal
  /// The covariates of each series by its name, from the first step of the series to the end of the horizon; series
  /// without any are left as they are.
  public var covariates: [String: Covariates]

  /// Creates the method.
  public init(_ base: AveragedGlobal, covariates: [String: Covariates]) {
    self.base = base
    self.covariates = covariates
  }

  /// The name of the method with "adjusted".
  public var name: String { base.name + ", adjusted" }

  /// Learns the effects of each series, then the method on what is left of all.
  ///
  /// - Throws: What the method throws; `data` where covariates do not cover a series and the horizon.
  public func fit(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int, deadline: Deadline,
    interruption: Interruption
  ) throws -> any FittedGlobalForecaster {
    for series in panel { _ = try covariates[series.name]?.covering(series.count + request.horizon, of: series.name) }
    let effects = Self.effects(panel, covariates, request, threads: threads)
    let fitted = try base.fit(
      zip(panel, effects).map { $1?.adjusted($0) ?? $0 }, request: request, key: key, threads: threads,
      deadline: deadline, interruption: interruption)
    return FittedAdjustedGlobal(base: fitted, covariates: covariates, request: request)
  }

  static func effects(
    _ panel: [Series], _ covariates: [String: Covariates], _ request: ForecastRequest, threads: Int
  ) -> [CovariateEffects?] {
    parallelMap(panel.count, threads: threads) { index in
      let series = panel[index]
      let end = series.count + request.horizon
      guard let own = covariates[series.name], own.count >= end else { return nil }
      return CovariateEffects(
        series.values, covariates: own.sliced(from: 0, count: end), seasons: request.seasons)
    }
  }
}

/// What an adjusted method learned of a panel.
struct FittedAdjustedGlobal: FittedGlobalForecaster {
  let base: any FittedGlobalForecaster
  let covariates: [String: Covariates]
  let request: ForecastRequest

  func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    let effects = AdjustedGlobal.effects(panel, covariates, request, threads: threads)
    let forecasts = base.forecast(zip(panel, effects).map { $1?.adjusted($0) ?? $0 }, threads: threads)
    return forecasts.indices.map { effects[$0]?.restored(forecasts[$0], after: panel[$0].count) ?? forecasts[$0] }
  }
}
