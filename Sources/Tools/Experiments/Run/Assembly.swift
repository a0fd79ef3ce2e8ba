import Basics
import Decisions
import Estimators
import Evaluation
import Tables

/// From finished candidates to the model that is shipped: weights, final fits, calibration, intervals.
struct Assembly {
  /// The weight of each candidate.
  let weights: [Double]
  /// The name of what was chosen: a candidate's, or "ensemble of 4".
  let chosen: String
  /// The chosen model's predictions of the judged rows, before calibration.
  let raw: Predictions
  /// The same after calibration.
  let calibrated: Predictions
  /// The calibration.
  let calibrator: Calibrator?
  /// The maker of sets or intervals.
  let conformal: ConformalPredictor?

  /// Weighs candidates by their predictions of rows they had not seen.
  init(candidates: [CandidateFits], problem: SearchProblem, level: Double) throws {
    let labels = problem.judgedLabels
    let goodness = candidates.map {
      problem.goodness(
        problem.metric.value(labels: labels, predictions: $0.outOfFold, task: problem.task, weights: nil))
    }
    let best = goodness.indices.max { goodness[$0] < goodness[$1] } ?? 0
    // Candidates far behind the best only cost time in the greedy search and at scoring.
    let order = goodness.indices.sorted { goodness[$0] > goodness[$1] }.prefix(30)
    let ensemble = Ensemble(
      candidates: order.map { candidates[$0].outOfFold }, labels: labels, task: problem.task, metric: problem.metric,
      threads: problem.threads)
    var weights = Array(repeating: 0.0, count: candidates.count)
    if problem.goodness(ensemble.score) > goodness[best] {
      for (position, index) in order.enumerated() { weights[index] = ensemble.weights[position] }
    } else {
      weights[best] = 1
    }
    self.weights = weights
    let members = weights.count { $0 > 0 }
    let top = weights.indices.max { weights[$0] < weights[$1] } ?? best
    chosen = members == 1 ? candidates[top].candidate.name : "ensemble of \(members)"
    guard let raw = Ensemble.average(candidates.map(\.outOfFold), weights: weights) else {
      throw AssayError(.data, "no candidate could be weighed")
    }
    self.raw = raw
    if problem.task == .regression {
      calibrator = nil
      calibrated = raw
    } else {
      let chosen = Calibrator.chosen(
        labels: labels, predictions: raw, key: problem.key["calibration"])
      calibrator = chosen
      calibrated = chosen.apply(raw)
    }
    // Too few rows to promise the level: the model is shipped without sets or intervals, and the report says so.
    conformal = try? ConformalPredictor(
      problem.task == .regression ? .scaled : .lac, level: level, labels: labels, predictions: calibrated)
  }

  /// The members with their final fits: the folds' fits, or one on all rows where the validation plan says so.
  ///
  /// - Parameter budget: The seconds of the run, of which a candidate with a share of its own may use that share; nil where
  ///   the outcome must not depend on the clock.
  /// - Parameter progress: Told before each fit which share of the members is done, and whose turn it is.
  func members(
    _ candidates: [CandidateFits], problem: SearchProblem, budget: Double?, interruption: Interruption,
    progress: (_ share: Double, _ name: String) -> Void
  ) throws -> [(name: String, weight: Double, fits: [Fit])] {
    let chosen = zip(candidates, weights).filter { $0.1 > 0 }
    return try chosen.enumerated().map { place, member in
      let (fits, weight) = member
      guard problem.validation.refits else { return (fits.candidate.name, weight, fits.fits) }
      let candidate = fits.candidate
      progress(Double(place) / Double(chosen.count), candidate.name)
      let learner = candidate.learner.settled(by: fits.fits.map(\.model.model))
      let (pipeline, features) = try FeaturePipeline.fit(
        plan: candidate.plan, table: try problem.columns(of: candidate), task: problem.task, labels: problem.labels,
        weights: nil,
        key: problem.key["final features"], threads: problem.threads)
      let data = TrainingData(
        features: features, task: problem.task, labels: problem.labels.map(candidate.labelScale.forward))
      let context = FitContext(
        key: problem.key["final"][candidate.name], threads: problem.threads,
        deadline: budget.flatMap { budget in candidate.budgetShare.map { Deadline(after: $0 * budget) } } ?? .never,
        interruption: interruption)
      let model = try learner.estimator.fit(data, context: context)
      return (
        candidate.name, weight,
        [Fit(pipeline: pipeline, model: StoredModel(model), labelScale: candidate.labelScale)]
      )
    }
  }
}

extension Learner {
  /// The settings for a fit on all rows, without rows to stop early or choose a penalty on: as many rounds as the folds'
  /// fits needed, and the middle one of their penalties.
  func settled(by models: [any Model]) -> Learner {
    switch self {
    case .boosting(var boosting):
      let rounds = models.compactMap { ($0 as? TreeEnsemble).map { $0.treeCount / max(1, $0.outputCount) } }
      guard let longest = rounds.max() else { return self }
      // The last fold has the most rows; all rows are a little more still.
      boosting.trees = max(1, rounds.last ?? longest)
      boosting.earlyStoppingRounds = nil
      return .boosting(boosting)
    case .linear(var linear):
      let penalties = models.compactMap { ($0 as? ElasticNetModel)?.lambda }.sorted()
      guard !penalties.isEmpty else { return self }
      linear.lambda = penalties[penalties.count / 2]
      return .linear(linear)
    default:
      return self
    }
  }
}
