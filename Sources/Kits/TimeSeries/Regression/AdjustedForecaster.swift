import Basics

/// A method on a series from which the effects of covariates were taken, with those of the steps ahead put in again.
///
/// So every method has holidays and campaigns, also one that knows no covariates. Effects are learned by least squares
/// beside trend and season, and shrink where they are not seen clearly; without covariates, or where nothing is seen, the
/// method has the series as it is.
public struct AdjustedForecaster: Forecaster {
  /// The method.
  public var base: AnyForecaster

  /// Creates the method.
  public init(_ base: any Forecaster) { self.base = AnyForecaster(base) }

  /// The name of the method with "adjusted".
  public var name: String { base.name + ", adjusted" }

  /// Learns the effects, then the method on what is left.
  ///
  /// - Throws: What the method throws; `data` where covariates do not cover the series and the horizon or have values that
  ///   are missing or infinite.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try series.check()
    try request.check()
    guard let covariates, !covariates.names.isEmpty else {
      return try base.fit(series, request: request, covariates: covariates)
    }
    let covering = try covariates.covering(series.count + request.horizon, of: series.name)
    guard let effects = CovariateEffects(series.values, covariates: covering, seasons: request.seasons) else {
      return try base.fit(series, request: request, covariates: nil)
    }
    let fitted = try base.fit(effects.adjusted(series), request: request, covariates: nil)
    let errors = fitted.residuals
    return FittedSeries(
      forecast: effects.restored(fitted.forecast(), after: series.count),
      residuals: effects.isFactor ? zip(errors, effects.effects).map { $0 * $1 } : errors,
      summary: "effects of \(effects.used) of \(covering.names.count) covariates, then " + fitted.summary)
  }
}

extension Covariates {
  /// The first steps, checked: there are so many, and each has a number.
  ///
  /// - Throws: `data`, with the covariate and the step.
  func covering(_ count: Int, of series: String) throws -> Covariates {
    guard self.count >= count else {
      throw AssayError(
        .data, "the covariates cover \(self.count) steps, the series and the horizon have \(count)",
        at: "series \(series)", remedy: "give what is planned or expected of them for every step of the horizon")
    }
    for (name, column) in zip(names, columns) {
      if let step = column.prefix(count).firstIndex(where: { !$0.isFinite }) {
        throw AssayError(
          .data, "the covariate \(name) is missing or infinite at step \(step + 1)", at: "series \(series)",
          remedy: "fill it, or leave the covariate out")
      }
    }
    return sliced(from: 0, count: count)
  }
}
