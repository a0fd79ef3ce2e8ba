import Evaluation
import Experiments
import Foundation

/// How good the chosen model is on test data.
enum PerformanceSection {
  static func make(_ facts: ReportFacts) -> Section? {
    let measures = table(facts)
    let figures = Component.figures([roc(facts), precisionRecall(facts), fit(facts), residuals(facts)])
    let counts = ConfusionFigure.make(facts)
    guard !measures.isEmpty || !figures.isEmpty || !counts.isEmpty else { return nil }
    let body: Markup = """
      <p>Every number here was measured on \(facts.testRows) that were kept aside and not used for learning or \
      choosing. Below each stands its \(facts.level) interval.</p>
      \(measures)\(counts)\(figures)\(readingHelp(facts))\(facts.source)
      """
    return Section("quality", "How good the model is", body)
  }

  private static func table(_ facts: ReportFacts) -> Markup {
    let rows = facts.results.metrics.map { metric -> [Markup] in
      let measure = Measure(metric.name)
      let decimals = measure.format.decimals(for: metric.value)
      let isPrimary = measure.title == facts.primary.title
      return [
        """
        \(measure.title)\(isPrimary ? " (decided)" : "")<span class="sub meaning">\(measure.meaning(facts))</span>
        """,
        Component.estimate(metric.value, measure.format), "\(measure.format.text(metric.baseline, decimals: decimals))",
        metric.higherIsBetter ? "higher" : "lower",
      ]
    }
    let decided = facts.results.metrics.firstIndex { Measure($0.name).title == facts.primary.title }
    return Component.table(
      "Measures on test data",
      [.text("Measure"), .number("Model"), .number("Simplest guess"), .text("Better is")], rows, highlighted: decided)
  }

  private static func roc(_ facts: ReportFacts) -> Markup {
    guard let curve = facts.results.roc, curve.x.count > 1 else { return "" }
    let chart = Chart(
      "Finding the right \(facts.units) against raising false alarms",
      summary: "ROC curve of the model; the diagonal is guessing",
      x: .share("false alarms, of all other \(facts.units)"), y: .share("found, of all “\(facts.positiveClass)”"),
      marks: [.rule(.diagonal, label: "guessing"), .line(curve, name: "")])
    return Component.figure(chart, "roc", caption: "The ROC curve: the nearer to the upper left corner, the better.")
  }

  private static func precisionRecall(_ facts: ReportFacts) -> Markup {
    guard let curve = facts.results.precisionRecall, curve.x.count > 1 else { return "" }
    var marks: [Mark] = [.line(curve, name: "")]
    if facts.task.isBinary, let share = facts.testShareOfPositive {
      marks.insert(.rule(.horizontal(share), label: "guessing"), at: 0)
    }
    let chart = Chart(
      "How many of the \(facts.units) picked are right",
      summary: "Precision against recall of the model",
      x: .share("found, of all “\(facts.positiveClass)”"), y: .share("right, of the \(facts.units) picked"),
      marks: marks)
    return Component.figure(
      chart, "precision-recall", caption: "Precision against recall: picking more finds more, but more are wrong.")
  }

  private static func fit(_ facts: ReportFacts) -> Markup {
    guard let fit = facts.results.fit, !fit.predicted.isEmpty else { return "" }
    let both = (fit.predicted + fit.observed).filter(\.isFinite)
    var domain: ClosedRange<Double>?
    if let low = both.min(), let high = both.max(), low < high { domain = Ticks.nice(low...high, count: 5) }
    let chart = Chart(
      "Predicted against observed",
      summary: "One point per \(facts.unit); on the diagonal, predictions are right",
      x: Axis("predicted \(facts.results.problem.target)", domain: domain),
      y: Axis("observed \(facts.results.problem.target)", domain: domain),
      marks: [
        .points(x: fit.predicted, y: fit.observed, radius: 2.6, opacity: 0.5),
        .rule(.diagonal, label: "", color: .ink),
      ])
    let shown = facts.count(min(fit.predicted.count, fit.observed.count))
    return Component.figure(
      chart, "fit", caption: "\(shown) of the test; points on the dashed line are predicted exactly.")
  }

  private static func residuals(_ facts: ReportFacts) -> Markup {
    guard let fit = facts.results.fit else { return "" }
    let errors = zip(fit.observed, fit.predicted).map { $0 - $1 }.filter { $0.isFinite && abs($0) < 1e200 }.sorted()
    guard errors.count >= 20, let low = errors.first, let high = errors.last, low < high else { return "" }
    let step = Ticks.step(span: high - low, count: 18)
    let first = (low / step).rounded(.down)
    let count = Int((high / step).rounded(.up) - first)
    guard count > 0, count < 100 else { return "" }
    var counts = Array(repeating: 0.0, count: count)
    for error in errors { counts[min(count - 1, max(0, Int((error / step - first).rounded(.down))))] += 1 }
    let edges = (0...count).map { (first + Double($0)) * step }
    let chart = Chart(
      "How large the errors are",
      summary: "Histogram of observed minus predicted",
      x: Axis("observed minus predicted \(facts.results.problem.target)", domain: edges[0]...edges[count]),
      y: Axis(facts.units, format: .count),
      marks: [.histogram(edges: edges, counts: counts), .rule(.vertical(0), color: .ink)])
    return Component.figure(
      chart, "residuals", caption: "Right of zero the model predicted too little, left of it too much.")
  }

  private static func readingHelp(_ facts: ReportFacts) -> Markup {
    let intervals: Markup = """
      <p>Below each number stands its interval (\(facts.level)): how much it would vary with other \(facts.units) of \
      the same kind. “Simplest guess” is a model that ignores all columns and always answers with \
      \(facts.isClassification ? "the shares of the classes" : "the mean or the median") \
      of the training data; a model that does not beat it has learned nothing.</p>
      """
    let meanings = facts.results.metrics.map { Measure($0.name) }.filter { !$0.meaning.isEmpty }
    return Component.details(
      "How to read these numbers",
      intervals + Component.definitions(meanings.map { ("\($0.title)", "\($0.meaning(facts))") }))
  }
}
