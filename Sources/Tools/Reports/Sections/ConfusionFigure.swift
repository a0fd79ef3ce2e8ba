import Evaluation
import Experiments
import Foundation

/// Rows by true and predicted class: a table of four for two classes, a heat map for more.
enum ConfusionFigure {
  static func make(_ facts: ReportFacts) -> Markup {
    guard let confusion = facts.results.confusion, confusion.classes.count > 1,
      confusion.counts.count == confusion.classes.count,
      confusion.counts.allSatisfy({ $0.count == confusion.classes.count })
    else { return "" }
    return confusion.classes.count == 2 ? binary(confusion, facts) : several(confusion, facts)
  }

  private static func binary(_ confusion: ConfusionSummary, _ facts: ReportFacts) -> Markup {
    let counts = confusion.counts
    let (no, yes) = (Component.name(confusion.classes[0]), Component.name(confusion.classes[1]))
    let found = counts[1][1]
    let missed = counts[1][0]
    let alarms = counts[0][1]
    let picked = found + alarms
    let share = { (part: Int, whole: Int) -> String in
      if whole == 0 { return NumberFormat.absent }
      let share = wilsonInterval(successes: Double(part), trials: Double(whole))
      return "\(NumberFormat.percent.text(share.value, digits: 2)); \(NumberFormat.percent.interval(share))"
    }
    // With a value, what is picked is what the rule acts on, whatever class is more probable.
    let isDecision = facts.results.decision != nil && confusion.operatingPoint == "the decision rule"
    let heading: Markup =
      isDecision ? "What the decision rule finds and misses" : "At the operating point: \(confusion.operatingPoint)"
    let (picks, leaves): (Markup, Markup) =
      isDecision ? ("acted on", "not acted on") : ("predicted “\(yes)”", "predicted “\(no)”")
    let cell = { (count: Int, isRight: Bool, what: Markup) -> Markup in
      """
      <td class="\(isRight ? "right" : "wrong")"><b>\(NumberFormat.count.text(Double(count)))</b>\(what)</td>
      """
    }
    return """
      <h3>\(heading)</h3>
      <p>Of \(facts.count(found + missed)) that are “\(yes)”, \(isDecision ? "the rule" : "the model") finds \
      \(NumberFormat.count.text(Double(found))) (\(share(found, found + missed))) and misses \
      \(NumberFormat.count.text(Double(missed))). Of \(facts.count(picked)) that it picks, \
      \(NumberFormat.count.text(Double(found))) (\(share(found, picked))) are right and \
      \(NumberFormat.count.text(Double(alarms))) are false alarms.</p>
      <div class="scroll" role="region" aria-label="Rows by true and predicted class" tabindex="0">\
      <table class="grid-of-counts"><thead><tr><td></td><th scope="col">\(picks)</th>\
      <th scope="col">\(leaves)</th></tr></thead><tbody>
      <tr><th scope="row">really “\(yes)”</th>\(cell(found, true, "found"))\(cell(missed, false, "missed"))</tr>
      <tr><th scope="row">really “\(no)”</th>\(cell(alarms, false, "false alarms"))\
      \(cell(counts[0][0], true, "rightly not picked"))</tr>
      </tbody></table></div>

      """
  }

  private static func several(_ confusion: ConfusionSummary, _ facts: ReportFacts) -> Markup {
    let sums = confusion.counts.map { $0.reduce(0, +) }
    var mistakes: [(truth: Int, predicted: Int, share: Double)] = []
    for (truth, row) in confusion.counts.enumerated() where sums[truth] > 0 {
      for (predicted, count) in row.enumerated() where predicted != truth && count > 0 {
        mistakes.append((truth, predicted, Double(count) / Double(sums[truth])))
      }
    }
    mistakes.sort { ($1.share, $0.truth, $0.predicted) < ($0.share, $1.truth, $1.predicted) }
    let worst = mistakes.prefix(3).map { mistake -> Markup in
      """
      “\(Component.name(confusion.classes[mistake.truth]))” as \
      “\(Component.name(confusion.classes[mistake.predicted]))” \
      (\(NumberFormat.percent.text(mistake.share, digits: 2)))
      """
    }
    let words: Markup =
      worst.isEmpty
      ? "<p>No \(facts.unit) was mistaken.</p>" : "<p>Most often mistaken: \(Component.enumeration(worst)).</p>"
    // More classes than this cannot be told apart in one picture.
    guard confusion.classes.count <= 40 else {
      return "<h3>Which classes are mistaken for which</h3>\(words)"
    }
    let hasRoom = confusion.classes.count <= 20
    var cells: [Mark.Cell] = []
    for (truth, row) in confusion.counts.enumerated() where sums[truth] > 0 {
      for (predicted, count) in row.enumerated() {
        let share = Double(count) / Double(sums[truth])
        let label = share >= 0.005 && hasRoom ? NumberFormat.number.text(share * 100, decimals: 0) : ""
        cells.append(Mark.Cell(column: predicted, row: truth, intensity: share, label: label))
      }
    }
    let chart = Chart(
      "Of each true class, the share predicted as each class (%)",
      summary: "Heat map; the diagonal holds the rows predicted right",
      x: .categories(confusion.classes, label: "predicted class"), y: .categories(confusion.classes), legend: .none,
      marks: [.cells(cells)])
    return """
      <h3>Which classes are mistaken for which</h3>\(words)
      \(Component.figure(chart, "confusion", slot: .wide, caption: "One row per true class; the diagonal is right."))
      """
  }
}
