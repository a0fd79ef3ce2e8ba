import Basics
import Estimators
import Experiments
import Sequences

/// What was learned: an ensemble that tells how long units will run on, with intervals, and whether they fail within a
/// horizon.
public struct LifeModel: Sendable, Codable {
  /// A member's model of one fold.
  struct Fit: Sendable, Codable {
    /// The position of its pipeline.
    var pipeline: Int
    /// Whether it looks at windows of readings; else at statistics.
    var seesWindows: Bool
    /// Its weight in the ensemble; all weights sum to 1.
    var weight: Double
    /// The model.
    var model: StoredModel
  }

  /// The version of this format.
  var formatVersion = 1
  /// The columns that it needs, conditions first.
  public internal(set) var channels: [String]
  /// How far remaining life is told.
  public internal(set) var longestLife: Double
  /// One for each fold.
  var pipelines: [LifePipeline]
  /// The models.
  var fits: [Fit]
  /// The intervals; nil where too few units were there to calibrate on.
  public internal(set) var intervals: LifeIntervals?
  /// Tells whether a unit fails within the horizon; nil where too few failed to learn it.
  var failure: FailureModel?
  /// The predicted life from which on a unit is called in; 0 for never.
  public var alarm: Double

  /// The time within which failures are foretold; nil where too few failed to learn it.
  public var horizon: Double? { failure?.horizon }

  /// What is told of rows.
  public struct Told {
    /// The life left, 0 to `longestLife`.
    public var lives: [Double]
    /// The probability of a failure within the horizon; not-a-number where nothing tells it.
    public var risks: [Double]
  }

  /// What is told of every row.
  ///
  /// - Parameters:
  ///   - units: Sequences with the model's channels.
  ///   - threads: The threads to use; the result does not depend on their number.
  /// - Throws: a `schema` error where a channel is not there.
  public func predict(_ units: UnitSequences, threads: Int) throws -> Told {
    let features = try pipelines.map { try $0.features(of: units, threads: threads) }
    var lives = [Double](repeating: 0, count: units.rowCount)
    for fit in fits {
      let input = fit.seesWindows ? features[fit.pipeline].windows : features[fit.pipeline].statistics
      let values = fit.model.model.predict(input, threads: threads).values
      for row in lives.indices { lives[row] += fit.weight * min(max(values[row], 0), longestLife) }
    }
    let risks = failure?.probabilities(told: lives, features: features.map(\.statistics), threads: threads)
    return Told(lives: lives, risks: risks ?? lives.map { _ in .nan })
  }
}
