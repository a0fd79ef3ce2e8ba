import Decisions
import Evaluation
import Foundation

/// What deciding by the model earns, beside the other ways of deciding.
enum DecisionSection {
  static func make(_ facts: ReportFacts) -> Section? {
    guard let decision = facts.results.decision, !decision.policies.isEmpty else { return withoutValue(facts) }
    let body: Markup = """
      <p><strong>The rule.</strong> \(Headline.sentence(decision.rule)) It acts on \
      \(NumberFormat.percent.text(decision.shareActedOn)) of the \(facts.units)\
      \(decision.capacity.map { "; the capacity given is \($0)" as Markup } ?? ""). The rule was chosen on validation \
      data, and its value was measured on \(facts.valuedRows) that neither the model nor the choice of the rule had \
      seen.\(leftOut(decision, facts))</p>
      \(Component.figures([policiesChart(decision, facts), valueCurve(decision, facts), marginal(decision, facts)]))
      \(table(decision, facts))
      \(oneMore(decision, facts))
      \(perfect(decision, facts))
      \(explanation(decision, facts))
      \(facts.source)
      """
    return Section("decision", "The decision and its value", body)
  }

  private static func leftOut(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    guard let rows = decision.leftOut else { return "" }
    return """
       \(facts.count(rows.count)) of the test got no action and are left out, because \(rows.reason): \(rows.remedy).
      """
  }

  private static func policiesChart(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    let money = facts.money
    let bars = decision.policies.enumerated().filter { $0.element.total.value.isFinite }.map { index, policy in
      Mark.Bar(
        at: index, value: policy.total.value, interval: policy.total.range, label: money.text(policy.total))
    }
    guard !bars.isEmpty else { return "" }
    let chart = Chart(
      "Value on the test data, by way of deciding",
      summary: decision.policies.map { "\($0.name): \(money.text($0.total))" }.joined(separator: "; "),
      x: Axis("value of \(facts.valuedRows)", format: money, includesZero: true),
      y: .categories(decision.policies.map(\.name)),
      marks: [
        .bars(bars.filter { $0.place.contains(0) }, color: .series(1)),
        .bars(bars.filter { !$0.place.contains(0) }, color: .muted),
      ])
    return Component.figure(chart, "policies", slot: .half, caption: "The thin lines are intervals.")
  }

  private static func valueCurve(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    let curve = decision.valueCurve
    guard zip(curve.x, curve.y).contains(where: { $0.isFinite && $1.isFinite }) else { return "" }
    var marks: [Mark] = [
      .line("", x: curve.x, y: curve.y, lower: curve.lower, upper: curve.upper)
    ]
    var places: [(Double, Double, String)] = []
    for (index, policy) in decision.policies.enumerated() where policy.perRow.value.isFinite {
      guard let share = index == 0 ? decision.shareActedOn : shareActedOn(policy, decision), share.isFinite else {
        continue
      }
      places.append((share, policy.perRow.value, policy.name))
    }
    if let model = places.first, decision.policies.first?.name == model.2 {
      marks.append(.points(x: [model.0], y: [model.1], labels: [model.2], color: .series(1), radius: 5.5))
      places.removeFirst()
    }
    marks.append(
      .points(x: places.map(\.0), y: places.map(\.1), labels: places.map(\.2), color: .series(2), radius: 4.5))
    let chart = Chart(
      "Value per \(facts.unit) by the share of \(facts.units) acted on",
      summary: "Acting on the \(facts.units) in order of falling priority; the model's rule acts on "
        + NumberFormat.percent.text(decision.shareActedOn),
      x: .share("share of \(facts.units) acted on, the most urgent first"),
      y: Axis("value per \(facts.unit)", format: facts.money, includesZero: true), legend: .none, marks: marks)
    return Component.figure(
      chart, "value-curve", slot: .half, caption: "The shaded band is the interval; dots are ways of deciding.")
  }

  /// The share of rows on which a policy does something; nil if its counts are empty.
  private static func shareActedOn(_ policy: DecisionResult.Policy, _ decision: DecisionResult) -> Double? {
    let all = policy.actionCounts.values.reduce(0, +)
    guard all > 0, let idle = decision.actions.first else { return nil }
    return 1 - Double(policy.actionCounts[idle] ?? 0) / Double(all)
  }

  private static func marginal(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    guard let curve = decision.marginalValue, curve.x.count > 1 else { return "" }
    let chart = Chart(
      "What acting on one more \(facts.unit) earns",
      summary: "Where the line crosses zero, acting on more \(facts.units) no longer pays",
      x: .share("share of \(facts.units) acted on already"),
      y: Axis("value of one more", format: facts.money, includesZero: true),
      marks: [
        .line("", x: curve.x, y: curve.y, lower: curve.lower, upper: curve.upper),
        .rule(.vertical(decision.shareActedOn), label: "the rule", color: .ink),
      ])
    return Component.figure(
      chart, "marginal-value", slot: .wide,
      caption: "Above zero, more capacity would earn more; below, it would cost more than it brings.")
  }

  private static func table(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    let money = facts.money
    let rows = decision.policies.map { policy -> [Markup] in
      let counts = decision.actions.compactMap { action in
        policy.actionCounts[action].map {
          "\(Component.name(action))\u{A0}\(NumberFormat.count.text(Double($0)))" as Markup
        }
      }
      let advantage: Markup =
        policy.modelAdvantage.map { Component.estimate(facts.scale.of($0.estimate), money) } ?? "–"
      let verdict: Markup =
        policy.modelAdvantage.map {
          switch $0.verdict {
          case .better: "the model earns more"
          case .worse: "<span class=\"bad\">the model earns less</span>"
          case .noDifference: "no difference shown"
          }
        } ?? ""
      return [
        Component.name(policy.name), Component.estimate(policy.total, money), Component.estimate(policy.perRow, money),
        advantage, verdict, Component.enumeration(counts),
      ]
    }
    return Component.table(
      "Ways of deciding",
      [
        .text("Way of deciding"), .number("Value on test data"), .number("Value per \(facts.unit)"),
        .number("Model earns more<br>\(facts.scale.words)"), .text("In words"),
        .text("\(Headline.capitalised(facts.units)) by action"),
      ], rows, highlighted: 0)
  }

  private static func oneMore(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    guard let more = decision.valueOfOneMore, more.value.isFinite else { return "" }
    let money = facts.money
    let verdict: Markup =
      more.lower > 0
      ? "more capacity would pay, as long as it costs less than that"
      : more.upper < 0 ? "more capacity would cost more than it brings" : "whether more capacity would pay is not clear"
    return """
      <p class="after"><strong>More capacity.</strong> One more \(facts.unit) acted on would earn \(money.text(more)) \
      (\(money.interval(more))): \(verdict).</p>
      """
  }

  private static func perfect(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    guard decision.perfectPerRow.isFinite, let model = facts.modelPolicy, model.perRow.value.isFinite else { return "" }
    let idle = facts.rivals.map(\.perRow.value).filter(\.isFinite).max() ?? 0
    let possible = decision.perfectPerRow - max(0, idle)
    let won = model.perRow.value - max(0, idle)
    let share: Markup =
      possible > 0 && won > 0
      ? """
       Beyond the best simple way of deciding, the model wins \
      \(NumberFormat.percent.text(min(1, won / possible), digits: 2)) of what perfect foresight would.
      """
      : ""
    return """
      <p class="after">Perfect foresight, knowing every label before deciding\
      \(decision.capacity == nil ? "" : " and within the same capacity"), would earn \
      \(facts.money.text(decision.perfectPerRow)) per \(facts.unit); nothing can earn more.\(share)</p>
      """
  }

  private static func explanation(_ decision: DecisionResult, _ facts: ReportFacts) -> Markup {
    let tests = Set(decision.policies.compactMap { $0.modelAdvantage?.test }).sorted().joined(separator: ", ")
    return Component.details(
      "How the value was worked out",
      """
      <p>Each \(facts.unit) of the test gets the action that the rule gives it, and the gain and cost that the value \
      file gives for that action, with the label that was really observed. The total is the sum over \
      \(facts.valuedRows)\(periods(decision)).</p>
      <p>An interval (\(facts.level)) says how much the number would vary if other \(facts.units) of the same kind had \
      been drawn. Differences are measured on the same \(facts.units), so that luck counts for both sides\
      \(tests.isEmpty ? "" : " (test: \(tests))" as Markup). “No difference shown” means that the data do not tell \
      the two apart; it does not mean that they are equal.</p>
      """)
  }

  private static func periods(_ decision: DecisionResult) -> Markup {
    guard let periods = decision.periods else { return "" }
    let count = NumberFormat.number.text(periods.count, digits: 3)
    return "; they stand for \(count) \(periods.count == 1 ? periods.name : plural(periods.name))"
  }

  // MARK: Without a value

  /// How to give a value, and what the ratio of two costs would make of the model.
  private static func withoutValue(_ facts: ReportFacts) -> Section? {
    var body: Markup =
      "<p>No value file was given, so this report cannot say on which rows to act, nor what that earns."
    body += " Say what each action gains and costs, and the same command finds the rule that earns most:</p>\n"
    body += example(facts)
    body += Component.figures([costCurves(facts)])
    body += facts.source
    return Section("decision", "What a decision could be worth", body)
  }

  private static func example(_ facts: ReportFacts) -> Markup {
    """
    <pre>\(ValueFileExample.text(for: facts.dataTask))</pre>
    <p class="after">Save this as <code>value.yaml</code> with your own numbers, and add \
    <code>--value value.yaml</code> to the command.</p>
    """
  }

  private static func costCurves(_ facts: ReportFacts) -> Markup {
    let curves = facts.results.costCurves.filter { !$0.x.isEmpty }
    guard !curves.isEmpty else { return "" }
    let positions = curves.flatMap(\.x).filter { $0.isFinite && $0 > 0 }
    let isWide = (positions.max() ?? 1) / (positions.min() ?? 1) > 20
    let colors: [ChartColor] = [.series(1), .muted, .series(2), .series(3), .series(4)]
    let chart = Chart(
      "Cost per row by the ratio of the two kinds of mistake",
      summary: "The lower a line, the cheaper that way of deciding at the ratio of costs",
      x: Axis("cost of a missed row over cost of a false alarm", kind: isWide ? .logarithmic : .linear),
      y: Axis("cost per row, in false alarms", includesZero: true),
      marks: zip(curves, colors).map { curve, color in
        .line(curve, color: color, stroke: color == .series(1) ? .solid : .dashed)
      })
    return Component.figure(
      chart, "cost-curves", slot: .wide,
      caption: """
        Find the ratio that fits your business: a missed row that costs ten times as much as a false alarm stands at \
        10. Where the model's line lies below the others, deciding by it is cheaper.
        """)
  }
}
