import Basics
import Kernels
import Tensors

/// Windows of one look-back to train from, and where the linear part begins.
struct WindowSource: Sendable {
  let reader: WindowReader
  let plan: WindowPlan
  let shape: WindowShape
  let start: LinearStart?

  init(
    _ settings: WindowNet, _ panel: [Series], lookBack: Int, request: ForecastRequest, heads: WindowHeads,
    threads: Int, interruption: Interruption
  ) throws {
    let prepared = try WindowPanel(
      checking: panel, lookBack: lookBack, request: request, usesLogarithm: settings.scaling.usesLogarithm,
      threads: threads)
    reader = WindowReader(
      panel: prepared, scaling: settings.scaling, seasons: request.seasons, horizon: request.horizon)
    plan = try WindowPlan(
      prepared, horizon: request.horizon, reach: settings.reach, validationShare: settings.validationShare,
      judged: 2048)
    shape = WindowShape(
      inputs: lookBack, steps: request.horizon, outputs: heads.count, seasons: request.seasons)
    start =
      settings.startsLinear
      ? try Self.start(reader, plan, heads, penalty: settings.linearPenalty, interruption: interruption) : nil
  }

  private static func start(
    _ reader: WindowReader, _ plan: WindowPlan, _ heads: WindowHeads, penalty: Double, interruption: Interruption
  ) throws -> LinearStart? {
    let equations = try NormalEquations(reader, plan.windows(limit: 40_000), weighsByUnit: false) {
      try interruption.check()
    }
    guard let map = LinearMap(equations, penalty: penalty) else { return nil }
    let errors = map.sortedErrors(reader, plan.windows(limit: 2048))
    var spread = heads.levels.map { level in PackedFloats(errors.map { LinearFit.quantile($0, level) }) }
    if heads.hasMean { spread.append(PackedFloats(Array(repeating: 0, count: reader.horizon))) }
    return LinearStart(map: map, spread: spread)
  }
}

/// Windows of one step of training.
struct WindowBatch {
  /// [windows, look-back].
  let inputs: Tensor
  /// [windows, horizon].
  let targets: Tensor
  /// [windows, horizon, 1]: how much an error counts, 0 where the target is not known; the mean over what is known is 1
  /// where errors are measured in the windows' own unit.
  let weights: Tensor

  init(_ reader: WindowReader, _ windows: [Window], errorUnit: WindowScaling.Unit?) {
    let (count, width, steps) = (windows.count, reader.lookBack, reader.horizon)
    let inputs = Tensor(uninitialized: [count, width], .float32)
    let targets = Tensor(uninitialized: [count, steps], .float32)
    let weights = Tensor(uninitialized: [count, steps, 1], .float32)
    withExtendedLifetime((inputs, targets, weights)) {
      let (x, y, w) = (inputs.floats, targets.floats, weights.floats)
      forEachPart(of: count, grain: 32) { part in
        for row in part {
          let read = reader.read(
            windows[row], input: x + row * width, target: y + row * steps, weight: w + row * steps)
          guard let errorUnit else { continue }
          let ratio = reader.ratio(of: windows[row], scale: read.scale, to: errorUnit)
          for step in 0..<steps { w[row * steps + step] *= ratio }
        }
      }
    }
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }
}
