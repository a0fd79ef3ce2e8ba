import Basics
import CKernels
import Foundation

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
  /// The share of the course done, 0 to 1, and what a step adds to it.
  private var progress = 0.0
  private var pace = 0.0

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
    parameters = shape.initialParameters(target, key["weights"])
    gradient = Array(repeating: 0, count: parameters.count)
    firstMoment = gradient
    secondMoment = gradient
  }

  /// The numbers of the trained network.
  mutating func run() throws -> [Float] {
    var pass = NetworkPass(shape, capacity: batch)
    let perEpoch = (split.rows.count + batch - 1) / batch
    var best = (loss: Double.infinity, parameters: parameters, epoch: 0)
    let start = ContinuousClock.now
    var epoch = 0
    while epoch < epochs {
      let left = affordableEpochs(done: epoch, since: start)
      pace = (1 - progress) / Double(max(1, left * perEpoch))
      var stream = key["order"][epoch].stream()
      let order = stream.permutation(of: split.rows.count).map { split.rows[$0] }
      for start in stride(from: 0, to: order.count, by: batch) {
        try interruption.check()
        learn(order[start..<min(order.count, start + batch)], &pass)
      }
      if !split.judged.isEmpty {
        let loss = judge(&pass)
        if loss < best.loss { best = (loss, parameters, epoch) }
        if epoch - best.epoch > max(8, epochs / 4) { break }
      }
      epoch += 1
      if progress > 1 - 0.5 * pace || deadline.hasPassed { break }
    }
    return split.judged.isEmpty || !best.loss.isFinite ? parameters : best.parameters
  }

  /// The epochs still to run: all that are left, or as many as fit before the deadline at the speed so far, so that the
  /// rate falls to zero in time.
  private func affordableEpochs(done: Int, since start: ContinuousClock.Instant) -> Int {
    let left = epochs - done
    guard done > 0, deadline.instant != nil else { return left }
    let perEpoch = seconds(start.duration(to: .now)) / Double(done)
    return max(1, min(left, Int(min(0.97 * deadline.secondsLeft / max(perEpoch, 1e-9), 1e6))))
  }

  private mutating func learn(_ rows: ArraySlice<Int>, _ pass: inout NetworkPass) {
    let training = split.training
    pass.forward(
      parameters, dense: training.dense, positions: training.positions, rows: rows,
      keep: Float(1 - settings.dropout), seed: key["dropout"].word(at: UInt64(step)))
    let slope = target.gradient(pass.outputs, training, rows)
    pass.backward(
      parameters, outputGradient: slope, positions: training.positions, rows: rows, into: &gradient)
    let rate = settings.learningRate * rateShare(progress)
    progress += pace
    step += 1
    let first = 1 - pow(NetworkTrainer.firstFactor, Double(step))
    let second = 1 - pow(NetworkTrainer.secondFactor, Double(step))
    func update(_ range: Range<Int>, decay: Double) {
      parameters.withUnsafeMutableBufferPointer { parameters in
        gradient.withUnsafeBufferPointer { gradient in
          firstMoment.withUnsafeMutableBufferPointer { first1 in
            secondMoment.withUnsafeMutableBufferPointer { second1 in
              assay_adam_step(
                parameters.baseAddress! + range.lowerBound, gradient.baseAddress! + range.lowerBound,
                first1.baseAddress! + range.lowerBound, second1.baseAddress! + range.lowerBound, range.count, rate,
                NetworkTrainer.firstFactor, NetworkTrainer.secondFactor, 1e-8, first, second, decay, 1, 1)
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

  /// The mean loss on the rows held out.
  private func judge(_ pass: inout NetworkPass) -> Double {
    var loss = 0.0
    var weight = 0.0
    for start in stride(from: 0, to: split.judged.count, by: batch) {
      let rows = split.judged[start..<min(split.judged.count, start + batch)]
      pass.forward(
        parameters, dense: split.judge.dense, positions: split.judge.positions, rows: rows, keep: 1, seed: 0)
      let total = target.totalLoss(pass.outputs, split.judge, rows)
      loss += total.loss
      weight += total.weight
    }
    return weight > 0 ? loss / weight : .infinity
  }
}
