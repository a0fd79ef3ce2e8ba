import Basics
import Foundation
import Tensors

/// One run of training: the loop's steps, between which everything lies in `state`, the parameters, the optimiser and the
/// averaged and best weights.
final class TrainingRun<Model: Module, Rule: Optimizer, Rows: Dataset> {
  let trainer: Trainer
  let model: Model
  let data: Rows
  let validation: (any Dataset)?
  let key: RandomKey
  let limits: TrainingLimits
  let report: ((TrainingProgress) -> Void)?
  let step: (Model, [Tensor], Pass) throws -> StepResult
  let parameters: [NamedParameter]
  let settings: [String: String]
  let baseRate: Double
  let start = ContinuousClock.now

  var state = TrainingState()
  var optimizer: Rule
  var average: WeightAverage?
  var best: [String: Tensor]?
  var pending = PendingStep()
  /// The rows of each batch of the open epoch.
  var plan: [[Int]] = []
  /// Why the run ends; nil while it goes on.
  var ending: TrainingResult.Ending?
  var trace = LossTrace()
  var epochStart = ContinuousClock.now
  var lastNorm = 0.0
  /// The steps that were taken before this run was resumed.
  var firstStep = 0
  /// The step that the checkpoint holds; nil where there is none.
  var savedStep: Int?
  /// What layers kept for themselves after the last step: batches that wait for a step may have to be learned from again.
  private var statistics: [(parameter: Parameter, value: Tensor)] = []

  init(
    _ trainer: Trainer, _ model: Model, _ optimizer: Rule, _ data: Rows, _ validation: (any Dataset)?, _ key: RandomKey,
    _ limits: TrainingLimits, _ report: ((TrainingProgress) -> Void)?,
    _ step: @escaping (Model, [Tensor], Pass) throws -> StepResult
  ) throws {
    try trainer.check()
    self.trainer = trainer
    self.model = model
    self.optimizer = optimizer
    self.data = data
    self.validation = validation
    self.key = key
    self.limits = limits
    self.report = report
    self.step = step
    parameters = model.parameters
    baseRate = optimizer.learningRate
    settings = trainer.settings(optimizer, key, rows: data.count, validationRows: validation?.count)
    state.plateau = trainer.plateau
    try checkInputs()
    average = trainer.averagingDecay.map { WeightAverage(parameters, decay: $0) }
    try resume()
    firstStep = state.step
    statistics = untrainable()
    if !isOver { try checkMemory() }
  }

  /// Whether there is nothing more to do.
  var isOver: Bool { state.hasStopped || state.epoch >= trainer.epochs }

  /// Opens the next epoch, or the one that was left open; false where there is none.
  func beginEpoch() throws -> Bool {
    if ending == nil { ending = try limits.ending() }
    guard ending == nil, !isOver else { return false }
    plan = try trainer.batches.batches(of: data, key: key["order"][state.epoch])
    epochStart = .now
    return true
  }

  /// The batches that are still to be learned from in this epoch.
  var openBatches: Range<Int> { min(state.batch, plan.count)..<plan.count }

  /// Makes the tensors of a batch, on any thread.
  func preparation() -> @Sendable (Int) throws -> [Tensor] {
    let (data, plan, key) = (data, plan, key["batch"][state.epoch])
    return { number in
      let batch = try data.batch(at: plan[number], key: key[number])
      try checkBatch(batch, rows: plan[number], "training data")
      return batch
    }
  }

  /// Learns from a batch: takes a step, or keeps its gradients until there are enough for one.
  func learn(from batch: [Tensor], _ number: Int) throws {
    ending = try limits.ending()
    guard ending == nil else { return }
    let statistics = untrainable()
    let passKey = key["pass"][state.epoch][number]
    let (result, gradients): (StepResult, Gradients)
    do {
      (result, gradients) = try self.gradients(batch, .training(passKey))
    } catch {
      // The step may have failed, or been cancelled, after layers had learned from the batch.
      restore(statistics)
      throw error
    }
    lastNorm = gradients.norm
    guard result.loss.scalar.isFinite, lastNorm.isFinite || gradients.isFinite else {
      restore(statistics)
      throw nonFinite(result, gradients, batch, passKey, rows: plan[number], statistics)
    }
    pending.add(result, gradients, rows: plan[number].count)
    if pending.batches == trainer.accumulation || number == plan.count - 1 { try update(upTo: number + 1) }
  }

  /// The loss of a batch and its gradients.
  func gradients(_ batch: [Tensor], _ pass: Pass) throws -> (StepResult, Gradients) {
    var result: StepResult?
    let (loss, gradients) = try withPrecision {
      try valueWithGradients(of: parameters) {
        let made = try step(model, batch, pass)
        result = made
        return made.loss
      }
    }
    return (StepResult(loss: loss, metrics: result?.metrics ?? [:], weight: result?.weight), gradients)
  }

  /// Takes a step by the gradients that wait.
  private func update(upTo batch: Int) throws {
    guard var gradients = pending.mean else { return }
    if pending.batches > 1 { lastNorm = gradients.norm }
    switch trainer.clipping {
    case .norm(let limit): if lastNorm > limit { gradients = gradients.scaled(by: limit / lastNorm) }
    case .value(let limit): gradients = gradients.clipped(value: limit)
    case nil: break
    }
    optimizer.learningRate = learningRate(at: state.step)
    optimizer.update(parameters, with: gradients)
    average?.update()
    trace.add(pending.sums.means["loss"] ?? .nan)
    state.sums.add(pending.sums)
    state.step += 1
    state.batch = batch
    pending = PendingStep()
    statistics = untrainable()
    if let every = trainer.checkpoints?.everySteps, state.step % every == 0 { try save() }
    tell(.step)
  }

  /// Forgets the batches that wait for a step, and what layers learned from them.
  func dropPending() {
    guard pending.batches > 0 else { return }
    pending = PendingStep()
    restore(statistics)
  }

  /// The learning rate of a step of the open epoch.
  private func learningRate(at step: Int) -> Double {
    baseRate * trainer.schedule.factor(at: step) * (state.plateau?.current ?? 1)
  }

  /// The learning rate of the last step.
  var lastLearningRate: Double { learningRate(at: max(state.step - 1, 0)) }

  /// Closes the epoch if all its batches were learned from: judges, remembers the best weights, decides whether to go on.
  func endEpoch() throws {
    guard ending == nil, state.batch >= plan.count else { return }
    let judged = try judge()
    guard ending == nil else { return }
    let record = EpochRecord(
      epoch: state.epoch + 1, step: state.step, learningRate: lastLearningRate, training: state.sums.means,
      validation: judged, seconds: seconds(epochStart.duration(to: .now)))
    let rule = trainer.earlyStopping ?? EarlyStopping()
    try checkWatched(rule, record)
    if state.take(record, watching: rule), trainer.restoresBest, validation != nil {
      best = average?.weights ?? weights
    }
    if let rule = trainer.earlyStopping, state.epoch - (state.bestEpoch ?? 0) >= rule.patience {
      state.hasStopped = true
    }
    if let checkpoints = trainer.checkpoints, state.epoch % checkpoints.everyEpochs == 0 || isOver { try save() }
    tell(.epoch)
  }

  /// The means of loss and metrics over the validation data, by the weights that would be returned.
  private func judge() throws -> [String: Double]? {
    guard let validation else { return nil }
    return try average.map { try $0 { try means(over: validation) } } ?? means(over: validation)
  }

  private func means(over rows: any Dataset) throws -> [String: Double] {
    var sums = MetricSums()
    for (number, batch) in try judgingBatches(of: rows).enumerated() {
      ending = try limits.ending()
      guard ending == nil else { break }
      let tensors = try rows.batch(at: batch, key: key["validation"][number])
      try checkBatch(tensors, rows: batch, "validation data")
      sums.add(try withPrecision { try step(model, tensors, .inference) }, rows: batch.count)
    }
    return sums.means
  }
}
