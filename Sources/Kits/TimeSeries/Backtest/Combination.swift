import Basics

/// Several methods whose forecasts are combined; weights that are learned come from a backtest inside the series.
public struct Combination: Forecaster {
  /// The methods.
  public var members: [AnyForecaster]
  /// How they become one.
  public var rule: CombinationRule
  /// The backtest that learned weights come from.
  public var backtest: Backtest
  /// The name in tables.
  public var name: String

  /// Creates a combination.
  ///
  /// - Parameters:
  ///   - members: The methods, at least one.
  ///   - rule: How their forecasts become one; by default the median.
  ///   - backtest: Where learned weights come from.
  ///   - name: By default the rule and the methods' names.
  public init(
    _ members: [any Forecaster], rule: CombinationRule = .median, backtest: Backtest = Backtest(),
    name: String? = nil
  ) {
    self.members = members.map(AnyForecaster.init)
    self.rule = rule
    self.backtest = backtest
    self.name = name ?? "\(rule.word) of " + members.map(\.name).joined(separator: ", ")
  }

  /// Learns every method, and the weights from the past of the series; one too short for a backtest gets equal weights.
  ///
  /// - Throws: `configuration` without methods or with weights that do not fit; what the methods throw.
  public func fit(
    _ series: Series, request: ForecastRequest, covariates: Covariates?
  ) throws -> any FittedForecaster {
    try request.check()
    try series.check()
    guard !members.isEmpty else {
      throw AssayError(.configuration, "a combination without methods", remedy: "name at least one")
    }
    if case .fixed(let weights) = rule {
      guard weights.count == members.count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
        weights.contains(where: { $0 > 0 })
      else {
        throw AssayError(
          .configuration, "the weights \(weights) do not fit \(members.count) methods",
          remedy: "give one number from 0 on per method, not all zero")
      }
    }
    let weights: CombinationWeights
    if rule.learns, !backtest.cuts(series.count, horizon: request.horizon).isEmpty {
      weights = try backtest.run(members, on: [series], request: request, covariates: [covariates]).weights(rule)
    } else {
      let equal = [Double](repeating: 1, count: members.count)
      switch rule {
      case .fixed(let given): weights = CombinationWeights(rows: [given])
      case .median: weights = CombinationWeights(rows: [equal], isMedian: true)
      default: weights = CombinationWeights(rows: [equal])
      }
    }
    let row = weights.row(0)
    let used = members.indices.filter { row[$0] > 0 }
    let fitted = try used.map { try members[$0].fit(series, request: request, covariates: covariates) }
    let kept = CombinationWeights(rows: [used.map { row[$0] }], isMedian: weights.isMedian)
    // Errors combine as forecasts do; a step without one of them has none.
    let errors = fitted.map(\.residuals)
    let residuals = series.values.indices.map { step in
      kept.combined(errors.map { Forecast(point: [$0[step]]) }, series: 0).point[0]
    }
    let share = { (weight: Double) in "\(Int((weight * 100).rounded())) %" }
    return FittedSeries(
      forecast: kept.combined(fitted.map { $0.forecast() }, series: 0), residuals: residuals,
      summary: "\(rule.word): "
        + zip(used, fitted).map { "\(share(row[$0])) \($1.summary)" }.joined(separator: "; "))
  }
}

extension CombinationRule {
  /// The rule in a word or two.
  var word: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .best: "best"
    case .inverseError: "weighted mean"
    case .nonNegativeLeastSquares: "least squares mean"
    case .greedy: "greedy mean"
    case .fixed: "given mean"
    }
  }
}
