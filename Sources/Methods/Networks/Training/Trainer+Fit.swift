import Basics
import Tensors

extension Trainer {
  /// Trains a model: changes its parameters, and says how it went.
  ///
  /// The model is usable whenever this returns or throws: with the weights of its best epoch by the validation data
  /// where there is one, else with the averaged or the last ones. If the task is cancelled, `CancellationError` is
  /// thrown; an interruption or a deadline ends the run early without an error. Either way the checkpoint, if one is
  /// kept, is written first.
  ///
  /// - Parameters:
  ///   - model: Its parameters are trained in place.
  ///   - optimizer: A fresh one; its learning rate is multiplied by the schedule's factor.
  ///   - data: The rows to learn from.
  ///   - validation: The rows to judge by after each epoch; none unless given.
  ///   - key: Determines the order of rows, what is random in batches, and dropout.
  ///   - deadline: When to stop in any case; never unless given.
  ///   - interruption: A switch that stops the run; none unless given.
  ///   - progress: Called after each step and each epoch; `TerminalProgress` shows a line. None unless given.
  ///   - step: Runs the model on a batch and gives the loss; called with a pass for inference to judge.
  /// - Returns: How the run ended, with the history of its epochs.
  /// - Throws: `AssayError`: settings out of range, no rows, batches whose tensors disagree, a loss that is not finite, a
  ///   step that needs more memory than there is, a checkpoint that does not fit; what `data` and `step` throw.
  @discardableResult
  public func fit<Model: Module, Rule: Optimizer, Rows: Dataset>(
    _ model: Model, optimizer: Rule, data: Rows, validation: (any Dataset)? = nil, key: RandomKey,
    deadline: Deadline = .never, interruption: Interruption? = nil, progress: ((TrainingProgress) -> Void)? = nil,
    step: (_ model: Model, _ batch: [Tensor], _ pass: Pass) throws -> StepResult
  ) throws -> TrainingResult {
    try withoutActuallyEscaping(step) { step in
      let run = try TrainingRun(
        self, model, optimizer, data, validation, key, TrainingLimits(deadline, interruption), progress, step)
      do {
        while try run.beginEpoch() {
          let prepare = run.preparation()
          for number in run.openBatches where run.ending == nil { try run.learn(from: prepare(number), number) }
          try run.endEpoch()
        }
      } catch { try run.leave(after: error) }
      return try run.finish()
    }
  }

  /// Trains a model as the synchronous `fit` does, with the same result, while the next batches are prepared on other
  /// threads: worth its while where rows are read, decoded or augmented.
  ///
  /// - Parameters: See the synchronous `fit`.
  /// - Returns: How the run ended, with the history of its epochs.
  /// - Throws: As the synchronous `fit`.
  @discardableResult
  public func fit<Model: Module, Rule: Optimizer, Rows: Dataset>(
    _ model: Model, optimizer: Rule, data: Rows, validation: (any Dataset)? = nil, key: RandomKey,
    deadline: Deadline = .never, interruption: Interruption? = nil,
    progress: (@Sendable (TrainingProgress) -> Void)? = nil,
    step: @escaping @Sendable (_ model: Model, _ batch: [Tensor], _ pass: Pass) throws -> StepResult
  ) async throws -> TrainingResult {
    let run = try TrainingRun(
      self, model, optimizer, data, validation, key, TrainingLimits(deadline, interruption), progress, step)
    do {
      while try run.beginEpoch() {
        try await withPrefetched(run.openBatches, ahead: prefetched, prepare: run.preparation()) { number, batch in
          try run.learn(from: batch, number)
          return run.ending == nil
        }
        try run.endEpoch()
      }
    } catch { try run.leave(after: error) }
    return try run.finish()
  }
}

/// How a run of training ended.
public struct TrainingResult: Sendable {
  /// Why it ended.
  public enum Ending: String, Sendable, Codable {
    /// All epochs are through.
    case completed
    /// Nothing got better for as long as the patience lasts.
    case earlyStopping
    /// The deadline came.
    case deadline
    /// It was interrupted.
    case interruption
  }

  /// Why it ended.
  public let ending: Ending
  /// What each complete epoch gave.
  public let history: [EpochRecord]
  /// The number of the best epoch, the first being 1; nil where no epoch was complete.
  public let bestEpoch: Int?
  /// The number of updates of the weights.
  public let stepCount: Int
}

/// What an epoch gave.
public struct EpochRecord: Sendable, Codable, Hashable {
  /// Its number, the first being 1.
  public let epoch: Int
  /// The updates of the weights up to its end.
  public let step: Int
  /// The learning rate of its last step.
  public let learningRate: Double
  /// The means of "loss" and metrics over its batches, as they were when each batch was learned from.
  public let training: [String: Double]
  /// The means over the validation data at its end; nil without such data.
  public let validation: [String: Double]?
  /// How long it took, without parts before a resumption.
  public let seconds: Double
}

/// What ends a run from outside.
struct TrainingLimits {
  let deadline: Deadline
  let interruption: Interruption?

  init(_ deadline: Deadline, _ interruption: Interruption?) {
    self.deadline = deadline
    self.interruption = interruption
  }

  /// Why the run must end now; nil where it may go on.
  ///
  /// - Throws: `CancellationError` if the task is cancelled.
  func ending() throws -> TrainingResult.Ending? {
    try Task.checkCancellation()
    if interruption?.isRequested == true { return .interruption }
    return deadline.hasPassed ? .deadline : nil
  }
}
