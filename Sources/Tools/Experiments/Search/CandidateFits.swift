import Basics
import Estimators
import Evaluation
import Synchronization

/// A pipeline with the model learned on its features.
public struct Fit: Sendable, Codable {
  /// From columns to features.
  public let pipeline: FeaturePipeline
  /// From features to predictions.
  public let model: StoredModel
  /// The scale of the model's numbers.
  public let labelScale: LabelScale

  /// Predicts from features of this fit's pipeline.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    var predictions = model.model.predict(features, threads: threads)
    if labelScale != .identity {
      for i in predictions.values.indices { predictions.values[i] = labelScale.backward(predictions.values[i]) }
    }
    return predictions
  }
}

/// A candidate with its fits on all folds and what they predicted for the rows they had not seen.
public struct CandidateFits: Sendable, Codable {
  /// The candidate.
  public let candidate: Candidate
  /// One fit per fold.
  public let fits: [Fit]
  /// Predictions of the judged rows, in ascending order of rows.
  public let outOfFold: Predictions
  /// The metric of each fold.
  public let foldScores: [Double]
  /// The seconds of work, summed over threads.
  public let seconds: Double
}

/// The outcome of fitting one fold.
struct FoldOutcome: Sendable {
  let fit: Fit
  let predictions: Predictions
  let score: Double
  let seconds: Double
}

/// The data of a search, with the features of each plan and fold computed once.
final class FoldFeatures: Sendable {
  /// A pipeline with the features of a fold's rows.
  struct Prepared: Sendable {
    let pipeline: FeaturePipeline
    let training: FeatureMatrix
    let test: FeatureMatrix
  }

  private struct Slot: Hashable {
    let plan: FeaturePlan
    let columns: [String]?
    let fold: Int
  }

  private let prepared = Mutex<[Slot: Prepared]>([:])
  let problem: SearchProblem

  init(problem: SearchProblem) { self.problem = problem }

  /// The features of a candidate on a fold; computed on first use, the same whichever thread asks first.
  func features(of candidate: Candidate, fold: Int, threads: Int) throws -> Prepared {
    let slot = Slot(plan: candidate.plan, columns: candidate.columns, fold: fold)
    if let known = prepared.withLock({ $0[slot] }) { return known }
    let rows = problem.validation.folds[fold]
    let (pipeline, training) = try FeaturePipeline.fit(
      plan: candidate.plan, table: try problem.columns(of: candidate).selecting(rows: rows.training),
      task: problem.task,
      labels: rows.training.map { problem.labels[$0] }, weights: nil, key: problem.key["features"][fold],
      threads: threads)
    let test = try pipeline.transform(problem.table.selecting(rows: rows.test), threads: threads)
    let made = Prepared(pipeline: pipeline, training: training, test: test)
    prepared.withLock { $0[slot] = made }
    return made
  }
}
