import Basics
import Evaluation
import Foundation

/// What the outputs of a network stand for.
struct NetworkTarget: Sendable, Codable {
  let task: LearningTask
  /// Regression: outputs are labels minus the mean over the deviation.
  let mean: Double
  let deviation: Double
  let lowest: Double
  let highest: Double
  /// The outputs of a network that knows nothing.
  let start: [Float]

  init(_ data: TrainingData) {
    task = data.task
    let weights = data.rowWeights
    let total = weights.reduce(0, +)
    if data.task == .regression {
      let mean = zip(data.labels, weights).reduce(0) { $0 + $1.0 * ($1.1 / total) }
      let variance = zip(data.labels, weights).reduce(0) {
        $0 + ($1.0 - mean) * ($1.0 - mean) * ($1.1 / total)
      }
      self.mean = mean
      deviation = variance > 0 ? variance.squareRoot() : 1
      start = [0]
    } else {
      var shares = [Double](repeating: 0, count: data.task.width)
      for (label, weight) in zip(data.labels, weights) { shares[Int(label)] += weight / total }
      start = shares.map { Float(log(max($0, 1e-5))) }
      mean = 0
      deviation = 1
    }
    lowest = data.labels.min() ?? 0
    highest = data.labels.max() ?? 0
  }

  /// Beyond so many deviations an error counts in proportion (Huber 1964): single extreme labels must not throw the
  /// weights about.
  private static let farError = 5.0

  /// Turns the outputs of a row into predictions.
  func predict(_ outputs: UnsafePointer<Float>, into result: UnsafeMutablePointer<Double>) {
    if task == .regression {
      result[0] = min(max(mean + deviation * Double(outputs[0]), lowest), highest)
      return
    }
    var top = -Double.infinity
    for k in 0..<task.width { top = max(top, Double(outputs[k])) }
    var total = 0.0
    for k in 0..<task.width {
      result[k] = exp(Double(outputs[k]) - top)
      total += result[k]
    }
    for k in 0..<task.width { result[k] /= total }
  }

  /// The loss of a row: the log loss, or half the squared error in deviations.
  private func loss(_ outputs: UnsafePointer<Float>, label: Double, _ shares: inout [Double]) -> Double {
    if task == .regression {
      let size = abs(Double(outputs[0]) - label)
      let far = NetworkTarget.farError
      return size <= far ? 0.5 * size * size : far * (size - 0.5 * far)
    }
    shares.withUnsafeMutableBufferPointer { predict(outputs, into: $0.baseAddress!) }
    return -log(max(shares[Int(label)], 1e-15))
  }

  /// The derivative of the mean loss of some rows in their outputs.
  func gradient(_ outputs: [Float], _ data: NetworkRows, _ rows: ArraySlice<Int>) -> [Float] {
    let width = task.width
    var result = [Float](repeating: 0, count: rows.count * width)
    var shares = [Double](repeating: 0, count: width)
    let unit = 1 / Double(rows.count)
    outputs.withUnsafeBufferPointer { outputs in
      for (at, row) in rows.enumerated() {
        let weight = data.weights[row] * unit
        if task == .regression {
          let error = Double(outputs[at]) - data.labels[row]
          result[at] = Float(weight * min(max(error, -NetworkTarget.farError), NetworkTarget.farError))
          continue
        }
        shares.withUnsafeMutableBufferPointer { predict(outputs.baseAddress! + at * width, into: $0.baseAddress!) }
        let label = Int(data.labels[row])
        for k in 0..<width { result[at * width + k] = Float(weight * (shares[k] - (k == label ? 1 : 0))) }
      }
    }
    return result
  }

  /// The weighted sum of the losses of some rows, and their weight.
  func totalLoss(_ outputs: [Float], _ data: NetworkRows, _ rows: ArraySlice<Int>) -> (loss: Double, weight: Double) {
    var shares = [Double](repeating: 0, count: task.width)
    var loss = 0.0
    var weight = 0.0
    outputs.withUnsafeBufferPointer { outputs in
      for (at, row) in rows.enumerated() {
        weight += data.weights[row]
        loss +=
          data.weights[row]
          * self.loss(outputs.baseAddress! + at * task.width, label: data.labels[row], &shares)
      }
    }
    return (loss, weight)
  }
}

/// Encoded rows with their labels; weights have the mean 1.
struct NetworkRows: Sendable {
  let dense: [Float]
  let positions: [Int32]
  /// Standardised for regression.
  let labels: [Double]
  let weights: [Double]

  var count: Int { labels.count }

  init(_ encoding: NetworkEncoding, _ data: TrainingData, _ target: NetworkTarget, threads: Int) {
    (dense, positions) = encoding.encode(data.features, threads: threads)
    labels = data.task == .regression ? data.labels.map { ($0 - target.mean) / target.deviation } : data.labels
    let mean = data.rowWeights.reduce(0, +) / Double(data.rowCount)
    weights = data.rowWeights.map { $0 / mean }
  }
}
