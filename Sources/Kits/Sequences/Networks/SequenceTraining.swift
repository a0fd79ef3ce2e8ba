import Basics
import Estimators
import Networks
import Tensors

/// Trains one member of a sequence network.
struct SequenceTraining {
  let settings: SequenceNetwork
  let encoding: SequenceEncoding
  let objective: SequenceObjective
  let key: RandomKey
  let deadline: Deadline
  let interruption: Interruption
  let keepsUnfinished: Bool

  /// The share of the steps in which the learning rate rises.
  private static let rise = 0.2

  /// Rows as tensors: what the network reads, the targets, and the weights where rows have some.
  static func rows(
    _ data: TrainingData, _ encoding: SequenceEncoding, _ objective: SequenceObjective, threads: Int
  ) throws -> TensorDataset {
    var tensors = encoding.tensors(data.features, threads: threads) + [objective.targets(data.labels)]
    if let weights = data.weights {
      let mean = weights.reduce(0, +) / Double(weights.count)
      tensors.append(Tensor(weights.map { Float($0 / mean) }))
    }
    return try TensorDataset(tensors)
  }

  /// Trains a network in place.
  func run(_ module: SequenceModule, _ training: TensorDataset, _ validation: TensorDataset?) throws {
    var trainer = Trainer(epochs: settings.epochs, batches: BatchSampler(batchSize: settings.batchSize))
    trainer.schedule = .oneCycle(steps: max(1, trainer.stepCount(rows: training.count)), rise: Self.rise)
    trainer.clipping = .norm(settings.gradientNorm)
    trainer.averagingDecay = settings.averagingDecay
    if validation != nil { trainer.earlyStopping = EarlyStopping(patience: settings.patience) }
    let result = try trainer.fit(
      module, optimizer: AdamW(learningRate: settings.learningRate, weightDecay: settings.weightDecay),
      data: training, validation: validation, key: key, deadline: deadline, interruption: interruption
    ) { module, batch, pass in
      let outputs = encoding.run(module, batch, pass)
      let count = encoding.tensorCount
      let loss = objective.loss(
        outputs, targets: batch[count], weights: batch.count > count + 1 ? batch[count + 1] : nil)
      return StepResult(loss: loss)
    }
    if result.ending == .interruption, !(keepsUnfinished && result.stepCount > 0) { try interruption.check() }
  }
}
