import Basics
import Estimators
import Evaluation
import Foundation
import Networks
import Tensors

/// What a sequence network minimises for numbers; classes have the log loss.
public enum SequenceLoss: Sendable, Hashable, Codable {
  /// The squared error: predicts the mean.
  case squared
  /// The squared error up to `delta` standard deviations of the labels, the absolute one beyond (Huber 1964).
  case huber(delta: Double)
  /// The quantile loss: predicts one number per level, rising; each level above 0 and below 1, themselves rising. Such a
  /// model's predictions are as wide as there are levels.
  case quantiles([Double])

  /// - Throws: a `configuration` error for values out of range.
  func check() throws {
    switch self {
    case .squared: break
    case .huber(let delta):
      if !(delta > 0) {
        throw AssayError(.configuration, "the delta of the Huber loss is \(delta), it must be above 0")
      }
    case .quantiles(let levels):
      let isRising = zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 }
      if levels.isEmpty || !isRising || !levels.allSatisfy({ $0 > 0 && $0 < 1 }) {
        throw AssayError(.configuration, "the levels \(levels) must rise and lie between 0 and 1")
      }
    }
  }
}

/// What the outputs of a sequence network stand for.
struct SequenceObjective: Sendable, Hashable, Codable {
  let task: LearningTask
  let loss: SequenceLoss
  /// Regression: outputs are labels minus the mean over the deviation.
  let mean: Double
  let deviation: Double
  let lowest: Double
  let highest: Double
  /// The outputs of a network that knows nothing.
  let start: [Float]

  init(_ data: TrainingData, loss: SequenceLoss) {
    task = data.task
    self.loss = loss
    let weights = data.weights ?? Array(repeating: 1, count: data.rowCount)
    let total = weights.reduce(0, +)
    lowest = data.labels.min() ?? 0
    highest = data.labels.max() ?? 0
    guard data.task == .regression else {
      var shares = [Double](repeating: 0, count: data.task.width)
      for (label, weight) in zip(data.labels, weights) { shares[Int(label)] += weight / total }
      start = shares.map { Float(log(max($0, 1e-5))) }
      (mean, deviation) = (0, 1)
      return
    }
    let mean = zip(data.labels, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) }
    let variance = zip(data.labels, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * ($1.1 / total) }
    let deviation = variance > 0 ? variance.squareRoot() : 1
    (self.mean, self.deviation) = (mean, deviation)
    if case .quantiles(let levels) = loss {
      let sorted = data.labels.sorted()
      start = levels.map { Float((sorted[min(sorted.count - 1, Int($0 * Double(sorted.count)))] - mean) / deviation) }
    } else {
      start = [0]
    }
  }

  /// The numbers that a prediction has.
  var width: Int { start.count }

  /// The labels as the network learns them.
  func targets(_ labels: [Double]) -> Tensor {
    task == .regression
      ? Tensor(labels.map { Float(($0 - mean) / deviation) }) : Tensor(labels.map { Int32($0) })
  }

  /// The mean loss of rows, weighed by numbers whose mean over all training rows is 1.
  func loss(_ outputs: Tensor, targets: Tensor, weights: Tensor?) -> Tensor {
    let losses: Tensor
    switch (task, loss) {
    case (.classification, _): losses = crossEntropy(outputs, labels: targets, reduction: .none)
    case (.regression, .squared):
      losses = meanSquaredError(outputs.squeezed(axes: [1]), targets: targets, reduction: .none)
    case (.regression, .huber(let delta)):
      losses = huberLoss(outputs.squeezed(axes: [1]), targets: targets, delta: delta, reduction: .none)
    case (.regression, .quantiles(let levels)):
      losses = pinballLoss(outputs, targets: targets, quantiles: levels, reduction: .none).mean(axes: [1])
    }
    return weights.map { (losses * $0).mean() } ?? losses.mean()
  }

  /// Adds the predictions that outputs stand for to sums, row after row.
  func add(_ outputs: [Float], to sums: inout [Double]) {
    if task == .regression {
      for (place, output) in outputs.enumerated() {
        sums[place] += min(max(mean + deviation * Double(output), lowest), highest)
      }
      return
    }
    for row in stride(from: 0, to: outputs.count, by: width) {
      let top = outputs[row..<row + width].max() ?? 0
      let shares = outputs[row..<row + width].map { exp(Double($0 - top)) }
      let total = shares.reduce(0, +)
      for (k, share) in shares.enumerated() { sums[row + k] += share / total }
    }
  }

  /// Puts quantiles that crossed into order.
  func finish(_ values: inout [Double]) {
    guard case .quantiles = loss, task == .regression, width > 1 else { return }
    for row in stride(from: 0, to: values.count, by: width) {
      values.replaceSubrange(row..<row + width, with: values[row..<row + width].sorted())
    }
  }
}
