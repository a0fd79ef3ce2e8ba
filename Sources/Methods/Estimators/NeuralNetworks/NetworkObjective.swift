import Evaluation

/// The loss that a `NeuralNetwork` minimises, as a function of its weights, with the gradient that training follows.
///
/// For checking the gradient, and for looking at the loss around a solution.
public struct NetworkObjective: Sendable {
  private let shape: NetworkShape
  private let target: NetworkTarget
  private let rows: NetworkRows
  private let dropout: Double
  private let dropoutSeed: UInt64

  /// The objective of a configuration on data; dropout, if there is any, leaves out the same entries at every call.
  ///
  /// - Throws: `data` for data it cannot learn from.
  public init(_ network: NeuralNetwork, _ data: TrainingData, context: FitContext) throws {
    try data.checkLearnable()
    let encoding = try NetworkEncoding(data, context: context)
    shape = NetworkShape(
      encoding, hidden: network.hiddenWidths, outputs: data.task.width, activation: network.activation)
    target = NetworkTarget(data)
    rows = NetworkRows(encoding, data, target, threads: context.threads)
    dropout = network.dropout
    dropoutSeed = context.key["dropout"].bits
  }

  /// The weights that training starts from.
  public func initialParameters(context: FitContext) -> [Float] {
    shape.initialParameters(target, context.key["weights"])
  }

  private func forward(_ parameters: [Float]) -> NetworkPass {
    var pass = NetworkPass(shape, capacity: rows.count)
    pass.forward(
      parameters, dense: rows.dense, positions: rows.positions, rows: Array(0..<rows.count)[...],
      keep: Float(1 - dropout), seed: dropoutSeed)
    return pass
  }

  /// The weighted mean loss of all rows: the log loss, or half the squared error of standardised labels (in proportion
  /// beyond 5 deviations).
  public func loss(_ parameters: [Float]) -> Double {
    let total = target.totalLoss(forward(parameters).outputs, rows, Array(0..<rows.count)[...])
    return total.loss / total.weight
  }

  /// The derivative of the loss in every weight.
  public func gradient(_ parameters: [Float]) -> [Float] {
    var pass = forward(parameters)
    let all = Array(0..<rows.count)[...]
    var result = [Float](repeating: 0, count: shape.count)
    pass.backward(
      parameters, outputGradient: target.gradient(pass.outputs, rows, all), positions: rows.positions, rows: all,
      into: &result)
    return result
  }
}
