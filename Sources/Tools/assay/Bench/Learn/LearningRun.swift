import Basics
import Networks
import Tensors

/// A network, how it is trained, and the rows to train, choose and test on; the last tensor of a batch are the labels.
struct LearningRun<Network: Module> {
  let network: Network
  var trainer: Trainer
  var optimizer: AdamW
  let parts: LearningParts
  /// Added to the loss in training.
  var penalty: ((Network) -> Tensor)?
  /// [rows, classes] from a batch.
  let logits: (_ network: Network, _ batch: [Tensor], _ pass: Pass) -> Tensor

  /// Trains, keeps the weights of the epoch that the validation part prefers, and only then looks at the test part.
  func run(key: RandomKey) throws -> LearningFigures {
    let start = ContinuousClock.now
    let result = try trainer.fit(
      network, optimizer: optimizer, data: parts.training, validation: parts.validation, key: key,
      progress: TerminalProgress().show
    ) { network, batch, pass in
      var result = try StepResult.classification(logits(network, batch, pass), labels: batch[batch.count - 1])
      if pass.isTraining, let penalty { result.loss = result.loss + penalty(network) }
      return result
    }
    let duration = seconds(start.duration(to: .now))
    return LearningFigures(
      testAccuracy: try accuracy(on: parts.test), validationAccuracy: try accuracy(on: parts.validation),
      seconds: duration, epochs: result.history.count, parameters: network.trainableCount)
  }

  /// The share of rows whose class has the greatest logit.
  private func accuracy(on rows: any Dataset) throws -> Double {
    // What is drawn in a batch is drawn in training alone, so the key does not matter.
    let key = RandomKey(seed: 0)
    var hits = 0.0
    for start in stride(from: 0, to: rows.count, by: 250) {
      let batch = try rows.batch(at: Array(start..<min(rows.count, start + 250)), key: key)
      let result = try StepResult.classification(logits(network, batch, .inference), labels: batch[batch.count - 1])
      hits += (result.metrics["accuracy"] ?? 0) * Double(batch[0].shape[0])
    }
    return (hits / Double(rows.count) * 1e6).rounded() / 1e6
  }
}

/// The rows to learn from, to choose the best epoch by, and to judge the chosen one by.
struct LearningParts {
  let training: any Dataset
  let validation: any Dataset
  let test: any Dataset
}

/// What a run of the benchmark gives.
struct LearningFigures: Encodable {
  var set = ""
  let testAccuracy: Double
  let validationAccuracy: Double
  /// The time of training with its validation, without reading the file and without the test.
  let seconds: Double
  let epochs: Int
  let parameters: Int

  private enum CodingKeys: String, CodingKey {
    case set, seconds, epochs, parameters
    case testAccuracy = "test_accuracy"
    case validationAccuracy = "validation_accuracy"
  }
}
