import Evaluation
import Experiments

/// Whether probabilities and intervals mean what they say.
enum ReliabilitySection {
  static func make(_ facts: ReportFacts) -> Section? {
    guard let reliability = facts.results.reliability else { return nil }
    let diagram = diagram(reliability, facts)
    let coverage = coverageChart(reliability, facts)
    guard !diagram.isEmpty || !coverage.isEmpty || reliability.errorAfter != nil else { return nil }
    let body: Markup = """
      \(words(reliability, facts))\(Component.figures([diagram, coverage]))\(coverageTable(reliability, facts))\
      \(Component.details("How calibration and coverage were measured", help(reliability, facts)))\(facts.source)
      """
    let title = facts.isClassification ? "Can the probabilities be trusted" : "Can the intervals be trusted"
    return Section("reliability", title, body)
  }

  private static func words(_ reliability: ReliabilitySummary, _ facts: ReportFacts) -> Markup {
    var result: Markup = ""
    if facts.isClassification, let after = reliability.errorAfter, after.isFinite {
      let isCorrected = reliability.calibration != "none" && !reliability.calibration.isEmpty
      let before: Markup =
        reliability.errorBefore.map {
          $0.isFinite && $0 != after ? " (before: \(NumberFormat.percentagePoints($0)))" : ""
        } ?? ""
      let method: Markup =
        isCorrected
        ? "They were corrected by \(reliability.calibration) calibration, learned on the training data\(before)"
        : "No correction that was learned on the training data made them better there"
      result += """
        <p>On average the probabilities differ from what was seen by \
        <strong>\(NumberFormat.percentagePoints(after))</strong>. \(method).\(simplest(after, facts))</p>
        \(whole(reliability, facts))
        """
    }
    if let all = reliability.coverage.first {
      let what: Markup =
        facts.isClassification
        ? "Beside each prediction stands a set of classes" : "Beside each prediction stands an interval"
      let size: Markup =
        all.meanSize.isFinite
        ? facts.isClassification
          ? " On average the sets hold \(NumberFormat.number.text(all.meanSize, decimals: 2)) classes."
          : """
           On average the intervals are \(NumberFormat.number.rounded(all.meanSize)) wide, in units of \
          “\(Component.name(facts.results.problem.target))”.
          """
        : ""
      result += """
        <p>\(what) that should hold the truth for \(NumberFormat.percent.text(reliability.level, digits: 2)) of the \
        \(facts.units). On the test data it does for <strong>\(NumberFormat.percent.text(all.covered))</strong> \
        (\(NumberFormat.percent.interval(all.covered))).\(size)</p>
        """
    }
    return result
  }

  /// Whether guessing the same shares for every row would have been nearer.
  private static func simplest(_ error: Double, _ facts: ReportFacts) -> Markup {
    guard let guess = facts.metric("calibration error")?.baseline, guess.isFinite, guess < error else { return "" }
    return """
       The simplest guess, the same probability for all \(facts.units), would differ by \
      \(NumberFormat.percentagePoints(guess)) only: it says less, but what it says is nearer to what was seen.
      """
  }

  /// Whether as many rows were positive as the probabilities add up to.
  private static func whole(_ reliability: ReliabilitySummary, _ facts: ReportFacts) -> Markup {
    guard let whole = CalibrationInTheLarge(bins: reliability.bins) else { return "" }
    let count = { (number: Double) in NumberFormat.number.text(number, decimals: number < 10 ? 1 : 0) }
    let what: Markup =
      facts.task.isBinary ? "are “\(Component.name(facts.positiveClass))”" : "are of the class called most probable"
    let verdict: Markup =
      MisfitOfProbabilities(whole).map {
        "<strong>So they are too \($0.isLow ? "low" : "high")</strong> there, \($0.words) on the whole"
      } ?? "So on the whole they are neither too low nor too high, as far as this number of rows can tell"
    return """
      <p>Of \(facts.testRows) of the test\(facts.isLater ? ", which come later than those learned from," : "") \
      <strong>\(count(whole.observed))</strong> \(what); the probabilities add up to \
      <strong>\(count(whole.expected))</strong>, and chance alone would leave the number between \(count(whole.lower)) \
      and \(count(whole.upper)). \(verdict) (p \(whole.pValue < 0.001 ? "" : "= ")\(Verdicts.pValue(whole.pValue))).</p>
      """
  }

  private static func diagram(_ reliability: ReliabilitySummary, _ facts: ReportFacts) -> Markup {
    let bins = reliability.bins.filter { $0.predicted.isFinite && $0.observed.value.isFinite }
    guard !bins.isEmpty else { return "" }
    let highest = bins.map { max($0.predicted, $0.observed.upper.isFinite ? $0.observed.upper : 0) }.max() ?? 1
    let domain = Ticks.nice(0...min(1, max(highest, 0.05)), count: 5)
    let what = facts.task.isBinary ? "probability of “\(facts.positiveClass)”" : "probability of the most likely class"
    let chart = Chart(
      "Predicted probability against what was seen",
      summary: "Reliability diagram: points on the diagonal mean what they say",
      x: Axis("predicted " + what, format: .percent, domain: domain),
      y: Axis("seen", format: .percent, domain: domain),
      marks: [
        .rule(.diagonal, color: .ink),
        .line(x: bins.map(\.predicted), y: bins.map(\.observed.value), width: 1.25),
        .points(x: bins.map(\.predicted), y: bins.map(\.observed.value), yInterval: bins.map(\.observed.range)),
      ])
    return Component.figure(
      chart, "reliability-diagram",
      caption: """
        On the dashed line, of the \(facts.units) given 30 % three in ten are really so. Above it, the model is too \
        careful.
        """)
  }

  private static func coverageChart(_ reliability: ReliabilitySummary, _ facts: ReportFacts) -> Markup {
    let shown = Array(reliability.coverage.filter { $0.covered.value.isFinite }.prefix(12))
    guard !shown.isEmpty else { return "" }
    let lowest = shown.map { $0.covered.lower.isFinite ? $0.covered.lower : $0.covered.value }.min() ?? 0
    let start = min(max(0, min(lowest, reliability.level.isFinite ? reliability.level - 0.05 : lowest)), 0.95)
    let chart = Chart(
      "How often the truth was inside, by segment",
      summary: "Points with intervals; the vertical line is the level promised",
      x: Axis("share covered", format: .percent, domain: Ticks.nice(start...1, count: 4)),
      y: .categories(shown.map(\.segment)),
      marks: [
        .rule(.vertical(reliability.level), label: "promised", color: .ink),
        .points(
          x: shown.map(\.covered.value), y: shown.indices.map(Double.init), xInterval: shown.map(\.covered.range),
          labels: shown.map { NumberFormat.percent.text($0.covered) }),
      ])
    return Component.figure(
      chart, "coverage",
      caption: "Promised: \(NumberFormat.percent.text(reliability.level, digits: 2)). The lines are intervals.")
  }

  private static func coverageTable(_ reliability: ReliabilitySummary, _ facts: ReportFacts) -> Markup {
    guard reliability.coverage.count > 1 else { return "" }
    let rows = reliability.coverage.prefix(60).map { coverage -> [Markup] in
      let word: Markup =
        coverage.covered.upper < reliability.level
        ? "<span class=\"bad\">less than promised</span>"
        : coverage.covered.lower > reliability.level ? "more than promised" : "as promised"
      return [
        Component.name(coverage.segment), "\(NumberFormat.count.text(Double(coverage.count)))",
        Component.estimate(coverage.covered, .percent), word,
        "\(NumberFormat.number.text(coverage.meanSize, digits: 3))",
      ]
    }
    return Component.details(
      "Coverage by segment, in numbers",
      Component.table(
        "Coverage by segment",
        [
          .text("Segment"), .number("\(Headline.capitalised(facts.units))"), .number("Covered"), .text("In words"),
          .number(facts.isClassification ? "Mean size of the set" : "Mean width"),
        ], rows))
  }

  private static func help(_ reliability: ReliabilitySummary, _ facts: ReportFacts) -> Markup {
    var text: Markup = ""
    if facts.isClassification {
      text += """
        <p>The method of calibration was chosen by cross-validation on the training data. The error is the mean gap \
        between the predicted probability and the frequency seen, over ranges of probability, weighted by \
        \(facts.units). Intervals of frequencies are Wilson intervals. Whether probabilities are too low or too high \
        is told by the number of events they add up to against the number seen (calibration in the large), with the \
        variance of independent draws.</p>
        """
    }
    text += """
      <p>Sets and intervals are conformal: built from the errors on \(facts.units) that the model had not learned \
      from. Their promise holds on average over new \(facts.units) that are like the old ones, not for every segment \
      and not after the world has changed.</p>
      """
    return text
  }
}
