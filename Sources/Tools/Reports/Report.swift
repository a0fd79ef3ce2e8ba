import Basics
import Decisions
import Evaluation
import Experiments
import Foundation

/// The customer's report of a run: one self-contained HTML file that needs neither a network nor JavaScript.
public enum Report {
  /// The report as an HTML document. The same results give the same text.
  public static func html(_ results: ExperimentResults) -> String {
    let facts = ReportFacts(results)
    let headline = Headline(facts)
    var opening = Component.brief(headline.points)
    opening += KeyFigures.make(facts)
    opening += Markup(Caution.all(facts).map(\.markup))
    let page = Page(
      title: "\(results.problem.target): decision report",
      kicker:
        "Decision report: “\(Component.name(results.problem.target))” from \(Component.name(facts.dataName))",
      stamp: "\(String(results.run.started.prefix(10))) · run \(results.run.identifier)",
      headline: headline.answer, opening: opening,
      sections: modelSections(facts) + [RepeatSection.make(results.run)].compactMap { $0 },
      footer: "Made by Assay \(results.run.version), run \(results.run.identifier), \(results.run.started).")
    return page.html()
  }

  /// What every comparison of models has to say.
  static func modelSections(_ facts: ReportFacts) -> [Section] {
    [
      DecisionSection.make(facts), PerformanceSection.make(facts), LeaderboardSection.make(facts),
      ReliabilitySection.make(facts), DriversSection.make(facts), SegmentsSection.make(facts), DataSection.make(facts),
      LimitsSection.make(facts), ModelCardSection.make(facts),
    ].compactMap { $0 }
  }

  /// Writes the report to a file: under a temporary name first, so that a reader never sees half of it.
  ///
  /// - Throws: a `file` error if it cannot be written.
  public static func write(_ results: ExperimentResults, to path: String) throws {
    try AtomicFile.write(html(results), to: path)
  }
}

/// The few numbers to remember.
enum KeyFigures {
  static func make(_ facts: ReportFacts) -> Markup {
    var items: [Markup] = []
    if let decision = facts.results.decision, let model = facts.modelPolicy {
      let money = facts.money
      let earned = facts.scale.of(model.perRow)
      items.append(
        Component.keyFigure(
          "value \(facts.scale.words)", "\(money.text(earned))", "\(money.interval(earned))"))
      if let reference = facts.reference, let advantage = reference.modelAdvantage {
        let more = facts.scale.of(advantage.estimate)
        let (sign, size, direction): (String, Estimate, String) =
          more.value < 0 ? ("", Headline.scaled(more, by: -1), "less") : (more.value > 0 ? "+" : "", more, "more")
        items.append(
          Component.keyFigure(
            "\(direction) \(facts.scale.words) than \(short(reference))", "\(sign)\(money.text(size))",
            advantage.verdict == .noDifference
              ? "no difference shown; \(money.interval(more))" : "\(money.interval(more))"))
      }
      items.append(
        Component.keyFigure(
          "of the \(facts.units) acted on", "\(NumberFormat.percent.text(decision.shareActedOn))",
          decision.capacity.map { "capacity \($0)" } ?? "no limit given"))
    }
    for metric in chosenMetrics(facts) {
      let measure = Measure(metric.name)
      let decimals = measure.format.decimals(for: metric.value)
      items.append(
        Component.keyFigure(
          "\(measure.title)", "\(measure.format.text(metric.value))",
          """
          \(metric.value.hasInterval ? "\(measure.format.interval(metric.value)); " : "")simplest guess \
          \(measure.format.text(metric.baseline, decimals: decimals))
          """
        ))
    }
    if facts.results.decision == nil {
      items.append(
        Component.keyFigure(
          "rows learned from", "\(NumberFormat.count.text(Double(facts.results.problem.trainingRows)))",
          "and \(facts.testRows) for the test"))
    }
    return items.isEmpty ? "" : "<dl class=\"keys\">\(items)</dl>\n"
  }

  private static func short(_ policy: DecisionResult.Policy) -> Markup {
    policy.name.lowercased().hasPrefix("today's rule") ? "today's rule" : "“\(Component.name(policy.name))”"
  }

  private static func chosenMetrics(_ facts: ReportFacts) -> [MetricSummary] {
    let wanted = facts.task.isBinary ? ["roc-auc"] : facts.isClassification ? ["accuracy"] : ["mae", "r2"]
    var result = wanted.compactMap { facts.metric($0) }
    if let primary = facts.primarySummary, facts.results.decision == nil, !result.contains(primary) {
      result.insert(primary, at: 0)
    }
    return result
  }
}
