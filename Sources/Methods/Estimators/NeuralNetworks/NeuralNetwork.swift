import Basics
import Evaluation
import Foundation
import Kernels

/// Fully connected networks for tables, averaged over several starts.
///
/// Each member is trained by Adam with decoupled weight decay (Loshchilov and Hutter 2019) along a rising and falling
/// rate, with dropout, and keeps the state after the epoch with the least loss on the validation data of the context,
/// else on its own share of the training rows. Regression predicts no number beyond the labels seen. Inputs: see the
/// guide of the piecewise-linear code of numbers and learned vectors of categories (Gorishniy and others 2022).
///
/// Members are trained side by side, one thread each. Cost per epoch: rows x weights.
public struct NeuralNetwork: Estimator, Hashable {
  /// The function between layers.
  public enum Activation: String, Sendable, Hashable, Codable {
    /// max(z, 0).
    case relu
    /// z times its sigmoid: smooth.
    case silu
  }

  /// The widths of the hidden layers: 1 to 4 of them, 1 ... 4096 each.
  public var hiddenWidths = [256, 128]
  /// The function between layers.
  public var activation = Activation.silu
  /// The share of hidden entries dropped in training, 0 ... 0.9.
  public var dropout = 0.1
  /// The largest step of the weights, above 0 and at most 1.
  public var learningRate = 2e-3
  /// What a step of rate 1 takes off the weights, 0 ... 10.
  public var weightDecay = 0.02
  /// The passes through the rows, at least 1; nil takes 200 for small tables down to 24 for 100,000 rows.
  public var epochs: Int?
  /// Rows per step, 1 ... 65536; nil takes 32 for small tables up to 256.
  public var batchSize: Int?
  /// Networks averaged, 1 ... 100.
  public var members = 4
  /// The share of rows that a member holds out where the context has no validation data, above 0 and below 1.
  public var heldOutShare = 0.15
  /// The training rows used, at least 1; of more rows a random sample is taken.
  public var maximumRows = 100_000

  /// The default configuration.
  public init() {}

  /// Learns from data; see `Estimator`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try checkParameters()
    try data.checkLearnable()
    try context.interruption.check()
    var kept = data
    if data.rowCount > maximumRows {
      var stream = context.key["network rows"].stream()
      kept = data.selecting(rows: stream.permutation(of: data.rowCount).prefix(maximumRows).sorted())
    }
    let encoding = try NetworkEncoding(kept, context: context)
    let shape = NetworkShape(
      encoding, hidden: hiddenWidths, outputs: data.task.width, activation: activation)
    let target = NetworkTarget(kept)
    let training = NetworkRows(encoding, kept, target, threads: context.threads)
    var validation: NetworkRows?
    if let held = context.validation, held.rowCount > 0 {
      try held.checkLearnable()
      validation = NetworkRows(encoding, held, target, threads: context.threads)
    }
    let trained = parallelMap(members, threads: context.threads) { [kept, validation] member in
      Result {
        let key = context.key["network"][member]
        // Members that wait for a thread need their part of the time.
        let turns = (members - 1) / context.threads - member / context.threads + 1
        var trainer = NetworkTrainer(
          self, shape, target, split(training, validation, kept, key), key: key,
          deadline: context.deadline.earlier(after: context.deadline.secondsLeft / Double(turns)),
          interruption: context.interruption)
        return PackedNumbers(try trainer.run())
      }
    }
    return NeuralNetworkModel(
      task: data.task, encoding: encoding, shape: shape, target: target,
      members: try trained.map { try $0.get() })
  }

  /// The rows a member learns from and those it is judged by.
  private func split(
    _ training: NetworkRows, _ validation: NetworkRows?, _ data: TrainingData, _ key: RandomKey
  ) -> NetworkTrainer.Split {
    let all = Array(0..<data.rowCount)
    if let validation {
      return NetworkTrainer.Split(training: training, rows: all, judge: validation, judged: Array(0..<validation.count))
    }
    let heldOut = Int(heldOutShare * Double(data.rowCount))
    // Too few rows to judge by: the full course is run on all of them.
    guard heldOut >= 10 else { return NetworkTrainer.Split(training: training, rows: all, judge: training, judged: []) }
    var stream = key["held out"].stream()
    var order = stream.permutation(of: data.rowCount)
    if data.task != .regression {
      var rank = [Int](repeating: 0, count: order.count)
      for (position, row) in order.enumerated() { rank[row] = position }
      // By class, then every so many rows: each class is held out by its share.
      order.sort { (data.labels[$0], rank[$0]) < (data.labels[$1], rank[$1]) }
    }
    var isHeld = [Bool](repeating: false, count: data.rowCount)
    for held in 0..<heldOut { isHeld[order[held * data.rowCount / heldOut]] = true }
    return NetworkTrainer.Split(
      training: training, rows: all.filter { !isHeld[$0] }, judge: training, judged: all.filter { isHeld[$0] })
  }

  private func checkParameters() throws {
    try require(
      (1...4).contains(hiddenWidths.count) && hiddenWidths.allSatisfy { (1...4096).contains($0) }, "hiddenWidths",
      hiddenWidths, "1 to 4 widths in 1 ... 4096")
    try require((0...0.9).contains(dropout), "dropout", dropout, "in 0 ... 0.9")
    try require(learningRate > 0 && learningRate <= 1, "learningRate", learningRate, "above 0 and at most 1")
    try require((0...10).contains(weightDecay), "weightDecay", weightDecay, "in 0 ... 10")
    if let epochs { try require(epochs >= 1, "epochs", epochs, "at least 1") }
    if let batchSize { try require((1...65536).contains(batchSize), "batchSize", batchSize, "in 1 ... 65536") }
    try require((1...100).contains(members), "members", members, "in 1 ... 100")
    try require(heldOutShare > 0 && heldOutShare < 1, "heldOutShare", heldOutShare, "above 0 and below 1")
    try require(maximumRows >= 1, "maximumRows", maximumRows, "at least 1")
  }
}
