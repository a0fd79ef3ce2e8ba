import Estimators
import Evaluation
import Survival

/// Tells how probable it is that a unit fails within the horizon.
struct FailureModel: Sendable, Codable {
  /// The time within which failures are foretold.
  var horizon: Double
  /// One model per pipeline; none where the predicted life tells best.
  var models: [StoredSurvivalModel]
  /// From what the models tell to the probability, learned on units that they had not seen.
  var calibration: IsotonicRegression

  /// The probability of each row.
  ///
  /// - Parameters:
  ///   - told: The predicted life of each row.
  ///   - features: The statistics of each row, by pipeline.
  func probabilities(told: [Double], features: [FeatureMatrix], threads: Int) -> [Double] {
    var scores = told.map { -$0 }
    if !models.isEmpty {
      scores = [Double](repeating: 0, count: told.count)
      for (stored, matrix) in zip(models, features) {
        let values = Self.scores(stored.model, matrix, horizon: horizon, threads: threads)
        for row in scores.indices { scores[row] += values[row] / Double(models.count) }
      }
    }
    return scores.map { calibration.value(at: $0) }
  }

  /// The probability of a failure within the horizon as a model tells it.
  static func scores(_ model: any SurvivalModel, _ features: FeatureMatrix, horizon: Double, threads: Int) -> [Double] {
    let curves = model.curves(features, at: [horizon], threads: threads)
    return (0..<features.rowCount).map { 1 - curves.survival($0, at: horizon) }
  }
}
