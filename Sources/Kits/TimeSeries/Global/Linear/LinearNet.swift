import Basics
import Foundation
import Kernels

/// One linear map from the last numbers of any series to all steps ahead, learned from the windows of all series:
/// Linear, NLinear and DLinear (Zeng and others, "Are transformers effective for time series forecasting?", 2023), and
/// the same behind reversible normalisation (Kim and others 2022).
///
/// The squared error with a ridge penalty has an exact solution, which is found from sums over all windows; nothing is
/// random. The penalty is chosen on the last part of each series, then the map is found from everything. Quantiles are
/// those of the errors there, in the windows' units.
public struct LinearNet: GlobalForecaster, Hashable {
  /// What the map sees.
  public enum Form: String, Sendable, Codable, Hashable, CaseIterable {
    /// The numbers, divided by the window's level.
    case plain
    /// The last number is subtracted, and added to the forecast: NLinear.
    case last
    /// A moving average and what remains, each with weights of its own: DLinear. The mean is subtracted besides, so that
    /// it serves series of different levels.
    case decomposed
    /// Mean and deviation of the window are taken out, and put back: RLinear.
    case reversible
  }

  /// What the map sees; reversible unless given.
  public var form: Form
  /// The numbers of a window, at least 2; nil for two of the longest seasons and at least two horizons.
  public var lookBack: Int?
  /// How windows are scaled; nil for what the form says.
  public var scaling: WindowScaling?
  /// Ridge penalties to choose from, in mean squares of an input per window, each 0 or more.
  public var penalties: [Double]
  /// Penalties to choose from with which each series bends the common map by its own windows before it is forecast, in
  /// the same unit, each above 0; whether it does is chosen too. Without a validation share the first one is taken. Empty
  /// for none.
  public var adaptations: [Double]
  /// The share of each series, from its end, on which the penalty is chosen; 0 takes the first penalty.
  public var validationShare: Double
  /// Whether the map is found anew from everything once the penalty is chosen; true unless set.
  public var refits: Bool
  /// Whether errors count in the series' own numbers, so that large series count more; false unless set.
  public var weighsByUnit: Bool
  /// The odd width of the moving average of the decomposed form.
  public var averageWidth: Int
  /// The most windows learned from; more are thinned evenly.
  public var windowLimit: Int

  /// Creates settings.
  public init(
    form: Form = .reversible, lookBack: Int? = nil, scaling: WindowScaling? = nil,
    penalties: [Double] = [1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3, 1], adaptations: [Double] = [0.1, 0.3, 1, 3, 10],
    validationShare: Double = 0.2, refits: Bool = true,
    weighsByUnit: Bool = false, averageWidth: Int = 25, windowLimit: Int = 150_000
  ) {
    self.form = form
    self.lookBack = lookBack
    self.scaling = scaling
    self.penalties = penalties
    self.adaptations = adaptations
    self.validationShare = validationShare
    self.refits = refits
    self.weighsByUnit = weighsByUnit
    self.averageWidth = averageWidth
    self.windowLimit = windowLimit
  }

  /// The name in tables.
  public var name: String {
    switch form {
    case .plain: "linear"
    case .last: "NLinear"
    case .decomposed: "DLinear"
    case .reversible: "RLinear"
    }
  }

  private var chosenScaling: WindowScaling {
    if let scaling { return scaling }
    switch form {
    case .plain: return WindowScaling(centre: .zero, unit: .level)
    case .last: return WindowScaling(centre: .last, unit: .deviation)
    case .decomposed, .reversible: return WindowScaling(centre: .mean, unit: .deviation)
    }
  }

  /// Finds the map; the deadline leaves out the choice of the penalty where nothing remains for it.
  public func fit(
    _ panel: [Series], request: ForecastRequest, key: RandomKey, threads: Int, deadline: Deadline,
    interruption: Interruption
  ) throws -> any FittedGlobalForecaster {
    try fitted(panel, request: request, threads: threads, deadline: deadline, interruption: interruption)
  }

  /// As `fit`, which needs no key here, with the result's own type.
  public func fitted(
    _ panel: [Series], request: ForecastRequest, threads: Int = 1, deadline: Deadline = .never,
    interruption: Interruption = Interruption()
  ) throws -> FittedLinearNet {
    try WindowDefaults.check(request, panel: panel)
    try checkSettings()
    let prepared = try WindowPanel(
      checking: panel, lookBack: lookBack ?? WindowDefaults.lookBack(panel, request: request), request: request,
      usesLogarithm: chosenScaling.usesLogarithm, threads: threads)
    let reader = WindowReader(
      panel: prepared, scaling: chosenScaling, seasons: request.seasons, horizon: request.horizon)
    let plan = try WindowPlan(
      prepared, horizon: request.horizon, reach: nil, validationShare: validationShare, judged: 4096)
    return try Compute.$threads.withValue(threads) {
      let fit = LinearFit(
        settings: self, reader: reader, request: request, deadline: deadline, interruption: interruption,
        threads: threads)
      return try fit.run(plan)
    }
  }

  private func checkSettings() throws {
    let place = "LinearNet"
    try WindowDefaults.require(lookBack.map { $0 >= 2 } ?? true, "a look-back below 2", at: place)
    try WindowDefaults.require(
      !penalties.isEmpty && penalties.allSatisfy { $0 >= 0 && $0.isFinite }, "penalties \(penalties)", at: place)
    try WindowDefaults.require(
      validationShare >= 0 && validationShare < 1, "a validation share of \(validationShare)", at: place)
    try WindowDefaults.require(
      adaptations.allSatisfy { $0 > 0 && $0.isFinite }, "adaptations \(adaptations)", at: place)
    try WindowDefaults.require(averageWidth >= 1, "a moving average over \(averageWidth) steps", at: place)
    try WindowDefaults.require(windowLimit >= 1, "a limit of \(windowLimit) windows", at: place)
  }
}

/// One search for a linear map.
struct LinearFit {
  let settings: LinearNet
  let reader: WindowReader
  let request: ForecastRequest
  let deadline: Deadline
  let interruption: Interruption
  let threads: Int

  func run(_ plan: WindowPlan) throws -> FittedLinearNet {
    let prior =
      settings.form == .decomposed
      ? LinearMap.decomposedPrior(inputs: reader.lookBack, window: settings.averageWidth) : nil
    let equations = try sums(plan.windows(limit: settings.windowLimit))
    let candidates = plan.validation.isEmpty || deadline.hasPassed ? [settings.penalties[0]] : settings.penalties
    let maps = parallelMap(candidates.count, threads: threads) { position in
      LinearMap(equations, penalty: candidates[position], prior: prior)
    }
    try interruption.check()
    var best: (loss: Double, penalty: Double, map: LinearMap, errors: [[Float]])?
    let judges = plan.validation.isEmpty ? plan.windows(limit: 2048) : plan.validation
    for (penalty, map) in zip(candidates, maps) {
      guard let map else { continue }
      let judged = judge(map, judges)
      if best.map({ judged.loss < $0.loss }) ?? true { best = (judged.loss, penalty, map, judged.errors) }
      try interruption.check()
    }
    guard var best else {
      throw AssayError(
        .data, "no linear map could be found from \(equations.weight) windows", remedy: "give longer series")
    }
    let adaptation = adaptation(best.map, plan.validation)
    let chosen = plan.validation.isEmpty ? settings.adaptations.first : adaptation?.penalty
    if let errors = adaptation?.errors { best.errors = errors }
    try interruption.check()
    if settings.refits, !plan.validation.isEmpty, !deadline.hasPassed {
      let whole = try WindowPlan(
        reader.panel, horizon: request.horizon, reach: nil, validationShare: 0, judged: 0)
      let map = LinearMap(
        try sums(whole.windows(limit: settings.windowLimit)), penalty: best.penalty, prior: prior)
      if let map { best.map = map }
    }
    return FittedLinearNet(
      request: request, scaling: reader.scaling, map: best.map, penalty: best.penalty, adaptation: chosen,
      validationLoss: best.loss,
      spread: request.levels.map { level in PackedFloats(best.errors.map { Self.quantile($0, level) }) })
  }

  /// The penalty of the series' own part that is best on windows that the map has not seen, nil if none helps, with the
  /// errors there.
  private func adaptation(_ map: LinearMap, _ windows: [Window]) -> (penalty: Double?, errors: [[Float]])? {
    guard !windows.isEmpty, !settings.adaptations.isEmpty, !deadline.hasPassed else { return nil }
    let trials = SeriesAdaptation(reader: reader, map: map).trials(
      windows, penalties: settings.adaptations, weighsByUnit: settings.weighsByUnit, limit: 256, threads: threads)
    let best = trials.indices.min { trials[$0].loss < trials[$1].loss } ?? settings.adaptations.count
    return (best < settings.adaptations.count ? settings.adaptations[best] : nil, trials[best].errors)
  }

  private func sums(_ windows: [Window]) throws -> NormalEquations {
    try NormalEquations(reader, windows, weighsByUnit: settings.weighsByUnit) { try interruption.check() }
  }

  /// The mean squared error over windows, and the errors of each step, sorted, in the windows' units.
  private func judge(_ map: LinearMap, _ windows: [Window]) -> (loss: Double, errors: [[Float]]) {
    map.judge(reader, windows, weighsByUnit: settings.weighsByUnit)
  }

  /// The quantile of sorted numbers, between the two nearest; 0 of none.
  static func quantile(_ sorted: [Float], _ level: Double) -> Float {
    guard !sorted.isEmpty else { return 0 }
    let place = level * Double(sorted.count - 1)
    let below = Int(place)
    let rest = Float(place - Double(below))
    return sorted[below] + rest * (sorted[min(below + 1, sorted.count - 1)] - sorted[below])
  }
}

/// A linear map that was learned, with the quantiles of its errors.
public struct FittedLinearNet: FittedGlobalForecaster, Codable {
  let request: ForecastRequest
  let scaling: WindowScaling
  let map: LinearMap
  /// The ridge penalty that was chosen, in mean squares of an input per window.
  public let penalty: Double
  /// The penalty with which a series bends the map by its own windows; nil where that did not help.
  public let adaptation: Double?
  /// The mean squared error, of scaled windows Huber's loss of one unit, on the windows that chose the penalty, before
  /// series bend the map; on windows learned from where none was held back.
  public let validationLoss: Double
  /// By level, by step: what is added to the point forecast, in the window's unit.
  let spread: [PackedFloats]

  /// Looks ahead from the end of each series.
  public func forecast(_ panel: [Series], threads: Int) -> [Forecast] {
    let reader = WindowReader(
      panel: WindowPanel(
        panel, lookBack: map.inputs, request: request, usesLogarithm: scaling.usesLogarithm, threads: threads),
      scaling: scaling, seasons: request.seasons, horizon: request.horizon)
    return Compute.$threads.withValue(1) {
      parallelEntries(Array(panel.indices), threads: threads) { forecast(reader, $0) }
    }
  }

  private func forecast(_ reader: WindowReader, _ position: Int) -> Forecast {
    let entry = reader.panel.entries[position]
    var input = [Float](repeating: 0, count: map.inputs)
    var output = [Float](repeating: 0, count: map.targets)
    let (scale, _) = reader.read(Window(series: position, origin: entry.count), input: &input)
    map.apply(&input, count: 1, into: &output)
    if let adaptation {
      let changes = SeriesAdaptation(reader: reader, map: map).changes(
        series: position, end: entry.count, queries: &input, count: 1, penalties: [adaptation])
      if let change = changes.first {
        for step in output.indices { output[step] += change[step] }
      }
    }
    func restored(_ added: (Int) -> Float) -> [Double] {
      output.indices.map { entry.restored(scale.restored(Double(output[$0] + added($0)), step: $0)) }
    }
    return Forecast(
      point: restored { _ in 0 }, levels: request.levels,
      quantiles: spread.map { spread in restored { spread.values[$0] } })
  }
}
