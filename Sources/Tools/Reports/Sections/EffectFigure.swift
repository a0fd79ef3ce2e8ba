import Evaluation
import Experiments

/// How the prediction moves with one column.
enum EffectFigure {
  static func make(_ effect: ExplanationSummary.Effect, number: Int, _ facts: ReportFacts) -> Markup {
    guard effect.mean.x.contains(where: \.isFinite), effect.mean.y.contains(where: \.isFinite) else { return "" }
    let format: NumberFormat = facts.isClassification ? .percent : .number
    let output =
      effect.output.isEmpty
      ? facts.isClassification ? "mean probability" : "mean prediction of \(facts.results.problem.target)"
      : "mean probability of “\(effect.output)”"
    let chart = effect.levels.isEmpty ? ofNumbers(effect, output, format) : ofLevels(effect, output, format)
    let caption: Markup =
      effect.levels.isEmpty || effect.density.isEmpty ? "" : "In brackets the share of \(facts.units)."
    return Component.figure(chart, "effect-\(number)", slot: .half, caption: caption)
  }

  private static func ofNumbers(
    _ effect: ExplanationSummary.Effect, _ output: String, _ format: NumberFormat
  ) -> Chart {
    let rows = effect.rows.prefix(40).map { row in
      Mark.line(x: effect.mean.x, y: row, color: .muted, width: 0.7, opacity: 0.45)
    }
    var y = Axis(output, format: format)
    var marks = Array(rows)
    let values = (effect.mean.y + effect.rows.prefix(40).flatMap { $0 } + effect.mean.lower + effect.mean.upper)
      .filter { $0.isFinite && abs($0) < 1e200 }
    if let low = values.min(), let high = values.max(), low < high {
      // Below the lowest line, a strip for the rows: not in units of the axis, so it gets no tick of its own.
      let range = Ticks.nice(low...high, count: 4)
      let strip = (range.upperBound - range.lowerBound) * 0.16
      let most = effect.density.filter(\.isFinite).max() ?? 0
      if most > 0 {
        y.domain = range.lowerBound - strip...range.upperBound
        let base = range.lowerBound - strip
        marks.insert(
          .area(
            x: effect.mean.x, y: effect.density.map { base + ($0.isFinite ? $0 / most : 0) * strip * 0.85 },
            lower: effect.density.map { _ in base }, color: .muted), at: 0)
      }
    }
    let positions = effect.mean.x.filter { $0.isFinite && abs($0) < 1e200 }
    var domain: ClosedRange<Double>?
    if let first = positions.min(), let last = positions.max(), first < last { domain = first...last }
    marks.append(
      .line(x: effect.mean.x, y: effect.mean.y, lower: effect.mean.lower, upper: effect.mean.upper, width: 3))
    return Chart(
      effect.column, summary: "Partial dependence on \(effect.column)", x: Axis(domain: domain), y: y, legend: .none,
      marks: marks)
  }

  private static func ofLevels(
    _ effect: ExplanationSummary.Effect, _ output: String, _ format: NumberFormat
  ) -> Chart {
    let total = effect.density.filter(\.isFinite).reduce(0, +)
    let count = min(effect.levels.count, effect.mean.y.count, 12)
    let names = (0..<count).map { index -> String in
      guard total > 0, index < effect.density.count, effect.density[index].isFinite else { return effect.levels[index] }
      let part = effect.density[index] / total
      let share = part > 0 && part < 0.005 ? "<\u{A0}1\u{A0}%" : NumberFormat.percent.text(part, decimals: 0)
      return "\(effect.levels[index]) (\(share))"
    }
    let values = Array(effect.mean.y.prefix(count))
    let intervals = (0..<count).map { index -> ClosedRange<Double>? in
      guard index < effect.mean.lower.count, index < effect.mean.upper.count else { return nil }
      return Estimate(values[index], lower: effect.mean.lower[index], upper: effect.mean.upper[index]).range
    }
    return Chart(
      effect.column, summary: "Mean prediction by level of \(effect.column)",
      x: Axis(output, format: format, includesZero: format == .percent), y: .categories(names), legend: .none,
      marks: [
        .points(
          x: values, y: values.indices.map(Double.init), xInterval: intervals,
          labels: values.map { format.text($0, digits: 3) }, radius: 5)
      ])
  }
}
