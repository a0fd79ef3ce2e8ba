import Basics
import Estimators
import Foundation
import Kernels
import Networks
import Tensors

/// A network that learns when events come: by Cox's partial likelihood (Katzman and others 2018) or by hazards in
/// intervals of time (Gensheimer and Narasimhan 2019).
///
/// Dense layers over standardised features, trained by AdamW with `Trainer`. Hazards respect late entries; Cox's loss in
/// batches does not, nor strata. Weights count in hazards. The same key gives the same weights for any number of threads.
public struct SurvivalNetwork: SurvivalEstimator, Hashable {
  /// What the network puts out.
  public enum Output: Sendable, Codable, Hashable {
    /// The logarithm of the relative hazard; risk sets are formed within batches.
    case cox(ties: TiedEvents)
    /// The log-odds of the event in each of up to so many intervals with about equally many events; hazards need not be
    /// proportional.
    case hazards(intervals: Int)
  }

  /// What the network puts out.
  public var output: Output
  /// The widths of the hidden layers; none means a linear model.
  public var hidden: [Int]
  /// The probability with which hidden numbers are dropped in training.
  public var dropout: Double
  /// The passes over the rows, at most.
  public var epochs: Int
  /// Rows per batch; Cox's loss wants some events in each.
  public var batchSize: Int
  /// The step size at the start; it falls to 0 along a cosine.
  public var learningRate: Double
  /// The share of weights that decays per unit of step size.
  public var weightDecay: Double
  /// The epochs without a better loss of the validation rows, where there are any, after which training ends.
  public var patience: Int

  /// A network.
  ///
  /// - Parameters:
  ///   - output: 20 hazards unless given.
  ///   - hidden: 32 and 32 unless given.
  ///   - dropout: 0.1 unless given.
  ///   - epochs: 60 unless given.
  ///   - batchSize: 128 unless given.
  ///   - learningRate: 0.003 unless given.
  ///   - weightDecay: 0.01 unless given.
  ///   - patience: 10 unless given.
  public init(
    _ output: Output = .hazards(intervals: 20), hidden: [Int] = [32, 32], dropout: Double = 0.1, epochs: Int = 60,
    batchSize: Int = 128, learningRate: Double = 0.003, weightDecay: Double = 0.01, patience: Int = 10
  ) {
    self.output = output
    self.hidden = hidden
    self.dropout = dropout
    self.epochs = epochs
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.patience = patience
  }

  /// Learns from data; the model is a `SurvivalNetworkModel`.
  public func fit(_ data: SurvivalData, validation: SurvivalData?, context: FitContext) throws -> any SurvivalModel {
    try model(data, validation: validation, context: context)
  }

  /// Learns from data.
  ///
  /// - Throws: `configuration` for a setting out of its range, `data` without events or features that vary.
  public func model(
    _ data: SurvivalData, validation: SurvivalData? = nil, context: FitContext
  ) throws -> SurvivalNetworkModel {
    try check()
    try data.outcomes.requireEvents()
    let design = SurvivalDesign(data.features, weights: data.outcomes.weights)
    guard design.width > 0 else {
      throw AssayError(.data, "no feature varies", remedy: "give features that differ between units")
    }
    var grid: TimeIntervals?
    if case .hazards(let count) = output { grid = try TimeIntervals(data.outcomes, count: count) }
    let network = Self.layers(
      inputs: design.width, hidden: hidden, outputs: grid?.count ?? 1, dropout: dropout, key: context.key["weights"])
    let training = try rows(data, design, grid)
    let judged = try validation.map { try rows($0, design, grid) }
    var trainer = Trainer(epochs: epochs, batches: BatchSampler(batchSize: batchSize))
    trainer.schedule = .cosine(steps: max(1, trainer.stepCount(rows: data.rowCount)))
    trainer.clipping = .norm(5)
    if judged != nil { trainer.earlyStopping = EarlyStopping(patience: patience) }
    let output = output
    try Compute.$threads.withValue(context.threads) {
      _ = try trainer.fit(
        network, optimizer: AdamW(learningRate: learningRate, weightDecay: weightDecay), data: training,
        validation: judged, key: context.key["training"], deadline: context.deadline,
        interruption: context.interruption
      ) { network, batch, pass in Self.step(output, network(batch[0], pass), batch) }
    }
    return try SurvivalNetworkModel(self, design: design, intervals: grid, network: network, data: data, context)
  }

  /// Inputs, then for Cox times and events, for hazards the intervals watched and those with the event.
  private func rows(_ data: SurvivalData, _ design: SurvivalDesign, _ grid: TimeIntervals?) throws -> TensorDataset {
    let inputs = Tensor(design.rows(data.features).map { Float($0) }, shape: [data.rowCount, design.width])
    let outcomes = data.outcomes
    guard let grid else {
      return try TensorDataset(
        inputs, Tensor(outcomes.times), Tensor(outcomes.events.map { $0 ? Float(1) : 0 }))
    }
    var watched = [Float](repeating: 0, count: data.rowCount * grid.count)
    var events = watched
    for row in 0..<data.rowCount {
      let periods = grid.watched(outcomes, row: row)
      for interval in periods.intervals { watched[row * grid.count + interval] = Float(outcomes.weight(row)) }
      if periods.hasEvent { events[row * grid.count + periods.intervals.upperBound - 1] = 1 }
    }
    let shape = [data.rowCount, grid.count]
    return try TensorDataset(inputs, Tensor(watched, shape: shape), Tensor(events, shape: shape))
  }

  private static func step(_ output: Output, _ values: Tensor, _ batch: [Tensor]) -> StepResult {
    switch output {
    case .cox(let ties):
      let loss = coxLoss(values.reshaped(to: [-1]), times: batch[1], events: batch[2], ties: ties)
      // The loss is a mean over events.
      return StepResult(loss: loss, weight: batch[2].sum().scalar)
    case .hazards:
      let losses = binaryCrossEntropy(values, targets: batch[2], reduction: .none) * batch[1]
      return StepResult(loss: losses.sum() / Double(max(batch[1].shape[0], 1)))
    }
  }

  static func layers(inputs: Int, hidden: [Int], outputs: Int, dropout: Double, key: RandomKey) -> Sequential {
    var layers: [any Layer] = []
    var width = inputs
    for (index, next) in hidden.enumerated() {
      layers.append(Dense(width, next, activation: .relu, key: key[index]))
      if dropout > 0 { layers.append(Dropout(dropout)) }
      width = next
    }
    layers.append(Dense(width, outputs, key: key["output"]))
    return Sequential(layers)
  }

  private func check() throws {
    if case .hazards(let count) = output { try requireSetting(count >= 2, "intervals", count, "at least 2") }
    for width in hidden { try requireSetting(width >= 1, "hidden", width, "at least 1") }
    try requireSetting(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0 and below 1")
    try requireSetting(epochs >= 1, "epochs", epochs, "at least 1")
    try requireSetting(batchSize >= 1, "batchSize", batchSize, "at least 1")
    try requireSetting(learningRate > 0, "learningRate", learningRate, "above 0")
    try requireSetting(weightDecay >= 0, "weightDecay", weightDecay, "at least 0")
    try requireSetting(patience >= 1, "patience", patience, "at least 1")
  }
}
