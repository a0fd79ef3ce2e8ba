import Evaluation
import Experiments
import Tables

/// What was learned from, and how good it is.
enum DataSection {
  static func make(_ facts: ReportFacts) -> Section? {
    let results = facts.results
    let problem = results.problem
    var body: Markup = """
      <p>The model learned from \(facts.count(problem.trainingRows)) and was tested on \(facts.testRows). The split: \
      \(problem.split).</p>
      """
    let findings = results.findings.map { Caution.ofFinding($0).markup }
    body +=
      findings.isEmpty
      ? Component.callout(
        .success, "The guard found no leak and no unsafe split",
        "<p>Columns that give the answer away, identifiers, and rows on both sides of the split were looked for.</p>")
      : Markup(findings)
    body += ProfileContent.observations(results.profile)
    body += Component.figures([classes(facts)])
    body += "<h3>The columns</h3>\n"
    body += ProfileContent.table(results.profile, target: problem.target)
    body += Component.details(
      "Columns that were left out",
      Component.list(
        problem.excluded.sorted { $0.key < $1.key }.prefix(200).map {
          "<strong>\(Component.name($0.key))</strong>: \($0.value)"
        }))
    body += facts.source
    return Section("data", "The data", body)
  }

  private static func classes(_ facts: ReportFacts) -> Markup {
    let shares = facts.results.problem.classShares
    let names = facts.task.classes
    guard names.count > 2, shares.count == names.count, names.count <= 20 else { return "" }
    let chart = Chart(
      "Shares of the classes in the training data",
      summary: zip(names, shares).map { "\($0): \(NumberFormat.percent.text($1))" }.joined(separator: "; "),
      x: Axis("share of \(facts.units)", format: .percent, includesZero: true), y: .categories(names),
      marks: [
        .bars(
          shares.enumerated().map {
            Mark.Bar(at: $0.offset, value: $0.element, label: NumberFormat.percent.text($0.element, digits: 2))
          })
      ])
    return Component.figure(chart, "class-shares", slot: .wide)
  }
}
