import Basics
import Evaluation
import Projects
import TimeSeries

/// Forecasts of all nodes: weighed by backtests, calibrated, adding up.
struct DemandForecast {
  /// One per node.
  let forecasts: [Forecast]
  /// The names of the methods with their mean weights, the heaviest first.
  let weights: [(name: String, weight: Double)]
  /// The methods' errors in the backtest, and the ensemble's: mean scaled error, by name.
  let errors: [(name: String, scaled: Double, percentage: Double)]

  init(
    _ nodes: [Series], panel: DemandPanel, horizon: Int, levels: [Double], project: Project, context: ProjectContext,
    deadline: Deadline
  ) throws {
    let request = ForecastRequest(horizon: horizon, seasons: panel.seasons, levels: levels)
    // What lies before a series' first number says nothing of it.
    let trimmed = nodes.map { node in
      Series(node.name, values: Array(node.values.drop { $0.isNaN }))
    }
    var methods = AnyForecaster.portfolio(seasons: panel.seasons)
    methods.append(AnyForecaster(SeasonalNaiveForecaster()))
    let isRare = trimmed.contains { node in
      let known = node.values.filter { !$0.isNaN }
      return known.count { $0 == 0 } * 3 > known.count
    }
    if isRare { methods.append(AnyForecaster(IntermittentForecaster())) }
    var seen: Set<String> = []
    methods = methods.filter { seen.insert($0.name).inserted }
    let origins = min(4, max(1, (panel.count - 10) / max(1, horizon) - 1))
    let ensemble = PanelEnsemble(methods, backtest: Backtest(origins: origins, minimumTraining: 8))
    let globals: [any GlobalForecaster] =
      project.settings.text("networks") == "yes" ? [AveragedGlobal.standard(for: trimmed, request: request)] : []
    let fitted = try ensemble.fit(
      trimmed, request: request, globals: globals, key: RandomKey(seed: context.seed)["forecast"],
      threads: context.threads, deadline: deadline, interruption: context.interruption)
    forecasts = try Self.reconciled(fitted.forecasts, panel.hierarchy).map(Self.nonnegative(nodes))
    let names = Array(fitted.backtest.names.dropLast())
    let rows = fitted.weights.rows
    weights = names.indices.map { place in
      (names[place], rows.reduce(0) { $0 + ($1.indices.contains(place) ? $1[place] : 0) } / Double(max(1, rows.count)))
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    let scaled = fitted.backtest.panelErrors(.scaledError)
    let percentages = fitted.backtest.panelErrors(.symmetricPercentageError)
    errors = fitted.backtest.names.indices.map { (fitted.backtest.names[$0], scaled[$0], percentages[$0]) }
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
