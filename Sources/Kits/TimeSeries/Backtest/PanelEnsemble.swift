import Basics
import Kernels

/// Forecasts of many series by methods that a backtest weighs, with quantiles that it calibrates.
///
/// The default rule, weights by the eighth power of inverse errors of each series, drawn to those of all series at 0.3,
/// was the best of nineteen on the last origin of the training parts of M4's hourly and weekly series, weighed on the
/// origins before.
public struct PanelEnsemble: Sendable, Codable {
  /// The methods that learn each series by itself, at least one.
  public var members: [AnyForecaster]
  /// The backtest that weights and quantiles come from.
  public var backtest: Backtest
  /// How forecasts become one.
  public var rule: CombinationRule
  /// Whether each series has its own weights.
  public var scope: CombinationScope
  /// What errors are measured by.
  public var measures: [BacktestMeasure]
  /// What errors are divided by where quantiles are calibrated.
  public var scale: ConformalQuantiles.Scale

  /// Creates an ensemble.
  public init(
    _ members: [any Forecaster], backtest: Backtest = Backtest(), rule: CombinationRule = .inverseError(power: 8),
    scope: CombinationScope = .series(shrinkage: 0.3),
    measures: [BacktestMeasure] = [.scaledError, .symmetricPercentageError],
    scale: ConformalQuantiles.Scale = .naiveError
  ) {
    self.members = members.map(AnyForecaster.init)
    self.backtest = backtest
    self.rule = rule
    self.scope = scope
    self.measures = measures
    self.scale = scale
  }

  /// Backtests, weighs, calibrates and looks ahead.
  ///
  /// Where all series together have too few origins for a level, the quantiles are the methods' own, combined.
  ///
  /// - Parameters:
  ///   - panel: The series.
  ///   - request: Horizon, seasons and levels.
  ///   - covariates: Nil, or one per series, covering it and the horizon; the global methods do not get them.
  ///   - globals: Methods that learn from all series; each is fitted once per origin and once for the forecast, in an
  ///     equal share of the time that is left.
  ///   - key: The source of the global methods' randomness.
  ///   - threads: The threads it may use; the result does not depend on their number.
  ///   - deadline: The moment by which global methods stop training with what they have.
  ///   - interruption: Stops with a `cancelled` error between fits.
  /// - Throws: `configuration` without methods; `data` for a series without numbers; what the methods throw.
  public func fit(
    _ panel: [Series], request: ForecastRequest, covariates: [Covariates?]? = nil,
    globals: [any GlobalForecaster] = [],
    key: RandomKey = RandomKey(seed: 0), threads: Int = 1, deadline: Deadline = .never,
    interruption: Interruption = Interruption()
  ) throws -> FittedPanelEnsemble {
    try request.check()
    for series in panel { try series.check() }
    guard !members.isEmpty || !globals.isEmpty else {
      throw AssayError(.configuration, "an ensemble without methods", remedy: "name at least one")
    }
    var result = try backtest.run(
      members, on: panel, request: request, covariates: covariates, threads: threads, interruption: interruption)
    let fits = parallelMap(panel.count, threads: threads) { index in
      Result { () throws -> [Forecast] in
        try interruption.check()
        return try members.map {
          try $0.fit(panel[index], request: request, covariates: covariates?[index]).forecast()
        }
      }
    }
    var forecasts = try fits.map { try $0.get() }
    for (place, method) in globals.enumerated() {
      let share = deadline.secondsLeft / Double(2 * (globals.count - place))
      let own = key[method.name]
      result = result.adding(
        try backtest.run(
          method, on: panel, request: request, key: own["backtest"], threads: threads,
          deadline: deadline.earlier(after: share), interruption: interruption))
      let fitted = try method.fit(
        panel, request: request, key: own["forecast"], threads: threads, deadline: deadline.earlier(after: share),
        interruption: interruption)
      for (index, forecast) in fitted.forecast(panel, threads: threads).enumerated() {
        forecasts[index].append(forecast)
      }
    }
    let weights = result.weights(rule, scope: scope, measures: measures)
    result = result.adding(weights, name: "ensemble")
    var combined = forecasts.indices.map { weights.combined(forecasts[$0], series: $0) }
    var calibration: ConformalQuantiles?
    do {
      let quantiles = try ConformalQuantiles(result, method: result.names.count - 1, scale: scale)
      combined = try combined.indices.map {
        try quantiles.applied(to: combined[$0], after: panel[$0], seasons: request.seasons)
      }
      calibration = quantiles
    } catch let error as AssayError where error.kind == .data {
      calibration = nil
    }
    return FittedPanelEnsemble(
      forecasts: combined, weights: weights, backtest: result, calibration: calibration)
  }
}

/// What an ensemble found for many series.
public struct FittedPanelEnsemble: Sendable, Codable {
  /// One forecast per series.
  public let forecasts: [Forecast]
  /// The weights of the methods, in the order of the backtest's names.
  public let weights: CombinationWeights
  /// The backtest of all methods and, last, of the ensemble; its weights have seen these origins.
  public let backtest: BacktestResult
  /// The calibration of the quantiles; nil where there were too few origins.
  public let calibration: ConformalQuantiles?
}
