import Basics
import Tensors

/// The beginning and the end of a run.
extension TrainingRun {
  /// Refuses what cannot be trained or learned from.
  func checkInputs() throws {
    guard data.count > 0 else {
      throw AssayError(.data, "the training data have no rows", remedy: "give at least one row")
    }
    if let validation, validation.count == 0 {
      throw AssayError(.data, "the validation data have no rows", remedy: "give at least one row, or no such data")
    }
    guard parameters.contains(where: \.parameter.isTrainable) else {
      throw AssayError(
        .configuration, "the model has no parameter that can be trained",
        remedy: "make its parameters stored properties of modules, and do not freeze all of them")
    }
  }

  /// Refuses to watch a quantity that nobody computes.
  func checkWatched(_ rule: EarlyStopping, _ record: EpochRecord) throws {
    let values = record.validation ?? record.training
    guard values[rule.metric] == nil else { return }
    throw AssayError(
      .configuration,
      "the quantity to watch, \"\(rule.metric)\", is not among the metrics: "
        + values.keys.sorted().joined(separator: ", "), at: "early stopping",
      remedy: "choose one of them, or compute it in the step")
  }

  /// The values of all parameters by path; they share memory until the next step.
  var weights: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.parameter.stored) })
  }

  /// What layers keep for themselves, such as running means.
  func untrainable() -> [(parameter: Parameter, value: Tensor)] {
    parameters.compactMap { $0.parameter.isTrainable ? nil : ($0.parameter, $0.parameter.stored) }
  }

  func restore(_ values: [(parameter: Parameter, value: Tensor)]) {
    for (parameter, value) in values { parameter.value = value }
  }

  func withPrecision<Result>(_ body: () throws -> Result) rethrows -> Result {
    try trainer.usesBFloat16 ? Precision.$current.withValue(.bfloat16, operation: body) : body()
  }

  /// The batches by which the model is judged: in the order of the rows, or of their lengths where batches are by length.
  func judgingBatches(of rows: any Dataset) throws -> [[Int]] {
    let sampler = BatchSampler(batchSize: trainer.batches.batchSize, order: .given)
    guard case .bucketed = trainer.batches.order else { return try sampler.batches(of: rows, key: key) }
    let order = (0..<rows.count).sorted { (rows.length(of: $0) ?? 0, $0) < (rows.length(of: $1) ?? 0, $1) }
    return try sampler.batches(of: rows, key: key).map { $0.map { order[$0] } }
  }

  /// Writes the last checkpoint, gives the model its final weights, and says how the run ended.
  func finish() throws -> TrainingResult {
    dropPending()
    // A run that is over wrote its checkpoint at the end of its last epoch.
    if !isOver { try save() }
    try settle()
    tell(.end)
    let natural: TrainingResult.Ending = state.hasStopped ? .earlyStopping : .completed
    return TrainingResult(
      ending: ending ?? natural, history: state.history, bestEpoch: state.bestEpoch, stepCount: state.step)
  }

  /// Leaves the model usable after an error, and the checkpoint up to date if the task was cancelled.
  func leave(after error: any Error) throws -> Never {
    defer { tell(.end) }
    dropPending()
    if error is CancellationError { try save() }
    try settle()
    throw error
  }

  /// Gives the model the weights of the best epoch, else the averaged ones; else it keeps the last ones.
  private func settle() throws {
    if let weights = best ?? average?.weights { try model.load(weights) }
  }
}
