import Basics
import CKernels
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

/// Trains one network.
struct NetworkTrainer {
  struct Split: Sendable {
    let training: NetworkRows
    let rows: [Int]
    let judge: NetworkRows
    /// Empty if there is nothing to judge by.
    let judged: [Int]
  }

  private let settings: NeuralNetwork
  private let shape: NetworkShape
  private let target: NetworkTarget
  private let split: Split
  private let key: RandomKey
  private let deadline: Deadline
  private let interruption: Interruption
  private let batch: Int
  private let epochs: Int
  private var parameters: [Float]
  private var gradient: [Float]
  private var firstMoment: [Float]
  private var secondMoment: [Float]
  private var step = 0

  private static let firstFactor = 0.9
  private static let secondFactor = 0.99
  /// The share of the steps in which the rate rises.
  private static let warmShare = 0.1

  init(
    _ settings: NeuralNetwork, _ shape: NetworkShape, _ target: NetworkTarget, _ split: Split, key: RandomKey,
    deadline: Deadline, interruption: Interruption
  ) {
    self.settings = settings
    self.shape = shape
    self.target = target
    self.split = split
    self.key = key
    self.deadline = deadline
    self.interruption = interruption
    let count = Double(split.rows.count)
    batch = settings.batchSize ?? (count < 1500 ? 32 : count < 5000 ? 64 : count < 20000 ? 128 : 256)
    epochs = settings.epochs ?? Int(min(200, max(24, 200 * (1000 / count).squareRoot())))
    parameters = NetworkTrainer.initial(shape, target, key["weights"])
    gradient = Array(repeating: 0, count: parameters.count)
    firstMoment = gradient
    secondMoment = gradient
  }

  /// Weights of variance 2 / inputs (He and others 2015), an output layer that starts at the shares or the mean.
  private static func initial(_ shape: NetworkShape, _ target: NetworkTarget, _ key: RandomKey) -> [Float] {
    var stream = key.stream()
    var parameters = [Float](repeating: 0, count: shape.count)
    for layer in 0..<shape.layerCount - 1 {
      let size = (2 / Double(max(1, shape.widths[layer]))).squareRoot()
      for index in shape.weightStart(layer)..<shape.biasStart(layer) {
        parameters[index] = Float(size * stream.normal())
      }
    }
    let bias = shape.biasStart(shape.layerCount - 1)
    for (k, start) in target.start.enumerated() { parameters[bias + k] = start }
    for index in shape.tableStart(0)..<shape.count { parameters[index] = Float(0.3 * stream.normal()) }
    return parameters
  }

  /// The numbers of the trained network.
  mutating func run() throws -> [Float] {
    var pass = NetworkPass(shape, capacity: batch)
    let perEpoch = (split.rows.count + batch - 1) / batch
    let steps = perEpoch * epochs
    var best = (loss: Double.infinity, parameters: parameters, epoch: 0)
    for epoch in 0..<epochs {
      var stream = key["order"][epoch].stream()
      let order = stream.permutation(of: split.rows.count).map { split.rows[$0] }
      for start in stride(from: 0, to: order.count, by: batch) {
        try interruption.check()
        learn(order[start..<min(order.count, start + batch)], &pass, steps: steps)
      }
      if !split.judged.isEmpty {
        let loss = judge(&pass)
        if loss < best.loss { best = (loss, parameters, epoch) }
        if epoch - best.epoch > max(8, epochs / 4) { break }
      }
      if deadline.hasPassed { break }
    }
    return split.judged.isEmpty || !best.loss.isFinite ? parameters : best.parameters
  }

  private mutating func learn(_ rows: ArraySlice<Int>, _ pass: inout NetworkPass, steps: Int) {
    let training = split.training
    pass.forward(
      parameters, dense: training.dense, positions: training.positions, rows: rows,
      keep: Float(1 - settings.dropout), seed: key["dropout"].word(at: UInt64(step)))
    let slope = outputGradient(pass.outputs, rows)
    pass.backward(
      parameters, outputGradient: slope, positions: training.positions, rows: rows, into: &gradient)
    let progress = Double(step) / Double(max(steps, 1))
    let rate = settings.learningRate * rateShare(progress)
    step += 1
    let first = 1 - pow(NetworkTrainer.firstFactor, Double(step))
    let second = 1 - pow(NetworkTrainer.secondFactor, Double(step))
    func update(_ range: Range<Int>, decay: Double) {
      parameters.withUnsafeMutableBufferPointer { parameters in
        gradient.withUnsafeBufferPointer { gradient in
          firstMoment.withUnsafeMutableBufferPointer { first1 in
            secondMoment.withUnsafeMutableBufferPointer { second1 in
              assay_adam(
                parameters.baseAddress! + range.lowerBound, gradient.baseAddress! + range.lowerBound,
                first1.baseAddress! + range.lowerBound, second1.baseAddress! + range.lowerBound, range.count,
                Float(rate / first), Float(NetworkTrainer.firstFactor), Float(NetworkTrainer.secondFactor),
                Float(1 / second), Float(decay * rate))
            }
          }
        }
      }
    }
    for layer in 0..<shape.layerCount {
      update(shape.weightStart(layer)..<shape.biasStart(layer), decay: settings.weightDecay)
      update(shape.biasStart(layer)..<shape.weightStart(layer + 1), decay: 0)
    }
    if shape.tableStart(0) < shape.count { update(shape.tableStart(0)..<shape.count, decay: settings.weightDecay) }
  }

  /// Rises linearly, then falls along a cosine to zero.
  private func rateShare(_ progress: Double) -> Double {
    if progress < NetworkTrainer.warmShare { return (progress + 1e-3) / NetworkTrainer.warmShare }
    return 0.5 * (1 + cos(Double.pi * (progress - NetworkTrainer.warmShare) / (1 - NetworkTrainer.warmShare)))
  }

  /// The derivative of the mean loss of a batch in the outputs.
  private func outputGradient(_ outputs: [Float], _ rows: ArraySlice<Int>) -> [Float] {
    let width = shape.outputs
    let training = split.training
    var result = [Float](repeating: 0, count: rows.count * width)
    var shares = [Double](repeating: 0, count: width)
    let unit = 1 / Double(rows.count)
    for (at, row) in rows.enumerated() {
      let weight = training.weights[row] * unit
      if target.task == .regression {
        // Beyond 5 deviations the error counts in proportion: single extreme labels must not throw the weights about.
        let error = Double(outputs[at]) - training.labels[row]
        result[at] = Float(weight * min(max(error, -5), 5))
        continue
      }
      outputs.withUnsafeBufferPointer { outputs in
        shares.withUnsafeMutableBufferPointer {
          target.predict(outputs.baseAddress! + at * width, into: $0.baseAddress!)
        }
      }
      let label = Int(training.labels[row])
      for k in 0..<width { result[at * width + k] = Float(weight * (shares[k] - (k == label ? 1 : 0))) }
    }
    return result
  }

  /// The mean loss on the rows held out.
  private func judge(_ pass: inout NetworkPass) -> Double {
    let width = shape.outputs
    var shares = [Double](repeating: 0, count: width)
    var loss = 0.0
    var total = 0.0
    for start in stride(from: 0, to: split.judged.count, by: batch) {
      let rows = split.judged[start..<min(split.judged.count, start + batch)]
      pass.forward(
        parameters, dense: split.judge.dense, positions: split.judge.positions, rows: rows, keep: 1, seed: 0)
      for (at, row) in rows.enumerated() {
        let weight = split.judge.weights[row]
        total += weight
        if target.task == .regression {
          let error = Double(pass.outputs[at]) - split.judge.labels[row]
          loss += weight * error * error
        } else {
          pass.outputs.withUnsafeBufferPointer { outputs in
            shares.withUnsafeMutableBufferPointer {
              target.predict(outputs.baseAddress! + at * width, into: $0.baseAddress!)
            }
          }
          loss -= weight * log(max(shares[Int(split.judge.labels[row])], 1e-15))
        }
      }
    }
    return total > 0 ? loss / total : .infinity
  }
}
