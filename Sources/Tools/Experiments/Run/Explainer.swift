import Basics
import Evaluation
import Tables

/// The explanation of the chosen model on test rows, within the time that is left.
struct Explainer {
  let bundle: ModelBundle
  let test: Table
  let labels: [Double]
  let problem: SearchProblem
  let predictions: Predictions

  /// The columns that a reader may want explained.
  private var columns: [String] { test.names.filter { !problem.reserved.contains($0) } }

  /// Importance of the columns, effects of the most important, and examples of high, middle and low predictions.
  func explanation(deadline: Deadline) throws -> ExplanationSummary {
    let predict: Predictor = { [bundle, threads = problem.threads] in try bundle.predict($0, threads: threads) }
    // At least some seconds even where the search used the whole budget: a report without reasons is of no use.
    let limit = deadline.secondsLeft > 3 ? deadline : Deadline(after: 3)
    var summary = ExplanationSummary()
    summary.importance = try PermutationImportance(
      problem.metric, task: problem.task, key: problem.key["importance"], rowLimit: 1_000
    ).importance(
      of: columns, table: test, labels: labels, deadline: limit.earlier(after: limit.secondsLeft * 0.6),
      threads: problem.threads,
      predict: predict)
    summary.effects = try PartialDependence(task: problem.task, key: problem.key["effects"], rowLimit: 120).effects(
      of: summary.importance.prefix(6).map(\.column), table: test, deadline: limit, predict: predict)
    summary.examples = try examples()
    return summary
  }

  /// Parts of the test rows on which the model is weak.
  func segments() throws -> [SegmentSummary] {
    // A weakness that a sample of this size does not show is too small to act on.
    var random = problem.key["segment rows"].stream()
    let rows = random.permutation(of: test.rowCount).prefix(6_000).sorted()
    return try SegmentSearch(problem.metric, task: problem.task, key: problem.key["segments"], limit: 12).search(
      columns: columns, table: test.selecting(rows: rows), labels: rows.map { labels[$0] },
      predictions: predictions.selecting(rows: rows), threads: problem.threads)
  }

  private func examples() throws -> [ExplanationSummary.Example] {
    let writer = ReasonSentence(task: problem.task, target: bundle.target)
    let output = problem.task.width > 2 ? nil : problem.task.width - 1
    let score = { (row: Int) in predictions[row, output ?? predictions.mostProbable(row)] }
    let order = (0..<test.rowCount).sorted { score($0) > score($1) }
    guard !order.isEmpty else { return [] }
    let places = [0, 1, 2, order.count / 2, order.count - 2, order.count - 1].filter(order.indices.contains)
    let rows = Array(Set(places)).sorted().map { order[$0] }
    let chosen = test.selecting(rows: rows)
    let shown = predictions.selecting(rows: rows)
    let reasons = try bundle.reasons(chosen, predictions: shown, threads: problem.threads)
    return rows.indices.map { index in
      let label = labels[rows[index]]
      return ExplanationSummary.Example(
        row: rows[index], prediction: writer.prediction(shown, row: index),
        observed: problem.task == .regression ? shownNumber(label) : problem.task.classes[Int(label)],
        reason: reasons[index])
    }
  }
}
