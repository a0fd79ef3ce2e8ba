import Basics
import Tensors

/// What a batch gave: the loss to be lowered, and what else is to be known.
public struct StepResult: Sendable {
  /// One element: the mean loss over the rows of the batch.
  public var loss: Tensor
  /// Means over the rows of the batch by name, such as "accuracy"; averaged over batches by weight.
  public var metrics: [String: Double]
  /// What the batch counts beside others; its number of rows if nil.
  public var weight: Double?

  /// What a batch gave.
  ///
  /// - Parameters:
  ///   - loss: One element: the mean loss over the rows.
  ///   - metrics: Means over the rows by name; none unless given.
  ///   - weight: What the batch counts beside others; its number of rows unless given.
  public init(loss: Tensor, metrics: [String: Double] = [:], weight: Double? = nil) {
    self.loss = loss
    self.metrics = metrics
    self.weight = weight
  }

  /// The mean cross-entropy of classes, with the accuracy.
  ///
  /// - Parameters:
  ///   - logits: [rows, classes], before the softmax.
  ///   - labels: [rows], whole numbers in 0 ..< classes.
  /// - Throws: a `data` error that names the first label out of range.
  public static func classification(_ logits: Tensor, labels: Tensor) throws -> StepResult {
    require(
      logits.rank == 2 && labels.shape == [logits.shape[0]] && labels.type.isInteger, "classification",
      "labels of shape \(labels.shape) and type \(labels.type) for logits of shape \(logits.shape)")
    try checkIndices(labels, below: logits.shape[1], name: "labels of the batch")
    let loss = crossEntropy(logits, labels: labels)
    let hits = zip(logits.detached().argMax(axis: 1).doubles, labels.doubles).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return StepResult(loss: loss, metrics: ["accuracy": Double(hits) / Double(max(labels.count, 1))])
  }

  /// The mean squared error of numbers, with the mean absolute error as "absoluteError".
  ///
  /// - Parameters:
  ///   - predictions: Any shape.
  ///   - targets: As many numbers of the same type.
  public static func regression(_ predictions: Tensor, targets: Tensor) -> StepResult {
    require(
      predictions.count == targets.count && predictions.type == targets.type, "regression",
      "targets of shape \(targets.shape) and type \(targets.type) for predictions of shape \(predictions.shape) and type"
        + " \(predictions.type)")
    let difference = predictions - targets.reshaped(to: predictions.shape)
    return StepResult(
      loss: square(difference).mean(), metrics: ["absoluteError": abs(difference.detached()).mean().scalar])
  }
}

/// Sums of losses and metrics over batches, from which means are taken.
struct MetricSums: Sendable, Codable, Hashable {
  private var sums: [String: Double] = [:]
  /// What each metric counts, because a batch may lack one.
  private var weights: [String: Double] = [:]

  mutating func add(_ result: StepResult, rows: Int) {
    let weight = result.weight ?? Double(rows)
    add("loss", result.loss.scalar, weight)
    for (name, value) in result.metrics { add(name, value, weight) }
  }

  mutating func add(_ other: MetricSums) {
    for (name, sum) in other.sums {
      sums[name, default: 0] += sum
      weights[name, default: 0] += other.weights[name] ?? 0
    }
  }

  private mutating func add(_ name: String, _ value: Double, _ weight: Double) {
    sums[name, default: 0] += value * weight
    weights[name, default: 0] += weight
  }

  var means: [String: Double] {
    sums.reduce(into: [:]) { means, entry in
      if let weight = weights[entry.key], weight > 0 { means[entry.key] = entry.value / weight }
    }
  }
}
