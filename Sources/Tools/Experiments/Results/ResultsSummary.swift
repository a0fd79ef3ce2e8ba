import Decisions
import Evaluation

/// The summary of a run's results that `assay train --json` prints.
public struct ResultsSummary: Sendable, Codable {
  /// What was learned and how good it is, in a few numbers.
  public struct Model: Sendable, Codable {
    /// The name of the chosen model.
    public var chosen: String
    /// The primary metric.
    public var metric: String
    /// The primary metric on rows the search had not learned from (out of fold).
    public var validation: Estimate
    /// The measures on the test rows, by name.
    public var test: [String: Estimate]
    /// The simplest baseline's measures on the test rows, by name.
    public var baseline: [String: Double]
    /// The candidates finished.
    public var candidates: Int
  }

  /// The identifier of the run in the ledger.
  public var run: String
  /// The target column.
  public var target: String
  /// "binary", "multiclass" or "regression".
  public var task: String
  /// The classes; empty for regression.
  public var classes: [String]
  /// The rows learned from.
  public var trainingRows: Int
  /// The rows measured on.
  public var testRows: Int
  /// The model.
  public var model: Model
  /// The share of test rows inside prediction sets or intervals; nil without them.
  public var coverage: Estimate?
  /// What the decision is worth; nil where no value was given.
  public var decision: DecisionResult?
  /// What the guard found, as codes.
  public var findings: [String]
  /// The seconds the run took.
  public var seconds: Double
  /// Whether the search was interrupted.
  public var wasInterrupted: Bool

  /// Takes the summary out of results.
  public init(_ results: ExperimentResults) {
    run = results.run.identifier
    target = results.problem.target
    let width = results.problem.task.width
    task = width == 1 ? "regression" : width == 2 ? "binary" : "multiclass"
    classes = results.problem.task.classes
    trainingRows = results.problem.trainingRows
    testRows = results.problem.testRows
    let entry = results.leaderboard.first { $0.name == results.chosen }
    model = Model(
      chosen: results.chosen, metric: results.problem.metric,
      validation: entry?.validation ?? Estimate(.nan, lower: .nan, upper: .nan),
      test: Dictionary(results.metrics.map { ($0.name, $0.value) }) { first, _ in first },
      baseline: Dictionary(results.metrics.map { ($0.name, $0.baseline) }) { first, _ in first },
      candidates: results.candidateCount)
    coverage = results.reliability?.coverage.first?.covered
    decision = results.decision
    findings = results.findings.map(\.code)
    seconds = results.run.seconds
    wasInterrupted = results.run.wasInterrupted
  }
}
