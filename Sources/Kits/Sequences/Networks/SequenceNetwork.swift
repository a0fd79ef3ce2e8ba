import Basics
import Estimators
import Evaluation
import Kernels
import Networks
import Tensors

/// Networks that read windows of the recent past, averaged over several starts: convolutions, LSTM, GRU, temporal
/// convolutions or a transformer.
///
/// Features named "sensor 4 @-29" ... "sensor 4 @0" are the steps of a window (`RawWindows` makes them); all others,
/// such as an age, join behind what reads the window. Channels are standardised over all steps of the training rows.
/// Training is Adam with decoupled weight decay (Loshchilov and Hutter 2019) along one cycle of the learning rate
/// (Smith and Topin 2018), with averaged weights. With validation data in the context a member keeps its best epoch by
/// them and stops early; without, it runs its full course on all rows, which the schedule is made for.
///
/// Members are trained side by side. Numbers that are predicted stay within the labels seen.
public struct SequenceNetwork: Estimator, Hashable {
  /// How windows are read.
  public var architecture: SequenceArchitecture
  /// The size of the layer before the output, 1 ... 4096.
  public var headWidth = 64
  /// The share of numbers dropped in training before and behind that layer, and between recurrent layers, 0 ... 0.9.
  public var dropout = 0.2
  /// What is minimised for numbers.
  public var loss = SequenceLoss.squared
  /// The largest step size, above 0 and at most 1.
  public var learningRate = 3e-3
  /// What a step of rate 1 takes off the weights, 0 ... 10.
  public var weightDecay = 0.01
  /// The most passes over the rows, at least 1.
  public var epochs = 15
  /// Rows per step, 1 ... 65536.
  public var batchSize = 256
  /// The largest norm of a step's gradients, above 0.
  public var gradientNorm = 1.0
  /// The decay of averaged weights, 0 ... below 1; nil for the last ones.
  public var averagingDecay: Double? = 0.99
  /// The epochs without improvement on validation data after which a member stops, at least 1.
  public var patience = 5
  /// Networks averaged, 1 ... 100.
  public var members = 2
  /// The training rows used, at least 1; of more rows a random sample is taken.
  public var maximumRows = 200_000

  /// The default configuration of an architecture.
  public init(_ architecture: SequenceArchitecture) { self.architecture = architecture }

  /// Learns from data; see `Estimator`. The model is a `SequenceNetworkModel`.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try checkParameters()
    try data.checkRows()
    try context.interruption.check()
    var kept = data
    if data.rowCount > maximumRows {
      var stream = context.key["sequence rows"].stream()
      kept = data.selecting(rows: stream.permutation(of: data.rowCount).prefix(maximumRows).sorted())
    }
    let encoding = try SequenceEncoding(kept.features, architecture: architecture, threads: context.threads)
    let objective = SequenceObjective(kept, loss: loss)
    let shape = SequenceShape(
      architecture: architecture, length: encoding.layout.rowsAgo.count, channels: encoding.channels,
      statics: encoding.statics.width, headWidth: headWidth, dropout: dropout, outputs: objective.width)
    let training = try SequenceTraining.rows(kept, encoding, objective, threads: context.threads)
    var validation: TensorDataset?
    if let held = context.validation, held.rowCount > 0 {
      try held.checkRows()
      validation = try SequenceTraining.rows(held, encoding, objective, threads: context.threads)
    }
    let trained = parallelMap(members, threads: context.threads) { [validation] member in
      Result {
        // Members that wait for a thread need their part of the time.
        let turns = (members - 1) / max(1, context.threads) - member / max(1, context.threads) + 1
        let module = SequenceModule(shape, start: objective.start, key: context.key["network"][member])
        try Compute.$threads.withValue(max(1, context.threads / members)) {
          try SequenceTraining(
            settings: self, encoding: encoding, objective: objective, key: context.key["training"][member],
            deadline: context.deadline.earlier(after: context.deadline.secondsLeft / Double(turns)),
            interruption: context.interruption, keepsUnfinished: context.keepsUnfinished
          ).run(module, training, validation)
        }
        return module
      }
    }
    return SequenceNetworkModel(
      encoding: encoding, objective: objective, shape: shape, members: try trained.map { try $0.get() })
  }

  private func checkParameters() throws {
    try architecture.check()
    try loss.check()
    func verify(_ holds: Bool, _ parameter: String, _ value: some CustomStringConvertible, _ range: String) throws {
      if !holds { throw AssayError(.configuration, "\(parameter) is \(value), it must be \(range)") }
    }
    try verify((1...4096).contains(headWidth), "headWidth", headWidth, "in 1 ... 4096")
    try verify((0...0.9).contains(dropout), "dropout", dropout, "in 0 ... 0.9")
    try verify(learningRate > 0 && learningRate <= 1, "learningRate", learningRate, "above 0 and at most 1")
    try verify((0...10).contains(weightDecay), "weightDecay", weightDecay, "in 0 ... 10")
    try verify(epochs >= 1, "epochs", epochs, "at least 1")
    try verify((1...65536).contains(batchSize), "batchSize", batchSize, "in 1 ... 65536")
    try verify(gradientNorm > 0, "gradientNorm", gradientNorm, "above 0")
    if let decay = averagingDecay {
      try verify(decay >= 0 && decay < 1, "averagingDecay", decay, "at least 0 and below 1")
    }
    try verify(patience >= 1, "patience", patience, "at least 1")
    try verify((1...100).contains(members), "members", members, "in 1 ... 100")
    try verify(maximumRows >= 1, "maximumRows", maximumRows, "at least 1")
  }
}

extension TrainingData {
  /// Refuses what no network can learn from.
  ///
  /// - Throws: a `data` error for no rows, infinite features, labels that are missing, infinite or no class, and weights
  ///   that are negative, not finite or all zero.
  func checkRows() throws {
    guard rowCount > 0 else {
      throw AssayError(.data, "there are no rows to learn from", remedy: "give at least one row")
    }
    try features.checkNumbers()
    let classes = task.classes.count
    for (row, label) in labels.enumerated() {
      guard label.isFinite else {
        throw AssayError(
          .data, "the target is missing or infinite", at: "row \(row + 1)", remedy: "leave such rows out")
      }
      if classes > 0, label != label.rounded() || label < 0 || label >= Double(classes) {
        throw AssayError(.data, "\(label) is not the number of one of the \(classes) classes", at: "row \(row + 1)")
      }
    }
    guard let weights else { return }
    for (row, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
      throw AssayError(.data, "the weight \(weight) is not a number of at least 0", at: "row \(row + 1)")
    }
    if !weights.contains(where: { $0 > 0 }) { throw AssayError(.data, "all weights are 0") }
  }
}

extension FeatureMatrix {
  /// - Throws: a `data` error that names a feature with an infinite number.
  func checkNumbers() throws {
    for (feature, column) in zip(features, columns) {
      let values: [Float]
      switch column {
      case .dense(let numbers), .sparse(_, let numbers): values = numbers
      }
      if values.contains(where: \.isInfinite) {
        throw AssayError(
          .data, "an infinite value", at: "column \"\(feature.source)\"",
          remedy: "replace it by a number, or leave it empty")
      }
    }
  }
}
