import Basics

/// How far a run of training is, after a step or an epoch.
public struct TrainingProgress: Sendable {
  /// After what this is told.
  public enum Moment: Sendable {
    /// A step.
    case step
    /// An epoch, judged by the validation data if there are any.
    case epoch
    /// The run, however it ended.
    case end
  }

  /// After what this is told.
  public let moment: Moment
  /// The number of the epoch that is open, or that just ended, the first being 1.
  public let epoch: Int
  /// The number of epochs, at most.
  public let epochs: Int
  /// The updates of the weights so far.
  public let step: Int
  /// The updates of a run through all epochs.
  public let steps: Int
  /// The learning rate of the last step.
  public let learningRate: Double
  /// The norm of the last step's gradients before clipping.
  public let gradientNorm: Double
  /// The means of "loss" and metrics over the epoch so far.
  public let training: [String: Double]
  /// The means over the validation data at the last complete epoch; nil without one or without such data.
  public let validation: [String: Double]?
  /// The course of the training loss in this run, at most 64 means over as many steps each.
  public let losses: [Double]
  /// The seconds since the run began or was resumed.
  public let secondsElapsed: Double
  /// An estimate of the seconds that all epochs will still take, at most those until the deadline; nil in the beginning.
  public let secondsLeft: Double?

  /// The part of all steps that is done, 0 to 1.
  public var share: Double { steps > 0 ? min(1, Double(step) / Double(steps)) : 1 }
}

/// The course of the loss in at most 64 means over equally many steps: neighbours are joined when there are more.
struct LossTrace: Sendable {
  private(set) var means: [Double] = []
  private var steps = 1
  private var open: (sum: Double, count: Int) = (0, 0)
  private let most = 64

  mutating func add(_ loss: Double) {
    open = (open.sum + loss, open.count + 1)
    guard open.count == steps else { return }
    means.append(open.sum / Double(steps))
    open = (0, 0)
    guard means.count > most else { return }
    open = (means.removeLast() * Double(steps), steps)
    means = stride(from: 0, to: most, by: 2).map { (means[$0] + means[$0 + 1]) / 2 }
    steps *= 2
  }
}

extension TrainingRun {
  /// Tells whoever listens how far the run is.
  func tell(_ moment: TrainingProgress.Moment) {
    guard let report else { return }
    let steps = max(state.step, trainer.stepCount(rows: data.count))
    let elapsed = seconds(start.duration(to: .now))
    let done = state.step - firstStep
    let left = done > 0 ? elapsed / Double(done) * Double(steps - state.step) : nil
    let isOpen = state.batch > 0
    report(
      TrainingProgress(
        moment: moment, epoch: max(1, isOpen ? state.epoch + 1 : state.epoch), epochs: trainer.epochs, step: state.step,
        steps: steps, learningRate: lastLearningRate, gradientNorm: lastNorm,
        training: isOpen ? state.sums.means : state.history.last?.training ?? [:],
        validation: state.history.last?.validation, losses: trace.means, secondsElapsed: elapsed,
        secondsLeft: left.map { min($0, limits.deadline.secondsLeft) }))
  }
}
