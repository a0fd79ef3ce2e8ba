import Demand
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
  let tested: [DemandForecast]
  let test: RollingTest
  let units: UnitPlan?
  let calls: CallPlan?
  /// What is said of methods that learn from all series.
  let learning: String
  let run: RunSummary
  let level: Double

  var currency: String { project.amounts.text("currency") ?? "" }
  var horizon: Int { panel.horizon }
  var moments: [Double] { (0..<horizon).map { Double(panel.moment(panel.count + $0)) } }
  /// The first step that was forecast for the test.
  var testStart: Int { panel.count - tested.count * horizon }
  var testMoments: [Double] { (testStart..<panel.count).map { Double(panel.moment($0)) } }
  var testTruth: [Double] { Array(panel.nodes[0].values.suffix(tested.count * horizon)) }
  var season: String { panel.seasonWord }

  func outcome() -> ProjectOutcome {
    var results = ProjectResults(
      solution: "capacity", title: "Capacity planning", data: project.data, run: run, headline: headline)
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    let plan = units.map { unitParts($0) } ?? calls.map { callParts($0) } ?? []
    results.parts = plan + [forecastPart, testPart, seriesPart].compactMap { $0 }
    results.limits = limits
    let model = ahead.methods.filter { $0.weight > 0.05 }.map(\.name).joined(separator: " + ")
    return ProjectOutcome(
      results: results, model: model,
      summary: [
        headline,
        "mean scaled error \(Words.number(test.rows[0].scaledError)) against "
          + "\(Words.number(test.rows[1].scaledError)) of the \(test.rows[1].name) and "
          + "\(Words.number(test.rows[2].scaledError)) of the \(test.rows[2].name); "
          + "\(Words.percent(test.coverage.value)) in the intervals",
      ])
  }

  /// A line over steps of the panel; where it is closed between two of them, it goes down to zero.
  func drawn(
    _ name: String, _ shape: ResultChart.Series.Shape = .line, role: ResultChart.Series.Role = .first, _ steps: [Int],
    _ y: [Double], lower: [Double] = [], upper: [Double] = []
  ) -> ResultChart.Series {
    let x = steps.map { Double(panel.moment($0)) }
    guard panel.open != nil, case .seconds(let length) = panel.timeline.step else {
      return .init(name, shape, role: role, x: x, y: y, lower: lower, upper: upper)
    }
    let ends = Set(x.indices.dropLast().filter { x[$0 + 1] - x[$0] > 1.5 * Double(length) })
    func closed(_ values: [Double], _ after: (Int) -> [Double]) -> [Double] {
      values.indices.flatMap { ends.contains($0) ? [values[$0]] + after($0) : [values[$0]] }
    }
    func zeros(_ values: [Double]) -> [Double] { closed(values) { _ in [0, 0] } }
    return .init(
      name, shape, role: role, x: closed(x) { [x[$0] + Double(length), x[$0 + 1]] }, y: zeros(y), lower: zeros(lower),
      upper: zeros(upper))
  }

  // MARK: In words

  /// The time that is planned for: "28 days", "5 days".
  var time: String {
    let days = Set((0..<horizon).map { panel.day(panel.count + $0) }).count
    return calls != nil ? Words.count(days, "day") : Words.count(horizon, panel.step)
  }

  /// The time of the test.
  var testTime: String {
    let days = Set((testStart..<panel.count).map { panel.day($0) }).count
    return calls != nil ? Words.count(days, "day") : Words.count(tested.count * horizon, panel.step)
  }

  private var headline: String {
    if let units {
      let most = units.comparison.best.units.max() ?? 0
      let least = units.comparison.best.units.min() ?? 0
      if most == 0 {
        return "At these costs every unit of capacity is a loss: having none is cheapest over the next \(time)."
      }
      let range = most == least ? Words.number(most) : "\(Words.number(least)) to \(Words.number(most))"
      let plan = "Have \(range) units over the next \(time)"
      guard project.assumedCosts.isEmpty else {
        return "\(plan), at costs that are examples: give your own under value."
      }
      guard let proven = units.proven, proven[1] > 0 else { return "\(plan)." }
      let change = proven[0] / proven[1] - 1
      return
        "\(plan). Planned so, the last \(testTime) would have cost \(Words.percent(abs(change))) \(change <= 0 ? "less" : "more") than planned by the demand of a \(season) before."
    }
    if let calls {
      let most = calls.staffing.need.max() ?? 0
      let people = "Up to \(Words.count(most, "person", plural: "people")) must answer calls at once"
      guard project.assumedCosts.isEmpty else {
        return "\(people). What the shifts cost hangs on the wage: give yours under value."
      }
      return
        "\(people); the shifts of \(Words.count(calls.days.count, "day")) cost \(Words.money(calls.cost, currency))."
    }
    return "The demand of the next \(time)."
  }

  private var answers: [ProjectResults.Answer] {
    func against(_ row: RollingTest.Row) -> String {
      let gain = 1 - test.rows[0].scaledError / row.scaledError
      return "\(Words.percent(abs(gain))) \(gain >= 0 ? "smaller" : "larger") than those of the \(row.name)"
    }
    let times = tested.count == 1 ? "" : ", in \(tested.count) rounds"
    var list = [
      ProjectResults.Answer(
        "How good the forecasts are",
        "On the last \(testTime)\(times), which they had not seen, their errors were "
          + "\(against(test.rows[1])) and \(against(test.rows[2]))."),
      .init(
        "How sure",
        "Intervals that promise \(Words.percent(level)) held \(Words.percent(test.coverage.value)) of what came "
          + "(\(Words.percent(test.coverage.lower)) to \(Words.percent(test.coverage.upper)))."),
    ]
    if let proven = units?.proven {
      list.append(
        .init(
          "What the plan would have cost",
          "On these \(panel.step)s \(Words.money(proven[0], currency)), against \(Words.money(proven[1], currency)) for planning on "
            + "last \(season)'s demand and \(Words.money(proven[2], currency)) for planning on the mean of the last four."
        ))
    }
    if let proven = calls?.proven {
      let (own, usual) = (proven[0], proven[1])
      list.append(
        .init(
          "What the plan would have achieved",
          "On these days its shifts would have answered \(Words.percent(own.answered)) of the calls in time and cost "
            + "\(Words.money(own.cost, currency)); planning on the \(usual.name) \(Words.percent(usual.answered)) and "
            + "\(Words.money(usual.cost, currency))."))
    }
    return list
  }

  private var keyFigures: [ProjectResults.KeyFigure] {
    var figures: [ProjectResults.KeyFigure] = []
    if let units {
      let best = units.comparison.best
      figures.append(
        .init("expected cost of the plan", .number(best.cost.total, .money(currency)), note: "over \(time)"))
      figures.append(
        .init("of \(panel.step)s are served in full", .number(mean(best.serviceLevel), .percent), note: "expected"))
      figures.append(.init("of the capacity is used", .number(mean(best.utilization), .percent), note: "expected"))
    }
    if let calls {
      let paid = calls.days.reduce(0) { $0 + $1.roster.paidHours }
      figures.append(
        .init("hours to be paid", .number(paid, .number), note: "on \(Words.count(calls.days.count, "day"))"))
      figures.append(
        .init(
          "cost of the shifts", .number(calls.cost, .money(currency)),
          note: "on \(Words.count(calls.days.count, "day"))"))
      figures.append(
        .init(
          "answered in time", .number(calls.meanAnswered(ahead.forecasts[0].point), .percent),
          note: "expected, asked for: \(Words.percent(project.amounts.number("answered")))"))
    }
    figures.append(
      .init(
        "mean scaled error", .number(test.rows[0].scaledError, .number),
        note: "last \(season): \(Words.number(test.rows[1].scaledError)), mean of four: "
          + Words.number(test.rows[2].scaledError)))
    figures.append(
      .init("in the intervals", .estimate(test.coverage, .percent), note: "promised: \(Words.percent(level))"))
    return figures
  }

  func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  private var measures: [ProjectResults.Measure] {
    let names = ["", "-last-season", "-season-mean", "-last-number"]
    var list: [ProjectResults.Measure] = []
    for (name, row) in zip(names, test.rows) { list.append(.init("scaled-error" + name, row.scaledError)) }
    list.append(.init("symmetric-percentage-error", test.rows[0].percentageError))
    list.append(.init("coverage", test.coverage))
    for (name, row) in zip(names, test.rows) { list.append(.init("total-mae" + name, row.firstError)) }
    for (name, row) in zip(names, test.rows) { list.append(.init("total-rmse" + name, row.firstSquaredError)) }
    if let units {
      list.append(.init("plan-cost", units.comparison.best.cost.total, unit: currency))
      list.append(.init("plan-cost-on-mean", units.comparison.onMean.cost.total, unit: currency))
      for (name, cost) in zip(names, units.proven ?? []) {
        list.append(.init("proven-cost" + name, cost, unit: currency))
      }
    }
    if let calls {
      list.append(.init("roster-cost", calls.cost, unit: currency))
      list.append(.init("most-people", Double(calls.staffing.need.max() ?? 0)))
      list.append(.init("most-people-erlang-c", Double(calls.staffing.needWithoutAbandonment.max() ?? 0)))
      list.append(.init("answered-in-time", calls.meanAnswered(ahead.forecasts[0].point)))
      for (name, row) in zip(["", "-season-mean", "-last-season", "-known"], calls.proven) {
        list.append(.init("proven-cost" + name, row.cost, unit: currency))
        list.append(.init("proven-answered" + name, row.answered))
      }
    }
    return list
  }

  private var limits: [String] {
    var list = [
      "Forecasts tell how it goes on if nothing changes: new prices, products or competitors are not in the past."
    ]
    list.append(
      project.columns["unserved"] == nil
        ? "Demand that was turned away, or that stock-outs hid, is not in the records."
        : "What could not be served is taken as unknown, and as its own past lets expect in sums.")
    if !panel.drivers.isEmpty {
      list.append(
        "Past forecasts leaned on what holidays and drivers came to be, not on what was planned of them then: plans that are "
          + "often changed make forecasts worse than shown.")
    }
    for name in panel.drivers.lagged {
      list.append("Nothing is known ahead of \(name): forecasts use what it was \(horizon) steps before.")
    }
    if let refusal = panel.drivers.refusal { list.append(refusal.prefix(1).uppercased() + refusal.dropFirst() + ".") }
    if panel.missing > 0 {
      list.append(
        "\(Words.count(panel.missing, "step")) had no number; sums took what the same time in seasons before lets expect."
      )
    }
    if !panel.closedDays.isEmpty {
      list.append(
        "\(Words.count(panel.closedDays.count, "day")) without any demand count as closed, and are neither learned from nor judged."
      )
    }
    if panel.nodes.count > 1 { list.append("The plan is for the sum of all series.") }
    return list
  }

  // MARK: Parts

  private var forecastPart: ResultPart {
    let total = ahead.forecasts[0]
    let shown = min(panel.count, max(3 * horizon, 2 * (panel.seasons.last ?? 1)))
    let past = Array(panel.count - shown..<panel.count)
    let next = Array(panel.count..<panel.count + horizon)
    let fan = ResultChart(
      panel.nodes.count > 1 ? "Demand of all series together" : "Demand",
      summary: "The past, and what is expected with the interval that holds \(Words.percent(level)).",
      x: .init("", format: .date), y: .init("demand in a \(panel.step)", includesZero: true),
      series: [
        drawn("past", .line, role: .ink, past, Array(panel.nodes[0].values.suffix(shown))),
        drawn(
          "expected", .line, next, total.point, lower: total.quantile((1 - level) / 2) ?? [],
          upper: total.quantile((1 + level) / 2) ?? []),
      ], isWide: true)
    return ResultPart(
      "forecast", "What is expected",
      [
        .charts([fan] + regionFans),
        .table(
          ResultTable(
            "Methods, and how they did at moments of the past",
            columns: ["method", "weight", "mean scaled error", "percentage error"],
            rows: ahead.methods.prefix(12).map { method in
              [
                .text(method.name), .number(method.weight, .percent), .number(method.scaledError, .number),
                .number(method.percentageError / 100, .percent),
              ]
            })),
        .text(
          "Methods are weighed for each series by how well they forecast from several moments of its past, before the steps "
            + "that test them. \(learning)"),
      ] + driverText)
  }

  /// The fans of the largest sums below the total, or of series where there are no such sums.
  private var regionFans: [ResultChart] {
    guard let tree = panel.hierarchy else { return [] }
    let candidates = tree.aggregateCount > 1 ? Array(1..<tree.aggregateCount) : Array(tree.aggregateCount..<tree.count)
    let largest = candidates.sorted { mean(ahead.forecasts[$0].point) > mean(ahead.forecasts[$1].point) }.prefix(4)
    let shown = min(panel.count, 3 * horizon)
    let past = (panel.count - shown..<panel.count).map { Double(panel.moment($0)) }
    return largest.map { node in
      let forecast = ahead.forecasts[node]
      return ResultChart(
        panel.nodes[node].name, x: .init("", format: .date), y: .init("demand", includesZero: true),
        series: [
          .init("past", .line, role: .ink, x: past, y: Array(panel.nodes[node].values.suffix(shown))),
          .init(
            "expected", .line, x: moments, y: forecast.point, lower: forecast.quantile((1 - level) / 2) ?? [],
            upper: forecast.quantile((1 + level) / 2) ?? []),
        ])
    }
  }

  private var driverText: [ResultBlock] {
    guard !panel.drivers.isEmpty else { return [] }
    return [
      .text(
        "Known in advance, and used by the methods called \"adjusted\" and by dynamic regression: "
          + panel.drivers.names.joined(separator: "; ")
          + ". What each does to a series is learned from its past and left out "
          + "where it is not seen clearly.")
    ]
  }

  private var testPart: ResultPart {
    let bounds = [(1 - level) / 2, (1 + level) / 2].map { end in
      tested.flatMap { $0.forecasts[0].quantile(end) ?? $0.forecasts[0].point }
    }
    let steps = Array(testStart..<panel.count)
    let chart = ResultChart(
      "The last \(testTime), forecast without knowing them",
      summary: "What was expected with its interval, what came, and the same time last \(season).",
      x: .init("", format: .date), y: .init("demand", includesZero: true),
      series: [
        drawn("expected", .line, steps, test.rows[0].firstPoints.flatMap { $0 }, lower: bounds[0], upper: bounds[1]),
        drawn("last \(season)", .dashes, role: .muted, steps, test.rows[1].firstPoints.flatMap { $0 }),
        drawn("came", .line, role: .ink, steps, testTruth),
      ], isWide: true)
    return ResultPart(
      "test", "How well that would have gone",
      [
        .charts([chart]),
        .table(
          ResultTable(
            "Errors on the last \(testTime), averaged over \(Words.count(panel.nodes.count, "series", plural: "series and sums"))",
            columns: [
              "way", "mean scaled error", "percentage error",
              panel.nodes.count > 1 ? "mean error of the sum" : "mean error", "root mean squared error",
            ],
            rows: test.rows.map {
              [
                .text($0.name), .number($0.scaledError, .number), .number($0.percentageError / 100, .percent),
                .number($0.firstError, .number), .number($0.firstSquaredError, .number),
              ]
            },
            highlighted: 0)),
        .text(
          "The scaled error is relative to the usual change from season to season in the past; below 1 is better than that."
            + (tested.count > 1
              ? " Each of the \(tested.count) rounds was forecast from what was known before it." : "")),
      ])
  }

  private var seriesPart: ResultPart? {
    guard panel.nodes.count > 1 else { return nil }
    let rows = panel.nodes.indices.prefix(40).map { node -> [ResultTable.Cell] in
      let past = panel.nodes[node].values.suffix(horizon).filter { !$0.isNaN }
      return [
        .text(panel.nodes[node].name), .number(mean(past), .number),
        .number(mean(ahead.forecasts[node].point), .number), .number(test.seriesErrors[node], .number),
      ]
    }
    return ResultPart(
      "series", "Series by series",
      [
        .table(
          ResultTable(
            "Series and their sums",
            columns: ["series", "mean of the last \(time)", "expected mean", "mean error in the test"],
            rows: rows)),
        .text("Forecasts of series add up to those of their regions and of all."),
      ])
  }
}
