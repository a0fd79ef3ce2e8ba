import Evaluation
import Experiments
import Foundation
import Projects
import TimeSeries

/// What a run found out, told to whoever has to have enough, and not too much.
struct CapacityStory {
  let project: Project
  let panel: DemandPanel
  let ahead: DemandForecast
  let tested: DemandForecast
  let test: DemandTest
  let units: UnitPlan?
  let calls: CallPlan?
  let run: RunSummary
  let level: Double

  var currency: String { project.amounts.text("currency") ?? "" }
  var horizon: Int { ahead.forecasts[0].horizon }
  var moments: [Double] { (0..<horizon).map { Double(panel.timeline.moment(panel.count + $0)) } }

  func outcome() -> ProjectOutcome {
    var results = ProjectResults(
      solution: "capacity", title: "Capacity planning", data: project.data, run: run, headline: headline)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    let plan = units.map { unitParts($0) } ?? calls.map { callParts($0) } ?? []
    results.parts = plan + [forecastPart, testPart, seriesPart].compactMap { $0 }
    results.limits = limits
    let model = ahead.weights.filter { $0.weight > 0.05 }.map(\.name).joined(separator: " + ")
    return ProjectOutcome(
      results: results, model: model,
      summary: [
        headline,
        "mean scaled error \(Words.number(test.rows[0].scaled)) against \(Words.number(test.rows[1].scaled)) of last season's demand; \(Words.percent(test.coverage.value)) in the intervals",
      ])
  }

  // MARK: In words

  private var headline: String {
    if let units {
      let most = units.comparison.best.units.max() ?? 0
      let least = units.comparison.best.units.min() ?? 0
      let saving = units.comparison.savingOverLastYear ?? 0
      let range = most == least ? Words.number(most) : "\(Words.number(least)) to \(Words.number(most))"
      guard saving > 0 else {
        return "Have \(range) units over the next \(horizon) steps; last season's demand leads to the same."
      }
      return
        "Have \(range) units over the next \(horizon) steps: \(Words.money(saving, currency)) cheaper than planning for last season's demand."
    }
    if let calls {
      let most = calls.need.max() ?? 0
      let cost = calls.rosters.reduce(0) { $0 + $1.roster.cost.total }
      return
        "Up to \(Words.count(most, "person", plural: "people")) must answer calls at once; the shifts of \(Words.count(calls.rosters.count, "day")) cost \(Words.money(cost, currency))."
    }
    return "The demand of the next \(horizon) steps."
  }

  private var answers: [ProjectResults.Answer] {
    let gain = 1 - test.rows[0].scaled / test.rows[1].scaled
    var list = [
      ProjectResults.Answer(
        "How good the forecasts are",
        "On the last \(horizon) steps, which they had not seen, their errors were \(Words.percent(abs(gain))) "
          + "\(gain >= 0 ? "smaller" : "larger") than those of the same time last season.")
    ]
    list.append(
      .init(
        "How sure",
        "Intervals that promise \(Words.percent(level)) held \(Words.percent(test.coverage.value)) of what came "
          + "(\(Words.percent(test.coverage.lower)) to \(Words.percent(test.coverage.upper)))."))
    if let proven = units?.proven {
      list.append(
        .init(
          "What the plan would have cost",
          "On these steps \(Words.money(proven.plan, currency)), against \(Words.money(proven.lastSeason, currency)) for "
            + "planning on last season's demand."))
    }
    return list
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    var figures: [ProjectResults.KeyFigure] = []
    if let units {
      let best = units.comparison.best
      figures.append(
        .init("expected cost of the plan", .number(best.cost.total, .money(currency)), note: "over \(horizon) steps"))
      figures.append(
        .init("of steps are served in full", .number(mean(best.serviceLevel), .percent), note: "expected"))
      figures.append(.init("of the capacity is used", .number(mean(best.utilization), .percent), note: "expected"))
    }
    if let calls {
      let paid = calls.rosters.reduce(0) { $0 + $1.roster.paidHours }
      let idle = calls.rosters.reduce(0) { $0 + $1.roster.idleHours }
      figures.append(
        .init("hours to be paid", .number(paid, .number), note: "on \(Words.count(calls.rosters.count, "day"))"))
      figures.append(
        .init("of them nobody needs", .number(idle / paid, .percent), note: "shifts cannot follow every half hour"))
      let open = calls.need.indices.filter { calls.need[$0] > 0 }
      figures.append(
        .init(
          "answered in time", .number(mean(open.map { calls.answered[$0] }), .percent),
          note: "expected, with the people needed"))
    }
    figures.append(
      .init(
        "mean scaled error", .number(test.rows[0].scaled, .number),
        note: "last season: \(Words.number(test.rows[1].scaled))"))
    figures.append(
      .init("in the intervals", .estimate(test.coverage, .percent), note: "promised: \(Words.percent(level))"))
    return figures
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  private var measures: [ProjectResults.Measure] {
    var list: [ProjectResults.Measure] = [
      .init("scaled-error", test.rows[0].scaled), .init("scaled-error-last-season", test.rows[1].scaled),
      .init("symmetric-percentage-error", test.rows[0].percentage), .init("coverage", test.coverage),
      .init("total-mae", test.totalError.ensemble), .init("total-mae-last-season", test.totalError.naive),
    ]
    if let units {
      list.append(.init("plan-cost", units.comparison.best.cost.total, unit: currency))
      list.append(.init("plan-cost-on-mean", units.comparison.onMean.cost.total, unit: currency))
      if let proven = units.proven {
        list.append(.init("proven-cost", proven.plan, unit: currency))
        list.append(.init("proven-cost-last-season", proven.lastSeason, unit: currency))
      }
    }
    if let calls {
      list.append(.init("roster-cost", calls.rosters.reduce(0) { $0 + $1.roster.cost.total }, unit: currency))
      list.append(.init("most-people", Double(calls.need.max() ?? 0)))
    }
    return list
  }

  private var limits: [String] {
    var list = [
      "Forecasts tell how it goes on if nothing changes: new prices, products or competitors are not in the past.",
      "Demand that was turned away, or that stock-outs hid, is not in the records.",
    ]
    if panel.missing > 0 {
      list.append("\(Words.count(panel.missing, "step")) had no number; sums took ones between their neighbours.")
    }
    if panel.nodes.count > 1 { list.append("The plan is for the sum of all series.") }
    return list
  }

  // MARK: Parts

  private var forecastPart: ResultPart {
    let total = ahead.forecasts[0]
    let shown = min(panel.count, max(3 * horizon, 2 * (panel.seasons.last ?? 1)))
    let past = (panel.count - shown..<panel.count).map { Double(panel.timeline.moment($0)) }
    let fan = ResultChart(
      panel.nodes.count > 1 ? "Demand of all series together" : "Demand",
      summary: "The past, and what is expected with the interval that holds \(Words.percent(level)).",
      x: .init("", format: .date), y: .init("demand in a \(panel.step)", includesZero: true),
      series: [
        .init("past", .line, role: .ink, x: past, y: Array(panel.nodes[0].values.suffix(shown))),
        .init(
          "expected", .line, x: moments, y: total.point, lower: total.quantile((1 - level) / 2) ?? [],
          upper: total.quantile((1 + level) / 2) ?? []),
      ], isWide: true)
    return ResultPart(
      "forecast", "What is expected",
      [
        .charts([fan]),
        .table(
          ResultTable(
            "Methods", columns: ["method", "weight", "mean scaled error", "percentage error"],
            rows: ahead.weights.prefix(12).map { name, weight in
              let error = ahead.errors.first { $0.name == name }
              return [
                .text(name), .number(weight, .percent), .number(error?.scaled ?? .nan, .number),
                .number((error?.percentage ?? .nan) / 100, .percent),
              ]
            })),
        .text("Methods are weighed for each series by how well they forecast from several moments of its past."),
      ])
  }

  private var testPart: ResultPart {
    let start = panel.count - horizon
    let days = (start..<panel.count).map { Double(panel.timeline.moment($0)) }
    let forecast = test.forecasts[0]
    let chart = ResultChart(
      "The last \(horizon) steps, forecast without knowing them",
      summary: "What was expected with its interval, and what came.",
      x: .init("", format: .date), y: .init("demand", includesZero: true),
      series: [
        .init(
          "expected", .line, x: days, y: forecast.point, lower: forecast.quantile((1 - level) / 2) ?? [],
          upper: forecast.quantile((1 + level) / 2) ?? []),
        .init("same time last season", .dashes, role: .muted, x: days, y: test.naiveTotal),
        .init("came", .line, role: .ink, x: days, y: test.truths[0]),
      ], isWide: true)
    return ResultPart(
      "test", "How well that would have gone",
      [
        .charts([chart]),
        .table(
          ResultTable(
            "Errors on the last steps, averaged over \(Words.count(panel.nodes.count, "series", plural: "series"))",
            columns: ["way", "mean scaled error", "percentage error"],
            rows: test.rows.map {
              [.text($0.name), .number($0.scaled, .number), .number($0.percentage / 100, .percent)]
            },
            highlighted: 0)),
        .text(
          "The scaled error is relative to the usual change from season to season in the past; below 1 is better than that."
        ),
      ])
  }

  private var seriesPart: ResultPart? {
    guard panel.nodes.count > 1 else { return nil }
    let rows = panel.nodes.indices.prefix(40).map { node -> [ResultTable.Cell] in
      let forecast = ahead.forecasts[node]
      let past = panel.nodes[node].values.suffix(horizon).filter { !$0.isNaN }
      let truth = test.truths[node]
      let error = PointAccuracy.meanAbsoluteError(test.forecasts[node].point, truth: truth)
      return [
        .text(panel.nodes[node].name), .number(past.reduce(0, +) / Double(max(1, past.count)), .number),
        .number(mean(forecast.point), .number), .number(error, .number),
      ]
    }
    return ResultPart(
      "series", "Series by series",
      [
        .table(
          ResultTable(
            "Series and their sums",
            columns: ["series", "mean of the last steps", "expected mean", "mean error in the test"],
            rows: rows)),
        .text("Forecasts of series add up to those of their regions and of all."),
      ])
  }
}
