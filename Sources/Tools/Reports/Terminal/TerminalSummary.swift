import Decisions
import Evaluation
import Experiments

/// The results of a run for the terminal: the answer, what to beware of, the candidates, the measures.
public enum TerminalSummary {
  /// The summary as lines of text, with a line break at the end.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal; at least 40.
  ///   - usesColors: whether escape sequences for bold and colour are written; leave it off unless the output is a
  ///     terminal.
  public static func text(_ results: ExperimentResults, width: Int = 100, usesColors: Bool = false) -> String {
    let facts = ReportFacts(results)
    let terminal = TerminalText(width: max(40, width), usesColors: usesColors)
    let headline = Headline(facts)
    var blocks = [
      terminal.styled(terminal.wrapped(headline.answer.plainText), .bold),
      headline.points.map {
        terminal.wrapped("\($0.question.plainText): \(withoutLinks($0.answer))", indent: "  ", first: "")
      }.joined(separator: "\n"),
    ]
    let cautions = Caution.all(facts).map { caution(terminal, $0) }
    if !cautions.isEmpty { blocks.append(cautions.joined(separator: "\n")) }
    if let decision = results.decision { blocks.append(policies(terminal, decision, facts)) }
    if !results.leaderboard.isEmpty { blocks.append(leaderboard(terminal, facts)) }
    if !results.metrics.isEmpty { blocks.append(metrics(terminal, facts)) }
    blocks.append(
      terminal.styled(
        terminal.wrapped(
          "Run \(TerminalText.safe(results.run.identifier)): \(TerminalText.safe(results.run.command))", indent: "  ",
          first: ""),
        .dim))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  /// A text without the links of the page, which stand in brackets.
  private static func withoutLinks(_ markup: Markup) -> String {
    Markup(stringLiteral: markup.description.replacing(/\s\(<a [^>]*>[^<]*<\/a>\)/, with: "")).plainText
  }

  private static func caution(_ terminal: TerminalText, _ caution: Caution) -> String {
    let style: TerminalText.Style = caution.tone == .danger ? .red : .yellow
    let title = terminal.styled("! " + caution.title.plainText, style)
    let text = caution.text.description.replacing("</p><p>", with: "</p> <p>")
    return title + "\n" + terminal.wrapped(Markup(stringLiteral: text).plainText, indent: "  ")
  }

  private static func policies(_ terminal: TerminalText, _ decision: DecisionResult, _ facts: ReportFacts) -> String {
    let money = facts.money
    let rows = decision.policies.map { policy -> [String] in
      let words = policy.modelAdvantage.map {
        switch $0.verdict {
        case .better: "the model earns more"
        case .worse: "the model earns less"
        case .noDifference: "no difference shown"
        }
      }
      return [
        TerminalText.safe(policy.name), money.text(policy.total), money.interval(policy.total), words ?? "",
      ]
    }
    return terminal.table(
      [
        .init(title: "way of deciding"), .init(title: "value", isNumber: true), .init(title: "interval"),
        .init(title: "in words"),
      ], rows, highlighted: 0)
  }

  private static func leaderboard(_ terminal: TerminalText, _ facts: ReportFacts) -> String {
    let entries = facts.results.leaderboard.prefix(10)
    let format = facts.primary.format
    let rows = entries.map { entry -> [String] in
      let words: String =
        entry.name == facts.results.chosen
        ? "chosen" : entry.chosenAgainstThis.map { Verdicts.ofOther($0).plainText } ?? ""
      return [
        TerminalText.safe(entry.name), format.text(entry.validation),
        entry.test.map(format.text) ?? NumberFormat.absent,
        entry.test.map(format.interval) ?? "", words, Verdicts.duration(entry.seconds),
      ]
    }
    let table = terminal.table(
      [
        .init(title: "candidate"), .init(title: "validation", isNumber: true), .init(title: "test", isNumber: true),
        .init(title: "interval"), .init(title: "in words"), .init(title: "time", isNumber: true),
      ], Array(rows), highlighted: entries.firstIndex { $0.name == facts.results.chosen })
    let more = facts.results.leaderboard.count - entries.count
    return TerminalText.safe(facts.primary.title) + " of the candidates\n" + table
      + (more > 0 ? "\nand \(more) more" : "")
  }

  private static func metrics(_ terminal: TerminalText, _ facts: ReportFacts) -> String {
    let rows = facts.results.metrics.map { metric -> [String] in
      let measure = Measure(metric.name)
      return [
        TerminalText.safe(measure.title), measure.format.text(metric.value), measure.format.interval(metric.value),
        measure.format.text(metric.baseline, decimals: measure.format.decimals(for: metric.value)),
      ]
    }
    return terminal.table(
      [
        .init(title: "on \(facts.testRows) of test data"), .init(title: "model", isNumber: true),
        .init(title: "interval"),
        .init(title: "simplest guess", isNumber: true),
      ], rows)
  }
}
