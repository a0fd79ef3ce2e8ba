import Basics
import TimeSeries

/// Forecasts of all nodes: weighed by backtests, calibrated, adding up.
public struct DemandForecast: Codable, Sendable {
  /// A method with its mean weight over the nodes and its errors in the backtest.
  public struct Method: Codable, Sendable {
    /// The name of the method.
    public let name: String
    /// Its mean weight over the nodes.
    public let weight: Double
    /// Its mean absolute scaled error.
    public let scaledError: Double
    /// Its symmetric percentage error, in percent.
    public let percentageError: Double
  }

  /// One per node.
  public let forecasts: [Forecast]
  /// The methods, the heaviest first.
  public let methods: [Method]

  /// Forecasts from the first steps of a panel.
  ///
  /// - Parameters:
  ///   - panel: The demand, with its horizon.
  ///   - known: The steps that are known, at most those of the panel.
  ///   - levels: The levels of the quantiles, ascending, between 0 and 1.
  ///   - learning: How much is learned from all series together.
  ///   - seed: What random numbers depend on.
  ///   - threads: How many processors to use; the result does not depend on it.
  ///   - deadline: When to be done.
  ///   - interruption: Asks to stop.
  /// - Throws: a `cancelled` error after an interruption, and what the methods throw.
  public init(
    _ panel: DemandPanel, known: Int, levels: [Double], learning: SharedLearning, seed: UInt64, threads: Int,
    deadline: Deadline, interruption: Interruption
  ) throws {
    let horizon = panel.horizon
    let request = ForecastRequest(horizon: horizon, seasons: panel.seasons, levels: levels)
    let nodes = panel.known(known)
    // What lies before a series' first number says nothing of it.
    let trimmed = nodes.map { Series($0.name, values: Array($0.values.drop { $0.isNaN })) }
    let covariates = panel.covariates(known)
    // Few series have few errors to weigh methods by: they get more moments of the past, and where there are many of those
    // the weights of least squared error, which do not count methods that err alike as many.
    let isFew = nodes.count < 8
    let origins = min(isFew ? 16 : 4, max(1, (known - 10) / horizon - 1))
    let ensemble = PanelEnsemble(
      Self.methods(trimmed, panel), backtest: Backtest(origins: origins, minimumTraining: 8),
      rule: isFew && origins >= 12 ? .nonNegativeLeastSquares : .inverseError(power: 8))
    let fitted = try ensemble.fit(
      trimmed, request: request, covariates: covariates,
      globals: learning.methods(trimmed, request: request, covariates: covariates),
      key: RandomKey(seed: seed)["forecast"], threads: threads, deadline: deadline,
      interruption: interruption)
    try interruption.check()
    forecasts = try Self.reconciled(fitted.forecasts, panel.hierarchy).map(Self.nonnegative(nodes))
    let backtest = fitted.backtest
    let (rows, scaled) = (fitted.weights.rows, backtest.panelErrors(.scaledError))
    let percentages = backtest.panelErrors(.symmetricPercentageError)
    methods = backtest.names.dropLast().indices.map { place in
      Method(
        name: backtest.names[place],
        weight: rows.reduce(0) { $0 + ($1.indices.contains(place) ? $1[place] : 0) } / Double(max(1, rows.count)),
        scaledError: scaled[place], percentageError: percentages[place])
    }.sorted { ($1.weight, $0.name) < ($0.weight, $1.name) }
  }

  /// The methods for single series: all of them with what is known in advance, two without.
  private static func methods(_ nodes: [Series], _ panel: DemandPanel) -> [any Forecaster] {
    var plain = AnyForecaster.portfolio(seasons: panel.seasons) + [AnyForecaster(SeasonalNaiveForecaster())]
    if !panel.seasons.isEmpty {
      plain += [4, 8, 12].map { AnyForecaster(SeasonalNaiveForecaster(seasonsAveraged: $0)) }
    }
    let isRare = nodes.contains { node in
      let known = node.values.filter { !$0.isNaN }
      return known.count { $0 == 0 } * 3 > known.count
    }
    if isRare { plain.append(AnyForecaster(IntermittentForecaster())) }
    var seen: Set<String> = []
    plain = plain.filter { seen.insert($0.name).inserted }
    let filled = plain.map { FilledForecaster($0) }
    if panel.drivers.isEmpty { return filled }
    let quick = ARIMAForecaster(
      limits: ARIMALimits(terms: 2, seasonalTerms: 1, allTerms: 4, models: 8, comparesExactly: false))
    return filled.map { AdjustedForecaster($0) } + [
      DynamicRegressionForecaster(errors: quick, transform: .log), FilledForecaster(ETSForecaster()),
      FilledForecaster(SeasonalNaiveForecaster()),
    ]
  }

  /// Points that add up; quantiles move with them.
  private static func reconciled(_ forecasts: [Forecast], _ hierarchy: Hierarchy?) throws -> [Forecast] {
    guard let hierarchy else { return forecasts }
    let points = forecasts.map { Forecast(point: $0.point) }
    let coherent = try Reconciliation(.structural).reconcile(points, hierarchy)
    return zip(forecasts, coherent).map { own, coherent in
      let quantiles = own.quantiles.map { quantile in
        quantile.indices.map { quantile[$0] + coherent.point[$0] - own.point[$0] }
      }
      return Forecast(point: coherent.point, levels: own.levels, quantiles: quantiles)
    }
  }

  /// Demand is not negative, where it never was.
  private static func nonnegative(_ nodes: [Series]) -> (Forecast) -> Forecast {
    let isNever = nodes.allSatisfy { $0.values.allSatisfy { $0.isNaN || $0 >= 0 } }
    return { forecast in
      guard isNever else { return forecast }
      return Forecast(
        point: forecast.point.map { max(0, $0) }, levels: forecast.levels,
        quantiles: forecast.quantiles.map { $0.map { max(0, $0) } })
    }
  }
}

extension DemandPanel {
  /// The nodes as far as they were known at a step; one without any number yet stands at 0.
  public func known(_ steps: Int) -> [Series] {
    nodes.map { node in
      let known = node.prefix(steps)
      return known.values.contains { !$0.isNaN } ? known : Series(node.name, values: known.values.map { _ in 0 })
    }
  }

  /// What is known in advance for each node, from its first number on; nil where nothing is.
  func covariates(_ steps: Int) -> [Covariates?]? {
    guard !drivers.isEmpty else { return nil }
    let past = known(steps)
    let bottoms = Array(past.suffix(hierarchy?.bottomCount ?? 1))
    return past.indices.map { node in
      let first = past[node].values.firstIndex { !$0.isNaN } ?? 0
      return drivers.covariates(
        of: hierarchy?.members[node] ?? [0], past: bottoms, steps: first..<steps + horizon)
    }
  }
}
