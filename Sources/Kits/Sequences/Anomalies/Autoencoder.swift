import Basics
import Estimators
import Kernels
import Networks
import Tensors

/// Finds unusual rows: those that a network cannot rebuild from few numbers, having learned to rebuild usual ones
/// (Hawkins and others, "Outlier detection using replicator neural networks", 2002).
///
/// Amounts are standardised and held within 10 deviations, categories become indicators. The network narrows a row down
/// to the code and widens it again; while it learns, a share of its inputs is missing (Vincent and others 2008), so that
/// it learns how features hang together. Members with their own starts are averaged. Rows of the context's validation
/// data, if there are any, decide when to stop; labels are never looked at.
public struct Autoencoder: AnomalyDetector, Hashable {
  /// The size of the narrowest layer, 1 ... 1024; nil for a quarter of the numbers of a row, 2 to 32.
  public var codeWidth: Int?
  /// The size of the layers before and behind it, 1 ... 4096; nil for twice the numbers of a row, 16 to 256.
  public var hiddenWidth: Int?
  /// The share of inputs that are missing in training, 0 ... 0.9.
  public var noise = 0.1
  /// The largest step size, above 0 and at most 1.
  public var learningRate = 3e-3
  /// The most passes over the rows, at least 1; nil for so many that about 6000 steps are taken, 5 to 100.
  public var epochs: Int?
  /// Rows per step, 1 ... 65536.
  public var batchSize = 256
  /// Networks averaged, 1 ... 100.
  public var members = 2
  /// The training rows used, at least 1; of more rows a random sample is taken.
  public var maximumRows = 200_000

  /// The default configuration.
  public init() {}

  private static let usualSteps = 6000

  /// Learns what is usual; see `AnomalyDetector`. The model is an `AutoencoderModel`.
  public func fit(_ features: FeatureMatrix, context: FitContext) throws -> any AnomalyModel {
    try checkParameters()
    guard features.rowCount > 0 else {
      throw AssayError(.data, "there are no rows to learn from", remedy: "give at least one row")
    }
    guard features.featureCount > 0 else {
      throw AssayError(.data, "there are no features to learn from", remedy: "give at least one")
    }
    try features.checkNumbers()
    try context.interruption.check()
    var kept = features
    if features.rowCount > maximumRows {
      var stream = context.key["autoencoder rows"].stream()
      kept = features.selecting(rows: stream.permutation(of: features.rowCount).prefix(maximumRows).sorted())
    }
    let positions = Array(features.features.indices)
    let scaling = FeatureScaling(kept, positions: positions)
    guard scaling.width > 0 else {
      throw AssayError(.data, "no feature has a value", remedy: "give at least one feature with values")
    }
    let shape = AutoencoderShape(
      width: scaling.width, hidden: hiddenWidth ?? min(max(2 * scaling.width, 16), 256),
      code: codeWidth ?? min(max(scaling.width / 4, 2), 32))
    func rows(_ matrix: FeatureMatrix) throws -> TensorDataset {
      try TensorDataset(
        Tensor(scaling.rows(matrix, positions: positions), shape: [matrix.rowCount, scaling.width]))
    }
    let training = try rows(kept)
    var validation: TensorDataset?
    if let held = context.validation, held.rowCount > 0 {
      try held.features.checkNumbers()
      validation = try rows(held.features)
    }
    let trained = parallelMap(members, threads: context.threads) { [validation] member in
      Result {
        let module = AutoencoderModule(shape, key: context.key["autoencoder"][member])
        try Compute.$threads.withValue(max(1, context.threads / members)) {
          try train(module, training, validation, key: context.key["training"][member], context)
        }
        return module
      }
    }
    return AutoencoderModel(scaling: scaling, shape: shape, members: try trained.map { try $0.get() })
  }

  private func train(
    _ module: AutoencoderModule, _ training: TensorDataset, _ validation: TensorDataset?, key: RandomKey,
    _ context: FitContext
  ) throws {
    let batches = (training.count + batchSize - 1) / batchSize
    var trainer = Trainer(
      epochs: epochs ?? min(max(Self.usualSteps / batches, 5), 100), batches: BatchSampler(batchSize: batchSize))
    trainer.schedule = .oneCycle(steps: max(1, trainer.stepCount(rows: training.count)), rise: 0.2)
    trainer.clipping = .norm(1)
    trainer.averagingDecay = 0.99
    if validation != nil { trainer.earlyStopping = EarlyStopping(patience: 10) }
    let result = try trainer.fit(
      module, optimizer: AdamW(learningRate: learningRate, weightDecay: 1e-4), data: training, validation: validation,
      key: key, deadline: context.deadline, interruption: context.interruption
    ) { module, batch, pass in
      var seen = batch[0]
      if pass.isTraining, noise > 0 { seen = Tensors.dropout(seen, rate: noise, key: pass.nextKey()) * (1 - noise) }
      return StepResult(loss: square(module(seen) - batch[0]).mean())
    }
    if result.ending == .interruption, !(context.keepsUnfinished && result.stepCount > 0) {
      try context.interruption.check()
    }
  }

  private func checkParameters() throws {
    func verify(_ holds: Bool, _ parameter: String, _ value: some CustomStringConvertible, _ range: String) throws {
      if !holds { throw AssayError(.configuration, "\(parameter) is \(value), it must be \(range)") }
    }
    if let codeWidth { try verify((1...1024).contains(codeWidth), "codeWidth", codeWidth, "in 1 ... 1024") }
    if let hiddenWidth { try verify((1...4096).contains(hiddenWidth), "hiddenWidth", hiddenWidth, "in 1 ... 4096") }
    try verify((0...0.9).contains(noise), "noise", noise, "in 0 ... 0.9")
    try verify(learningRate > 0 && learningRate <= 1, "learningRate", learningRate, "above 0 and at most 1")
    if let epochs { try verify(epochs >= 1, "epochs", epochs, "at least 1") }
    try verify((1...65536).contains(batchSize), "batchSize", batchSize, "in 1 ... 65536")
    try verify((1...100).contains(members), "members", members, "in 1 ... 100")
    try verify(maximumRows >= 1, "maximumRows", maximumRows, "at least 1")
  }
}

/// The sizes of an autoencoder.
struct AutoencoderShape: Sendable, Hashable, Codable {
  let width: Int
  let hidden: Int
  let code: Int
}

/// Layers that narrow and widen again.
struct AutoencoderModule: Module {
  let body: Sequential

  init(_ shape: AutoencoderShape, key: RandomKey) {
    body = Sequential {
      Dense(shape.width, shape.hidden, activation: .gelu, key: key["first"])
      Dense(shape.hidden, shape.code, key: key["code"])
      Dense(shape.code, shape.hidden, activation: .gelu, key: key["wide"])
      Dense(shape.hidden, shape.width, key: key["output"])
    }
  }

  /// Computes [rows, width] from the same shape.
  func callAsFunction(_ rows: Tensor) -> Tensor { body(rows) }
}
