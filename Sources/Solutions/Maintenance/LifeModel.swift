import Basics
import Estimators
import Experiments
import Sequences

/// What was learned: an ensemble that tells how long machines will run on, with intervals.
struct LifeModel: Sendable, Codable {
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
  var channels: [String]
  /// How far remaining life is told.
  var longestLife: Double
  /// One for each fold.
  var pipelines: [LifePipeline]
  /// The models.
  var fits: [Fit]
  /// The intervals; nil where too few machines were there to calibrate on.
  var intervals: LifeIntervals?
  /// The predicted life from which on a machine is called in; 0 for never.
  var alarm: Double

  /// The life left at every row, 0 to `longestLife`.
  func predict(_ units: UnitSequences, threads: Int) throws -> [Double] {
    let features = try pipelines.map { try $0.features(of: units, threads: threads) }
    var sum = [Double](repeating: 0, count: units.rowCount)
    for fit in fits {
      let input = fit.seesWindows ? features[fit.pipeline].windows : features[fit.pipeline].statistics
      let values = fit.model.model.predict(input, threads: threads).values
      for row in sum.indices { sum[row] += fit.weight * min(max(values[row], 0), longestLife) }
    }
    return sum
  }
}
