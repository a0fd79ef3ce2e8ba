import Decisions
import Evaluation
import Experiments
import Tables

/// What the parts of a report ask of the results again and again.
struct ReportFacts {
  let results: ExperimentResults

  init(_ results: ExperimentResults) { self.results = results }

  var task: LearningTask { results.problem.task }
  var isClassification: Bool { task.width > 1 }

  /// The class that a binary model gives the probability of; empty otherwise.
  var positiveClass: String { task.isBinary ? task.classes[1] : "" }

  /// The measure that decided between the candidates.
  var primary: Measure { Measure(results.problem.metric) }

  /// The primary measure on test data.
  var primarySummary: MetricSummary? {
    results.metrics.first { Measure($0.name).title == primary.title } ?? results.metrics.first
  }

  /// A measure on test data by its common name.
  func metric(_ name: String) -> MetricSummary? {
    results.metrics.first { Measure($0.name).title == Measure(name).title }
  }

  var chosen: LeaderboardEntry? { results.leaderboard.first { $0.name == results.chosen } }

  /// The best of the baselines.
  var baseline: LeaderboardEntry? { results.leaderboard.first { $0.family == "baseline" && $0.name != results.chosen } }

  /// Whether nothing that was tried beats the simplest guess.
  var choseBaseline: Bool { chosen?.family == "baseline" }

  /// Whether the chosen model is better than the simplest guess: by the paired test where there is one, else by whether
  /// the interval keeps clear of the baseline's value; nil if neither is known.
  var verdictOnBaseline: Difference.Verdict? {
    if choseBaseline { return .noDifference }
    if let verdict = baseline?.chosenAgainstThis?.verdict { return verdict }
    guard let primary = primarySummary, primary.baseline.isFinite, let range = primary.value.range else { return nil }
    if range.contains(primary.baseline) { return .noDifference }
    return (primary.value.value > primary.baseline) == primary.higherIsBetter ? .better : .worse
  }

  /// The rows of the rarest class in the test data; nil for regression.
  var rarestTestRows: Int? {
    if let counts = results.confusion?.counts, !counts.isEmpty { return counts.map { $0.reduce(0, +) }.min() }
    guard isClassification, let share = results.problem.classShares.filter((0...1).contains).min() else { return nil }
    return Int((share * Double(max(0, results.problem.testRows))).rounded())
  }

  /// The model's policy.
  var modelPolicy: DecisionResult.Policy? { results.decision?.policies.first }

  /// What the model's policy is measured against first: today's rule, or else the best of the simple ways.
  var reference: DecisionResult.Policy? {
    let others = rivals
    if let today = others.first(where: { $0.name.lowercased().contains("today") }) { return today }
    return others.max { ($0.total.value.isFinite ? $0.total.value : -.infinity) < $1.total.value }
  }

  /// The other ways of deciding that could be carried out: those that break the capacity only show what it costs.
  var rivals: [DecisionResult.Policy] {
    (results.decision?.policies.dropFirst() ?? []).filter { !$0.name.hasSuffix(", beyond capacity") }
  }

  var money: NumberFormat { .money(results.decision?.currency ?? "") }

  /// The last line of a part: where its numbers come from and how to get them again.
  var source: Markup {
    """
    <p class="source"><span>Run <a href="#repeat">\(results.run.identifier)</a></span> \
    <code title="the command that repeats the run">\(results.run.command)</code></p>
    """
  }

  var testRows: String { Component.count(results.problem.testRows, "row") }
}
