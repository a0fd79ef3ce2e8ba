import Evaluation
import Experiments
import Foundation
import Projects
import TimeSeries

/// What a study of a demand found out, told to whoever has to have enough, and not too much.
public struct DemandStory {
  /// What was found.
  public let outcome: DemandStudy.Outcome
  /// What was asked.
  public let problem: DemandProblem

  /// The story of a study.
  public init(_ outcome: DemandStudy.Outcome, _ problem: DemandProblem) {
    self.outcome = outcome
    self.problem = problem
  }

  var panel: DemandPanel { outcome.panel }
  var ahead: DemandForecast { outcome.ahead }
  var tested: [DemandForecast] { outcome.tested }
  var test: RollingTest { outcome.test }
  var units: UnitPlan? { outcome.units }
  var calls: CallPlan? { outcome.calls }
  var level: Double { problem.level }
  var currency: String { problem.currency }
  var demand: String { problem.nouns.demand }
  var unit: String { problem.nouns.unit }
  var horizon: Int { panel.horizon }
  var moments: [Double] { (0..<horizon).map { Double(panel.moment(panel.count + $0)) } }
  /// The first step that was forecast for the test.
  var testStart: Int { panel.count - tested.count * horizon }
  var testMoments: [Double] { (testStart..<panel.count).map { Double(panel.moment($0)) } }
  var testTruth: [Double] { Array(panel.nodes[0].values.suffix(tested.count * horizon)) }

  /// The longest season in words: "week".
  public var season: String { panel.seasonWord }

  /// All that a report shows below its headline.
  ///
  /// - Parameter results: What the report is about, with its headline.
  public func told(in results: ProjectResults) -> ProjectOutcome {
    var results = results
    results.answers = answers
    results.keyFigures = keyFigures
    results.measures = measures
    let plan = units.map { unitParts($0) } ?? calls.map { callParts($0) } ?? []
    results.parts = plan + [forecastPart, testPart, seriesPart].compactMap { $0 }
    results.limits = limits
    let model = ahead.methods.filter { $0.weight > 0.05 }.map(\.name).joined(separator: " + ")
    return ProjectOutcome(results: results, model: model, summary: [results.headline, accuracyLine])
  }

  /// How good the forecasts are, in a line.
  private var accuracyLine: String {
    "mean scaled error \(Words.number(test.rows[0].scaledError)) against "
      + "\(Words.number(test.rows[1].scaledError)) of the \(test.rows[1].name) and "
      + "\(Words.number(test.rows[2].scaledError)) of the \(test.rows[2].name); "
      + "\(Words.percent(test.coverage.value)) in the intervals"
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
  public var time: String {
    let days = Set((0..<horizon).map { panel.day(panel.count + $0) }).count
    return calls != nil ? Words.count(days, "day") : Words.count(horizon, panel.step)
  }

  /// The time of the test.
  public var testTime: String {
    let days = Set((testStart..<panel.count).map { panel.day($0) }).count
    return calls != nil ? Words.count(days, "day") : Words.count(tested.count * horizon, panel.step)
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
            + "last \(season)'s \(demand) and \(Words.money(proven[2], currency)) for planning on the mean of the last four."
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
          note: "expected, asked for: \(Words.percent(calls.aim))"))
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
      !problem.marksUnserved
        ? "\(Words.sentence(demand)) that was turned away, or that stock-outs hid, is not in the records."
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
        "\(Words.count(panel.closedDays.count, "day")) without any \(demand) count as closed, and are neither learned from nor judged."
      )
    }
    if panel.nodes.count > 1, units != nil || calls != nil { list.append("The plan is for the sum of all series.") }
    return list
  }
}
