import Basics
import Estimators
import Evaluation
import Foundation
import Kernels

/// Boosted trees across series: one model for all series and all steps ahead, direct, with the step as a feature.
///
/// Trees learn what a linear map of the window leaves, in the window's units, from the values at the same position of
/// earlier seasons, the last values, means, trends and the step. So they neither need to know the size of a series nor
/// to go beyond the values they have seen. One set of trees gives the median, one more each quantile.
public struct GlobalBoosting: GlobalForecaster, Hashable {
  /// The trees of the median; the objective is set here.
  public var boosting: Boosting
  /// The trees of each other quantile, as a share of the median's rounds, above 0 and at most 1.
  public var quantileShare: Double
  /// The numbers of a window, at least 4; nil for two of the longest seasons and at least two horizons.
  public var lookBack: Int?
  /// How windows are scaled.
  public var scaling: WindowScaling
  /// What errors are measured in; the scaling's own unit unless given.
  public var errorUnit: WindowScaling.Unit?
  /// About the most rows learned from, at least 1.
  public var rowLimit: Int
  /// How many steps ahead of a window make rows, at least 1; more windows are used where they are few.
  public var stepsPerWindow: Int
  /// Only so many of the latest origins of a series are learned from; nil for all.
  public var reach: Int?
  /// The ridge penalty of the linear map, in mean squares of an input per window.
  public var linearPenalty: Double

  /// Creates settings.
  public init(
    boosting: Boosting = Boosting(
      trees: 300, leaves: 31, learningRate: 0.05, minimumChildRows: 100, rowShare: 0.7, columnShare: 0.7),
    quantileShare: Double = 0.5, lookBack: Int? = nil, scaling: WindowScaling = WindowScaling(),
    errorUnit: WindowScaling.Unit? = nil, rowLimit: Int = 300_000, stepsPerWindow: Int = 8, reach: Int? = nil,
    linearPenalty: Double = 0.1
  ) {
    self.boosting = boosting
    self.quantileShare = quantileShare
    self.lookBack = lookBack
    self.scaling = scaling
    self.errorUnit = errorUnit
    self.rowLimit = rowLimit
    self.stepsPerWindow = stepsPerWindow
    self.reach = reach
    self.linearPenalty = linearPenalty
  }

  /// The name in tables.
  public var name: String { "boosting across series" }

  /// Grows the trees; the deadline is shared among the median and the quantiles.
  public func fit(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int, deadline: Deadline,
    interruption: Interruption
  ) throws -> any FittedGlobalForecaster {
    try fitted(
      panel, request: request, key: key, threads: threads, deadline: deadline, interruption: interruption)
  }

  /// As `fit`, with the result's own type.
  public func fitted(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int = 1, deadline: Deadline = .never,
    interruption: Interruption = Interruption()
  ) throws -> FittedGlobalBoosting {
    try WindowDefaults.check(request, panel: panel)
    let place = "GlobalBoosting"
    try WindowDefaults.require(lookBack.map { $0 >= 4 } ?? true, "a look-back below 4", at: place)
    try WindowDefaults.require(rowLimit >= 1 && stepsPerWindow >= 1, "no rows", at: place)
    try WindowDefaults.require(quantileShare > 0 && quantileShare <= 1, "a share of \(quantileShare)", at: place)
    try WindowDefaults.require(reach.map { $0 >= 1 } ?? true, "a reach below 1", at: place)
    let lookBack = max(4, lookBack ?? WindowDefaults.lookBack(panel, request: request))
    let prepared = try WindowPanel(
      checking: panel, lookBack: lookBack, request: request, usesLogarithm: scaling.usesLogarithm, threads: threads)
    let reader = WindowReader(
      panel: prepared, scaling: scaling, seasons: request.seasons, horizon: request.horizon)
    let plan = try WindowPlan(prepared, horizon: request.horizon, reach: reach, validationShare: 0, judged: 0)
    let map = try Compute.$threads.withValue(threads) {
      let equations = try NormalEquations(reader, plan.windows(limit: 40_000), weighsByUnit: false) {
        try interruption.check()
      }
      return LinearMap(equations, penalty: linearPenalty) ?? LinearMap(inputs: lookBack, targets: request.horizon)
    }
    let rows = StepRows(
      reader: reader, map: map, features: StepFeatures(lookBack: lookBack, seasons: request.seasons),
      errorUnit: errorUnit)
    let perWindow = min(stepsPerWindow, request.horizon)
    let data = rows.trainingData(
      plan.windows(limit: max(1, rowLimit / perWindow)), stepsPerWindow: perWindow, key: key["steps"],
      threads: threads)
    var result = FittedGlobalBoosting(
      request: request, scaling: scaling, map: map, median: nil, quantiles: [:])
    // Targets that the linear map meets exactly leave nothing to learn.
    guard data.rowCount > 1, data.labels.contains(where: { $0 != data.labels[0] }) else { return result }
    try interruption.check()
    let binned = BinnedFeatures(
      data.features, maximumBins: boosting.bins, key: key["bins"], threads: threads)
    func grow(_ level: Double, count: Int) throws -> TreeEnsemble {
      var settings = boosting
      settings.objective = level == 0.5 ? .absolute : .quantile(level: level)
      if level != 0.5 { settings.trees = max(1, Int(quantileShare * Double(boosting.trees))) }
      let share =
        deadline.instant == nil
        ? deadline : deadline.earlier(after: deadline.secondsLeft / Double(max(count, 1)))
      let context = FitContext(
        key: key["trees"][Int(level * 1e6)], threads: threads, deadline: share, interruption: interruption)
      return try settings.fit(data, binned: binned, context: context)
    }
    let others = request.levels.filter { $0 != 0.5 }
    result.median = try grow(0.5, count: others.count + 1)
    for (position, level) in others.enumerated() {
      result.quantiles[level] = try grow(level, count: others.count - position)
    }
    return result
  }
}

/// Trees that were grown across series.
public struct FittedGlobalBoosting: FittedGlobalForecaster, Codable {
  let request: ForecastRequest
  let scaling: WindowScaling
  let map: LinearMap
  /// Nil where there was nothing to learn beyond the linear map.
  var median: TreeEnsemble?
  /// By level, without 0.5.
  var quantiles: [Double: TreeEnsemble]

  /// Looks ahead from the end of each series.
  public func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    let reader = WindowReader(
      panel: WindowPanel(
        panel, lookBack: map.inputs, request: request, usesLogarithm: scaling.usesLogarithm, threads: threads),
      scaling: scaling, seasons: request.seasons, horizon: request.horizon)
    let rows = StepRows(
      reader: reader, map: map, features: StepFeatures(lookBack: map.inputs, seasons: request.seasons),
      errorUnit: nil)
    let windows = panel.indices.map { Window(series: $0, origin: reader.panel.entries[$0].count) }
    let data = rows.forecastData(windows, threads: threads)
    func answers(_ trees: TreeEnsemble?) -> [[Double]] {
      let added = trees?.predict(data.features, threads: threads).values
      return panel.indices.map { series in
        (0..<request.horizon).map { step in
          let row = series * request.horizon + step
          let number = Double(data.answers[row]) + (added?[row] ?? 0)
          return reader.panel.entries[series].restored(data.scales[series].restored(number, step: step))
        }
      }
    }
    let point = answers(median)
    let levels = request.levels.map { $0 == 0.5 ? point : answers(quantiles[$0] ?? median) }
    return panel.indices.map { series in
      .ordered(point: point[series], levels: request.levels, quantiles: levels.map { $0[series] })
    }
  }
}

extension LinearMap {
  /// The map that forecasts the centre of the window.
  init(inputs: Int, targets: Int) {
    self.inputs = inputs
    self.targets = targets
    weights = PackedFloats(Array(repeating: 0, count: inputs * targets))
    constants = PackedFloats(Array(repeating: 0, count: targets))
  }
}
