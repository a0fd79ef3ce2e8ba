import Evaluation
import Experiments

/// What drives the predictions: importance, effects, reasons of single rows.
enum DriversSection {
  static func make(_ facts: ReportFacts) -> Section? {
    let explanation = facts.results.explanation
    let importance = importance(explanation, facts)
    let effects = explanation.effects.prefix(9).enumerated().map {
      EffectFigure.make($0.element, number: $0.offset + 1, facts)
    }
    let examples = examples(explanation, facts)
    let figures = Component.figures(Array(effects))
    guard !importance.isEmpty || !figures.isEmpty || !examples.isEmpty else { return nil }
    var body: Markup = "<p>\(words(explanation))</p>\n\(importance)"
    if !figures.isEmpty {
      body += """
        <h3>How the prediction moves with the most important columns</h3>
        <p>The thick line is the mean prediction when only this column is changed; thin lines are single \
        \(facts.units). Grey at the bottom shows where the \(facts.units) lie: where there are none, the line is a \
        guess.</p>
        \(figures)
        """
    }
    body += examples
    body += Component.details(
      "What this says and what it does not",
      """
      <p>Importance is how much worse \(facts.primary.inSentence) gets on test data when the values of one column are \
      shuffled. Columns that say the same share their importance, so that each looks weaker than it is. Effects are \
      partial dependence with individual conditional expectation.</p>
      \(contributionHelp(facts))
      <p>All of this describes what the model uses. It does not say that changing a column in the real world would \
      change the outcome: for that an experiment is needed.</p>
      """)
    body += facts.source
    return Section("drivers", "What drives the predictions", body)
  }

  private static func contributionHelp(_ facts: ReportFacts) -> Markup {
    facts.isClassification
      ? """
      <p>Numbers behind reasons are Shapley values in log-odds: how far that value moved the prediction from the mean of \
      all; +0.7 about doubles the odds.</p>
      """
      : """
      <p>Numbers behind reasons are Shapley values: how far that value moved the prediction from the mean of all.</p>
      """
  }

  private static func words(_ explanation: ExplanationSummary) -> Markup {
    let clear = explanation.importance.filter { $0.loss.lower > 0 }
    guard !explanation.importance.isEmpty else { return "What the model looks at, for single columns and single rows." }
    if clear.isEmpty { return "No single column was shown to matter by itself." }
    let top = clear.prefix(3).map { "<strong>\(Component.name($0.column))</strong>" as Markup }
    let silent = explanation.importance.count - clear.count
    let rest: Markup =
      silent == 0
      ? ""
      : silent == 1
        ? " For one column, no influence could be shown."
        : " For \(silent) columns, no influence could be shown."
    return "Most depends on \(Component.enumeration(top)).\(rest)"
  }

  private static func importance(_ explanation: ExplanationSummary, _ facts: ReportFacts) -> Markup {
    let shown = explanation.importance.filter { $0.loss.value.isFinite }.prefix(15)
    guard !shown.isEmpty else { return "" }
    let decimals = NumberFormat.number.commonDecimals(shown.map(\.loss))
    let bars = shown.enumerated().map { index, item in
      Mark.Bar(
        at: index, value: item.loss.value, interval: item.loss.range,
        label: NumberFormat.number.text(item.loss.value, decimals: decimals))
    }
    let chart = Chart(
      "How much worse the model gets without knowing each column",
      summary: shown.prefix(5).map { "\($0.column): \(NumberFormat.number.text($0.loss))" }.joined(separator: "; "),
      x: Axis("rise of \(facts.primary.inSentence) when the column is shuffled", includesZero: true),
      y: .categories(shown.map(\.column)), marks: [.bars(bars)])
    let more = explanation.importance.count - shown.count
    return Component.figure(
      chart, "importance", slot: .wide,
      caption: more > 0
        ? """
        The thin lines are intervals. \(more == 1 ? "One less important column is" : "\(more) less important columns are") \
        left out.
        """ : "The thin lines are intervals."
    )
  }

  private static func examples(_ explanation: ExplanationSummary, _ facts: ReportFacts) -> Markup {
    guard !explanation.examples.isEmpty else { return "" }
    let items = explanation.examples.prefix(12).map { example -> Markup in
      """
      <div class="reason"><p><b>Row \(NumberFormat.count.text(Double(example.row + 1))) of the test</b>, really \
      \(Component.name(example.observed))</p><p>\(Headline.sentence(example.reason))</p></div>

      """
    }
    return
      "<h3>Single \(facts.units), and why they were predicted so</h3>\n<div class=\"reasons\">\(Array(items))</div>\n"
  }
}
