import Basics
import Estimators
import Evaluation
import Kernels
import Tables

/// The search's best boosting candidate fitted anew on all rows to learn from, piece by piece.
///
/// The sample that the candidate was found on gives its features and bins; each piece of the table becomes a byte per
/// row and feature. The judged rows, which no model learns from, end the course of boosting and judge the outcome, so
/// that the ensemble can weigh it like any other candidate.
struct AllRowsFit {
  let whole: LargeTable
  let problem: SearchProblem
  /// The folder for bins that do not fit into memory.
  let output: String
  let deadline: Deadline
  /// Whether the learning rate may depend on the time that a round takes.
  let adaptsToTime: Bool
  let interruption: Interruption
  let store: CandidateStore

  /// What came of it.
  struct Outcome {
    /// The candidate; nil where there was no use or no time.
    let candidate: CandidateFits?
    /// The rows it learned from.
    let rows: Int
    /// What was done, for the reader of the report.
    let words: String
  }

  /// Fits the best boosting candidate, if there is one and time.
  func run(after candidates: [CandidateFits], progress: (Double, String) -> Void) throws -> Outcome {
    guard let best = best(candidates), case .boosting(var settings) = best.candidate.learner,
      let model = best.fits.first?.model.model as? TreeEnsemble
    else { return none("No boosting candidate was finished, so no model was fitted on all rows.") }
    let rows = LearnedRows(whole, outputs: model.outputCount)
    guard rows.unsampled > 0 else { return none("The sample holds all rows to learn from.") }
    var asked = best.candidate
    asked.name += " on all rows"
    let words =
      "The best boosting candidate was then fitted on \(rows.count) of \(whole.learnedRows) rows to learn from"
      + (rows.areAll ? "" : ", as many as the memory limit has room for") + " (\"\(asked.name)\")."
    if let kept = try store.load(asked) { return Outcome(candidate: kept, rows: rows.count, words: words) }
    if interruption.isRequested || deadline.secondsLeft < 1 {
      return none(
        "No time was left to fit on all rows: the models learned from the sample alone. Give a larger --budget.")
    }

    let start = ContinuousClock.now
    let prepared = try FoldFeatures(problem: problem)
      .features(of: asked, fold: 0, threads: problem.threads)
    let scale = asked.labelScale
    let fold = problem.validation.folds[0]
    func scaled(_ rows: [Int]) -> [Double] { rows.map { scale.forward(problem.labels[$0]) } }
    // A tree of more leaves than the sample could fill costs little more, and needs fewer of them.
    let growth = (Double(rows.count) / Double(max(1, fold.training.count))).squareRoot()
    settings.leaves = max(settings.leaves, min(255, Int(Double(settings.leaves) * growth)))
    FreedMemory.giveBack()
    let data = try bin(
      rows, settings: settings, prepared: prepared, sampleLabels: scaled(fold.training), scale: scale, bins: model.bins,
      progress: progress)
    let held = TrainingData(features: prepared.test, task: problem.task, labels: scaled(fold.test))
    func context(_ deadline: Deadline) -> FitContext {
      FitContext(
        key: problem.key["fit"][asked.name], threads: problem.threads, deadline: deadline, interruption: interruption,
        keepsUnfinished: true, validation: held)
    }
    func fit(_ settings: Boosting, _ deadline: Deadline) throws -> TreeEnsemble {
      try settings.fit(data, context: context(deadline))
    }
    progress(0.6, "growing trees on \(data.binned.rowCount) rows")
    let fitted: TreeEnsemble
    do {
      if adaptsToTime {
        let before = ContinuousClock.now
        var trial = settings
        trial.trees = 1
        _ = try fit(trial, .never)
        settings.learningRate = learningRate(
          settings, model: model, secondsPerRound: seconds(before.duration(to: .now)))
      }
      fitted = try fit(settings, deadline)
    } catch let error as AssayError where error.kind == .cancelled {
      return none("The run was interrupted before a model was fitted on all rows.")
    }
    let result = Fit(pipeline: prepared.pipeline, model: StoredModel(fitted), labelScale: scale)
    let predictions = result.predict(prepared.test, threads: problem.threads)
    let score = problem.metric.value(
      labels: problem.judgedLabels, predictions: predictions, task: problem.task, weights: nil)
    var candidate = asked
    candidate.learner = .boosting(settings)
    let outcome = FoldOutcome(
      fit: result, predictions: predictions, score: score, seconds: seconds(start.duration(to: .now)))
    let fits = problem.gathered(candidate, [outcome])
    try store.save(fits, as: asked)
    return Outcome(candidate: fits, rows: data.binned.rowCount, words: words)
  }

  private func none(_ words: String) -> Outcome { Outcome(candidate: nil, rows: 0, words: words) }

  /// The boosting candidate with the best score.
  private func best(_ candidates: [CandidateFits]) -> CandidateFits? {
    candidates.filter { if case .boosting = $0.candidate.learner { true } else { false } }
      .max { problem.goodness($0.foldScores[0]) < problem.goodness($1.foldScores[0]) }
  }

  /// Bins the sample and then the rows of all pieces.
  private func bin(
    _ rows: LearnedRows, settings: Boosting, prepared: FoldFeatures.Prepared, sampleLabels: [Double], scale: LabelScale,
    bins: [FeatureBins], progress: (Double, String) -> Void
  ) throws -> BinnedTrainingData {
    let isLarge = BinnedFeaturesBuilder.byteCount(bins: bins, rowCount: rows.count) > whole.memory.bins
    var builder = try BinnedFeaturesBuilder(bins: bins, capacity: rows.count, folder: isLarge ? output : nil)
    // The sample's own labels have a part in the statistics of its pipeline, which its training features leave out.
    try builder.append(prepared.training, threads: problem.threads)
    var labels = sampleLabels
    labels.reserveCapacity(rows.count)
    try whole.forEachPiece(progress: { progress(0.5, "features of \($0)") }) { piece, first in
      let picked = (0..<piece.rowCount).filter { rows.contains(first + $0) }
      guard !picked.isEmpty else { return }
      let table = piece.selecting(rows: picked)
      let features = try prepared.pipeline.transform(
        table.selecting(columns: problem.table.names), threads: problem.threads)
      try builder.append(features, threads: problem.threads)
      labels += try TargetColumn(of: table, target: whole.target, task: problem.task).labels.map(scale.forward)
    }
    return try BinnedTrainingData(
      builder.finish(), features: prepared.pipeline.features, task: problem.task, labels: labels, for: settings)
  }

  /// The candidate's learning rate, or a larger one where the rounds that it needs do not fit into the time.
  ///
  /// More rows can feed more rounds than the sample did: half as many again are taken to be needed.
  private func learningRate(_ settings: Boosting, model: TreeEnsemble, secondsPerRound: Double) -> Double {
    let needed = min(1.5 * Double(model.treeCount / max(1, model.outputCount)), Double(settings.trees))
    let possible = max(1, 0.9 * deadline.secondsLeft / max(secondsPerRound, 1e-6))
    return min(max(settings.learningRate, 0.3), settings.learningRate * max(1, needed / possible))
  }
}
