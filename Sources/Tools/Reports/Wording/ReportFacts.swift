import Decisions
import Evaluation
import Experiments
import Tables

/// What the parts of a report ask of the results again and again.
struct ReportFacts {
  /// The results with the names that classes are called by.
  let results: ExperimentResults
  /// The task with the names of classes that the data have.
  let dataTask: LearningTask

  init(_ results: ExperimentResults) {
    dataTask = results.problem.task
    self.results = results.calledByName()
  }

  var task: LearningTask { results.problem.task }
  var isClassification: Bool { task.width > 1 }

  /// The class that a binary model gives the probability of; empty otherwise.
  var positiveClass: String { task.isBinary ? task.classes[1] : "" }

  /// Whether the test rows come later than those learned from.
  var isLater: Bool { results.problem.split.hasPrefix("by time") }

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

  /// The share of the positive class in the test data; nil if it is not known.
  var testShareOfPositive: Double? {
    guard task.isBinary else { return nil }
    if let counts = results.confusion?.counts, counts.count == 2 {
      let all = counts.reduce(0) { $0 + $1.reduce(0, +) }
      if all > 0 { return Double(counts[1].reduce(0, +)) / Double(all) }
    }
    return results.problem.classShares.count == 2 ? results.problem.classShares[1] : nil
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

  /// The last line of a part: where its numbers come from; the link leads to how to get them again.
  var source: Markup {
    "<p class=\"source\">From run <a href=\"#repeat\">\(results.run.identifier)</a></p>\n"
  }

  /// What a row is, in the singular: as the value file says, else "row".
  var unit: String { results.decision?.unit ?? "row" }

  /// What rows are, in the plural.
  var units: String { plural(unit) }

  /// A number of rows with the noun for them: "1,234 customers".
  func count(_ rows: Int) -> String { Component.count(rows, unit) }

  /// The rows that everything is measured on, in words; with a value, those that could be decided on.
  var testRows: String { count(results.problem.testRows) }

  /// The rows that the value is measured on, in words.
  var valuedRows: String { count(results.decision?.rows ?? results.problem.testRows) }

  /// The probability that intervals promise: "95 %".
  var level: String {
    (results.intervalLevel ?? results.decision?.level).map { NumberFormat.percent.text($0, digits: 2) } ?? "confidence"
  }

  /// What amounts are stated per: a period where the data say how long they took, else a thousand rows.
  struct Scale {
    /// What an amount per row is multiplied with.
    var factor: Double
    /// "per week", "per 1,000 customers".
    var words: String

    func of(_ perRow: Estimate) -> Estimate { Headline.scaled(perRow, by: factor) }
  }

  /// The scale of amounts of money.
  var scale: Scale {
    if let periods = results.decision?.periods, let rows = results.decision?.rows, periods.count > 0 {
      return Scale(factor: Double(rows) / periods.count, words: "per \(periods.name)")
    }
    // A capacity in total does not grow with the rows, so the value of a thousand would be no thousandth of a million's.
    if let decision = results.decision, let rows = decision.rows, decision.capacity?.hasSuffix("in total") == true {
      return Scale(factor: Double(rows), words: "on the \(valuedRows) of the test")
    }
    return Scale(factor: 1000, words: "per 1,000 \(units)")
  }

  /// The file name of the data, without the folders that say nothing to a reader elsewhere.
  var dataName: String {
    let data = results.problem.data
    guard !data.hasPrefix("sql:"), let last = data.split(separator: "/").last else { return data }
    return String(last)
  }
}
