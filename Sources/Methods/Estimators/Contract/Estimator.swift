import Basics
import Evaluation

/// What a fit may use besides the data.
public struct FitContext: Sendable {
  /// The source of all randomness of the fit.
  public var key: RandomKey
  /// The threads it may use; the result does not depend on their number.
  public var threads: Int
  /// The moment by which iterative learners stop with what they have.
  public var deadline: Deadline
  /// Stops the fit with a `cancelled` error at the next safe point.
  public var interruption: Interruption
  /// Whether an interruption ends iterative learners as the deadline does: with what they have, if that is something.
  public var keepsUnfinished: Bool
  /// Data for early stopping; nil means the estimator runs its full course.
  public var validation: TrainingData?

  /// Creates a context.
  public init(
    key: RandomKey, threads: Int = 1, deadline: Deadline = .never, interruption: Interruption = Interruption(),
    keepsUnfinished: Bool = false, validation: TrainingData? = nil
  ) {
    self.key = key
    self.threads = threads
    self.deadline = deadline
    self.interruption = interruption
    self.keepsUnfinished = keepsUnfinished
    self.validation = validation
  }
}

/// The configuration of a learning method: a documented struct of values with defaults.
///
/// Building one does no work and throws nothing; ranges are checked when `fit` is called.
public protocol Estimator: Sendable, Codable {
  /// Learns from data.
  ///
  /// - Throws: `configuration` for a parameter out of its range, `data` for data it cannot learn from, `cancelled`.
  func fit(_ data: TrainingData, context: FitContext) throws -> any Model
}

/// What was learned: immutable, saved by `Codable`.
public protocol Model: Sendable, Codable {
  /// The name under which bundles store this type; never changed once released.
  static var kind: String { get }

  /// What the model predicts.
  var task: LearningTask { get }

  /// Predicts every row; the matrix has the features of the training data, in their order.
  func predict(_ features: FeatureMatrix, threads: Int) -> Predictions
}
