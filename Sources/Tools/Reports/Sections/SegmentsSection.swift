import Evaluation
import Experiments

/// The parts of the data in which the model is weaker.
enum SegmentsSection {
  static func make(_ facts: ReportFacts) -> Section? {
    let segments = facts.results.segments
    guard !segments.isEmpty else { return nil }
    let weak = segments.filter { $0.verdict == .worse }
    let words: Markup
    if weak.isEmpty {
      words =
        """
        The model was not shown to be weaker in any part of the test data than elsewhere; the \
        \(Component.count(segments.count, "part")) where it does worst \(segments.count == 1 ? "is" : "are") listed.
        """
    } else {
      let names = weak.prefix(4).map {
        "<strong>\(Component.name($0.segment))</strong> (\(facts.count($0.count)))" as Markup
      }
      words = """
        The model is weaker than elsewhere where \(Component.enumeration(names))\
        \(weak.count > 4 ? ", and in \(weak.count - 4) more parts" : "" as Markup). Rely on it less there, or collect \
        more data.
        """
    }
    let body: Markup = """
      <p>\(words)</p>
      \(chart(segments, facts))
      \(Component.details("All segments, in numbers", table(segments, facts)))
      \(facts.source)
      """
    return Section("segments", "Where the model is weak", body)
  }

  private static func chart(_ segments: [SegmentSummary], _ facts: ReportFacts) -> Markup {
    let format = facts.primary.format
    let shown = Array(segments.filter { $0.metric.value.isFinite }.prefix(14))
    guard !shown.isEmpty else { return "" }
    let decimals = format.commonDecimals(shown.map(\.metric))
    var marks: [Mark] = []
    if let all = facts.primarySummary?.value.value, all.isFinite {
      marks.append(.rule(.vertical(all), label: "all \(facts.units)", color: .ink))
    }
    for (verdict, color, name) in [
      (Difference.Verdict.worse, ChartColor.bad, "weaker here"), (.noDifference, .muted, "no difference shown"),
      (.better, .series(1), "better here"),
    ] {
      let picked = shown.indices.filter { shown[$0].verdict == verdict }
      if picked.isEmpty { continue }
      marks.append(
        .points(
          name, x: picked.map { shown[$0].metric.value }, y: picked.map(Double.init),
          xInterval: picked.map { shown[$0].metric.range },
          labels: picked.map { format.text(shown[$0].metric.value, decimals: decimals) },
          color: color, radius: 4.5))
    }
    let direction = facts.primarySummary.map { $0.higherIsBetter ? ", higher is better" : ", lower is better" } ?? ""
    let chart = Chart(
      "\(facts.primary.title) by segment of the test data",
      summary:
        "Points with intervals, the weakest segment first; the vertical line is the value for all \(facts.units)",
      x: Axis(facts.primary.title + direction, format: format), y: .categories(shown.map(\.segment)), legend: .above,
      marks: marks)
    return Component.figure(chart, "segments-chart", slot: .wide, caption: "The lines are intervals.")
  }

  private static func table(_ segments: [SegmentSummary], _ facts: ReportFacts) -> Markup {
    let rows = segments.prefix(60).map { segment -> [Markup] in
      let word: Markup =
        switch segment.verdict {
        case .worse: "<span class=\"bad\">weaker here</span>"
        case .better: "better here"
        case .noDifference: "no difference shown"
        }
      return [
        Component.name(segment.segment), "\(NumberFormat.count.text(Double(segment.count)))",
        Component.estimate(segment.metric, facts.primary.format), word,
      ]
    }
    return Component.table(
      "Segments",
      [
        .text("Segment"), .number("\(Headline.capitalised(facts.units))"), .number("\(facts.primary.title)"),
        .text("In words"),
      ], rows)
  }
}
