import Basics
import Evaluation
import Experiments
import Foundation
import Planning
import Projects
import TimeSeries

extension CapacityStory {
  // MARK: Units

  func unitParts(_ plan: UnitPlan) -> [ResultPart] {
    let best = plan.comparison.best
    let size = plan.problem.unitSize
    let total = ahead.forecasts[0]
    let chart = ResultChart(
      "The plan against the demand", summary: "Capacity as steps, demand with its interval.",
      x: .init("", format: .date), y: .init("demand and capacity in a \(panel.step)", includesZero: true),
      series: [
        .init(
          "demand expected", .line, x: moments, y: total.point, lower: total.quantile((1 - level) / 2) ?? [],
          upper: total.quantile((1 + level) / 2) ?? []),
        .init("capacity planned", .steps, role: .second, x: moments, y: best.units.map { $0 * size }),
      ], isWide: true)
    func row(_ name: String, _ cost: [Double]) -> [ResultTable.Cell] {
      [.text(name)] + cost.map { .number($0, .money(currency)) }
    }
    var rows = [
      row(
        "this plan",
        [
          best.cost.holding, best.cost.adding + best.cost.removing + best.cost.orders, best.cost.shortage,
          best.cost.total,
        ])
    ]
    let mean = plan.comparison.onMean.cost
    rows.append(
      row("planning on the mean", [mean.holding, mean.adding + mean.removing + mean.orders, mean.shortage, mean.total]))
    if let last = plan.comparison.onLastYear?.cost {
      rows.append(
        row(
          "planning on last season's demand",
          [last.holding, last.adding + last.removing + last.orders, last.shortage, last.total]))
    }
    let tradeOff = ResultChart(
      "Service and its cost", summary: "Plans for a shortage that costs from a quarter to four times what was given.",
      x: .init("steps served in full", format: .percent),
      y: .init("cost without that of shortage", format: .money(currency)),
      series: [
        .init(
          "", .line, x: plan.curve.map(\.service), y: plan.curve.map(\.cost)),
        .init("", .points, x: plan.curve.map(\.service), y: plan.curve.map(\.cost)),
      ])
    var charts = [tradeOff]
    if !plan.provenUnits.isEmpty {
      let start = panel.count - horizon
      let days = (start..<panel.count).map { Double(panel.timeline.moment($0)) }
      charts.append(
        ResultChart(
          "The plan that would have been made \(horizon) steps ago", summary: "Against the demand that came.",
          x: .init("", format: .date), y: .init("demand and capacity", includesZero: true),
          series: [
            .init("came", .line, role: .ink, x: days, y: test.truths[0]),
            .init("capacity", .steps, role: .second, x: days, y: plan.provenUnits.map { $0 * size }),
          ]))
    }
    return [
      ResultPart(
        "plan", "The plan",
        [
          .text(
            "The capacity of least expected cost: a unit serves \(Words.number(size)) in a step, costs "
              + "\(Words.money(plan.problem.holdingCost, currency)) to have and "
              + "\(Words.money(plan.problem.addingCost, currency)) to add, and comes "
              + "\(Words.count(plan.problem.leadTime, "step")) after it is ordered; a piece of demand that is not served costs "
              + "\(Words.money(plan.problem.shortageCost, currency))."),
          .charts([chart]),
          .table(
            ResultTable(
              "Expected cost over \(horizon) steps",
              columns: ["way", "having", "adding and removing", "shortage", "all"],
              rows: rows, highlighted: 0)),
          .charts(charts),
        ]),
      ResultPart(
        "orders", "Step by step",
        [
          .table(
            ResultTable(
              "The plan by step", columns: ["from", "expected", "units", "order", "remove", "served in full"],
              rows: moments.indices.prefix(60).map { step in
                [
                  .text(Timeline.text(Int(moments[step]))), .number(total.point[step], .number),
                  .number(best.units[step], .number), .number(best.added[step], .number),
                  .number(best.removed[step], .number), .number(best.serviceLevel[step], .percent),
                ]
              }))
        ]),
    ]
  }

  // MARK: Calls

  func callParts(_ plan: CallPlan) -> [ResultPart] {
    let shown = Array(0..<min(horizon, 7 * 86_400 / max(60, plan.minutes * 60)))
    let chart = ResultChart(
      "People needed", summary: "To answer as many calls in time as asked for, with a forecast that is not certain.",
      x: .init("", format: .date), y: .init("people", format: .count, includesZero: true),
      series: [
        .init("needed", .steps, x: shown.map { moments[$0] }, y: shown.map { Double(plan.need[$0]) }),
        .init(
          "if the forecast were certain", .steps, role: .muted, x: shown.map { moments[$0] },
          y: shown.map { Double(plan.needOnMean[$0]) }),
      ], isWide: true)
    var rows: [[ResultTable.Cell]] = []
    for (day, _, roster) in plan.rosters {
      rows.append([
        .number(Double(day) * 86_400, .date), .number(Double(roster.staff), .count), .number(roster.paidHours, .number),
        .number(roster.idleHours, .number), .number(roster.cost.total, .money(currency)),
      ])
    }
    var blocks: [ResultBlock] = [
      .text(
        "A call takes \(Words.number(project.amounts.number("handling time"))) s, callers give up after "
          + "\(Words.number(project.amounts.number("patience"))) s on average (Erlang A); "
          + "\(Words.percent(project.amounts.number("answered"))) are to be answered within "
          + "\(Words.number(project.amounts.number("within"))) s."),
      .charts([chart]),
      .table(
        ResultTable("Rosters by day", columns: ["day", "people", "paid hours", "hours not needed", "cost"], rows: rows)),
    ]
    if let first = plan.rosters.first {
      blocks.append(.charts([cover(first, plan)]))
      blocks.append(
        .table(
          ResultTable(
            "Shifts of the first day", columns: ["from", "hours", "people"],
            rows: first.roster.shifts.map { shift in
              let start = panel.timeline.moment(panel.count + first.intervals[shift.start])
              return [
                .text(String(Timeline.text(start).suffix(8).prefix(5))),
                .number(Double(shift.length * plan.minutes) / 60, .number), .number(Double(shift.count), .count),
              ]
            })))
    }
    return [ResultPart("plan", "The plan", blocks)]
  }

  private func cover(_ day: (day: Int, intervals: [Int], roster: Roster), _ plan: CallPlan) -> ResultChart {
    let x = day.intervals.map { moments[$0] }
    return ResultChart(
      "The first day: people at work against people needed",
      summary: "What lies above the need cannot be avoided with whole shifts.",
      x: .init("", format: .date), y: .init("people", format: .count, includesZero: true),
      series: [
        .init("at work", .steps, role: .second, x: x, y: day.roster.cover[0].map(Double.init)),
        .init("needed", .steps, x: x, y: day.intervals.map { Double(plan.need[$0]) }),
      ], isWide: true)
  }
}
