import Basics
import Evaluation
import Experiments
import Foundation
import Planning
import Projects
import TimeSeries

extension DemandStory {
  func unitParts(_ plan: UnitPlan) -> [ResultPart] {
    let best = plan.comparison.best
    let size = plan.problem.unitSize
    let total = ahead.forecasts[0]
    let chart = ResultChart(
      "The plan against the \(demand)", summary: "Capacity as steps, \(demand) with its interval.",
      x: .init("", format: .date), y: .init("\(demand) and capacity in a \(panel.step)", includesZero: true),
      series: [
        .init(
          demand, .line, x: moments, y: total.point, lower: total.quantile((1 - level) / 2) ?? [],
          upper: total.quantile((1 + level) / 2) ?? []),
        .init("capacity", .steps, role: .second, x: moments, y: best.units.map { $0 * size }),
      ], isWide: true)
    func row(_ name: String, _ cost: CapacityPlan.Cost) -> [ResultTable.Cell] {
      [.text(name)]
        + [cost.holding, cost.adding + cost.removing + cost.orders, cost.shortage, cost.total]
        .map { .number($0, .money(currency)) }
    }
    var rows = [row("this plan", best.cost), row("planning on the mean", plan.comparison.onMean.cost)]
    if let last = plan.comparison.onLastYear?.cost { rows.append(row("planning on last \(season)'s \(demand)", last)) }
    return [
      ResultPart(
        "plan", "The plan",
        [
          .text(
            "The capacity of least expected cost: \(Words.one(unit)) serves \(Words.number(size)) in a \(panel.step), costs "
              + "\(Words.money(plan.problem.holdingCost, currency)) to have and "
              + "\(Words.money(plan.problem.addingCost, currency)) to add, and comes "
              + "\(Words.count(plan.problem.leadTime, panel.step)) after it is ordered; a piece of \(demand) that is not served "
              + "costs \(Words.money(plan.problem.shortageCost, currency)). There are "
              + "\(Words.number(plan.problem.initialUnits)) \(unit)s now."),
          .charts([chart]),
          .table(
            ResultTable(
              "Expected cost over \(time)", columns: ["way", "having", "adding and removing", "shortage", "all"],
              rows: rows, highlighted: 0)),
          .charts(provenCharts(plan)),
        ]),
      whatIfPart(plan),
      ResultPart(
        "orders", "Step by step",
        [
          .table(
            ResultTable(
              "The plan by step", columns: ["from", "expected", "\(unit)s", "order", "remove", "served in full"],
              rows: moments.indices.prefix(60).map { step in
                [
                  .text(text(of: moments[step])), .number(total.point[step], .number),
                  .number(best.units[step], .number), .number(best.added[step], .number),
                  .number(best.removed[step], .number), .number(best.serviceLevel[step], .percent),
                ]
              }))
        ]),
    ]
  }

  /// A moment for a table: without the time of day where steps are days or longer.
  private func text(of moment: Double) -> String {
    let text = Timeline.text(Int(moment))
    if case .seconds(let length) = panel.timeline.step, length % Timeline.day != 0 { return String(text.prefix(16)) }
    return String(text.prefix(10))
  }

  private func provenCharts(_ plan: UnitPlan) -> [ResultChart] {
    let tradeOff = ResultChart(
      "Service and its cost",
      summary:
        "Plans for a shortage that costs from a quarter to four times what was given: a better service costs more.",
      x: .init("\(panel.step)s served in full", format: .percent),
      y: .init("cost without that of shortage", format: .money(currency)),
      series: [
        .init("", .line, x: plan.curve.map(\.service), y: plan.curve.map(\.cost)),
        .init("", .points, x: plan.curve.map(\.service), y: plan.curve.map(\.cost)),
      ])
    guard !plan.provenUnits.isEmpty else { return [tradeOff] }
    return [
      tradeOff,
      ResultChart(
        "The plans that would have been made", summary: "Capacity against the \(demand) that came.",
        x: .init("", format: .date), y: .init("\(demand) and capacity", includesZero: true),
        series: [
          .init("came", .line, role: .ink, x: testMoments, y: testTruth),
          .init(
            "capacity", .steps, role: .second, x: testMoments, y: plan.provenUnits.map { $0 * plan.problem.unitSize }),
        ]),
    ]
  }

  private func whatIfPart(_ plan: UnitPlan) -> ResultPart {
    ResultPart(
      "what-if", "What if",
      [
        .table(
          ResultTable(
            "The best plan if something were otherwise",
            columns: [
              "if", "fewest \(unit)s", "most \(unit)s", "\(panel.step)s served in full", "expected cost", "change",
            ],
            rows: plan.whatIf.map { row in
              [
                .text(row.name), .number(row.least, .number), .number(row.most, .number),
                .number(row.service, .percent),
                .number(row.cost, .money(currency)), .number(row.cost - plan.whatIf[0].cost, .money(currency)),
              ]
            }, highlighted: 0)),
        .text("Each row is the best plan for its case, made before it is known how much will be asked for."),
      ])
  }
}
