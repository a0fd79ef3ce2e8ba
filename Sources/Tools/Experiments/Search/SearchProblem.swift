import Basics
import Estimators
import Evaluation
import Kernels
import Tables

/// What every candidate of a search learns from and is judged by.
public struct SearchProblem: Sendable {
  /// The columns to learn from; no target among them.
  public let table: Table
  /// What is predicted.
  public let task: LearningTask
  /// One label per row.
  public let labels: [Double]
  /// How candidates are judged.
  public let validation: ValidationPlan
  /// The metric to better.
  public let metric: Metric
  /// The source of randomness.
  public let key: RandomKey
  /// The threads.
  public let threads: Int
  /// Candidates beside those of the portfolio, tried after its first ones.
  public let added: [Candidate]
  /// Columns that only candidates see that name them.
  public let reserved: Set<String>
  /// Whether rows come as a stream: candidates whose predictions look at the rows that were learned from are not tried.
  public let scoresStreams: Bool

  /// Creates a problem.
  public init(
    table: Table, task: LearningTask, labels: [Double], validation: ValidationPlan, metric: Metric, key: RandomKey,
    threads: Int, added: [Candidate] = [], reserved: Set<String> = [], scoresStreams: Bool = false
  ) {
    self.table = table
    self.task = task
    self.labels = labels
    self.validation = validation
    self.metric = metric
    self.key = key
    self.threads = threads
    self.added = added
    self.reserved = reserved
    self.scoresStreams = scoresStreams
  }

  /// The table with the columns that a candidate learns from: those that it names and that are there, else all that are
  /// not reserved.
  func columns(of candidate: Candidate) throws -> Table {
    if let names = candidate.columns { return try table.selecting(columns: names.filter { table[$0] != nil }) }
    return reserved.isEmpty ? table : table.removing(columns: reserved)
  }

  /// The labels of the judged rows, in ascending order of rows.
  public var judgedLabels: [Double] { validation.judgedRows.map { labels[$0] } }

  /// A metric turned so that larger is better; undefined values are the worst.
  func goodness(_ score: Double) -> Double {
    score.isNaN ? -.infinity : (metric.isHigherBetter ? score : -score)
  }

  /// Fits a candidate on one fold and judges it there.
  func outcome(
    _ candidate: Candidate, fold: Int, features: FoldFeatures, threads: Int, deadline: Deadline,
    interruption: Interruption
  ) throws -> FoldOutcome {
    let start = ContinuousClock.now
    let rows = validation.folds[fold]
    let prepared = try features.features(of: candidate, fold: fold, threads: threads)
    let scale = candidate.labelScale
    let training = TrainingData(
      features: prepared.training, task: task, labels: rows.training.map { scale.forward(labels[$0]) })
    let held = TrainingData(features: prepared.test, task: task, labels: rows.test.map { scale.forward(labels[$0]) })
    // The key depends on the candidate's settings' name and the fold only: a search that is resumed fits the same bits.
    let context = FitContext(
      key: key["fit"][candidate.name][fold], threads: threads, deadline: deadline, interruption: interruption,
      validation: held)
    let model = try candidate.learner.estimator.fit(training, context: context)
    let fit = Fit(pipeline: prepared.pipeline, model: StoredModel(model), labelScale: scale)
    let predictions = fit.predict(prepared.test, threads: threads)
    let score = metric.value(labels: rows.test.map { labels[$0] }, predictions: predictions, task: task, weights: nil)
    return FoldOutcome(
      fit: fit, predictions: predictions, score: score, seconds: seconds(start.duration(to: .now)))
  }

  /// Puts the folds' outcomes together.
  func gathered(_ candidate: Candidate, _ outcomes: [FoldOutcome]) -> CandidateFits {
    let width = task.width
    var byRow: [(row: Int, values: ArraySlice<Double>)] = []
    for (fold, outcome) in zip(validation.folds, outcomes) {
      for (position, row) in fold.test.enumerated() {
        byRow.append((row, outcome.predictions.values[position * width..<(position + 1) * width]))
      }
    }
    byRow.sort { $0.row < $1.row }
    return CandidateFits(
      candidate: candidate, fits: outcomes.map(\.fit),
      outOfFold: Predictions(byRow.flatMap(\.values), width: width), foldScores: outcomes.map(\.score),
      seconds: outcomes.reduce(0) { $0 + $1.seconds })
  }
}
