import Basics
import Experiments
import Foundation
import Planning
import Projects
import TimeSeries

extension CallPlan {
  /// What the rosters cost.
  public var cost: Double { days.reduce(0) { $0 + $1.roster.cost.total } }

  /// The share that is to be answered in time; not-a-number where none is asked for.
  var aim: Double { staffing.rules.target.serviceLevel ?? .nan }

  /// The expected share of callers answered in time, each caller counting once.
  func meanAnswered(_ calls: [Double]) -> Double {
    let open = calls.indices.filter { staffing.arrivals[$0] != nil }
    let all = open.reduce(0) { $0 + calls[$1] }
    return all > 0 ? open.reduce(0) { $0 + calls[$1] * answered[$1] } / all : 1
  }
}

extension DemandStory {
  func callParts(_ plan: CallPlan) -> [ResultPart] {
    let shown = Array(0..<min(horizon, 7 * 86_400 / max(60, plan.minutes * 60)))
    func people(_ name: String, _ role: ResultChart.Series.Role, _ values: [Int]) -> ResultChart.Series {
      drawn(name, .steps, role: role, shown.map { panel.count + $0 }, shown.map { Double(values[$0]) })
    }
    let chart = ResultChart(
      "People needed",
      summary:
        "To answer as many calls in time as asked for. Needed: with callers who give up (Erlang A) and a forecast "
        + "that is not certain; if certain: with the mean forecast; Erlang C: if nobody gave up.",
      x: .init("", format: .date), y: .init("people", format: .count, includesZero: true),
      series: [
        people("Erlang C", .third, plan.staffing.needWithoutAbandonment), people("needed", .first, plan.staffing.need),
        people("if certain", .muted, plan.staffing.needOnMean),
      ], isWide: true)
    let rules = plan.staffing.rules
    var blocks: [ResultBlock] = [
      .text(
        "A call takes \(Words.number(rules.serviceTime)) s, callers give up after "
          + "\(Words.number(rules.patience ?? .nan)) s on average (Erlang A); "
          + "\(Words.percent(plan.aim)) are to be answered within "
          + "\(Words.number(rules.target.threshold)) s."),
      .charts([chart]),
      .table(
        ResultTable(
          "Rosters by day",
          columns: [
            "day", "calls", "people", "most at once", "by Erlang C", "paid hours", "answered in time", "cost",
          ],
          rows: plan.days.map { dayRow($0, plan) } + [allRow(plan)], highlighted: plan.days.count)),
    ]
    if let first = plan.days.first {
      blocks.append(.charts([cover(first, plan)]))
      blocks.append(
        .table(
          ResultTable(
            "Shifts of the first day", columns: ["from", "hours", "break from", "people"],
            rows: first.roster.shifts.map { shift in
              [
                .text(clock(first.intervals[0] + shift.start)),
                .number(Double(shift.length * plan.minutes) / 60, .number),
                shift.breakStart.map { .text(clock(first.intervals[0] + $0)) } ?? .none,
                .number(Double(shift.count), .count),
              ]
            })))
    }
    return [
      ResultPart("plan", "The plan", blocks), shortPart(plan), provenPart(plan), whatIfPart(plan),
    ]
  }

  private func clock(_ step: Int) -> String {
    String(Timeline.text(panel.moment(panel.count + step)).dropFirst(11).prefix(5))
  }

  private func date(_ day: Int) -> String {
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    return names[CalendarDate(daysSince1970: day).weekday - 1] + " " + Timeline.text(day * Timeline.day).prefix(10)
  }

  private func dayRow(_ day: CallPlan.Day, _ plan: CallPlan) -> [ResultTable.Cell] {
    let calls = day.intervals.map { ahead.forecasts[0].point[$0] }
    let inTime = zip(day.intervals, calls).reduce(0) { $0 + $1.1 * plan.answered[$1.0] }
    return [
      .text(date(day.day)), .number(calls.reduce(0, +), .number), .number(Double(day.roster.staff), .count),
      .number(Double(day.intervals.map { plan.staffing.need[$0] }.max() ?? 0), .count),
      .number(Double(day.intervals.map { plan.staffing.needWithoutAbandonment[$0] }.max() ?? 0), .count),
      .number(day.roster.paidHours, .number),
      .number(inTime / max(1e-9, calls.reduce(0, +)), .percent), .number(day.roster.cost.total, .money(currency)),
    ]
  }

  private func allRow(_ plan: CallPlan) -> [ResultTable.Cell] {
    func sum(_ value: (CallPlan.Day) -> Double) -> Double { plan.days.reduce(0) { $0 + value($1) } }
    let point = ahead.forecasts[0].point
    return [
      .text("all days"), .number(sum { $0.intervals.reduce(0) { $0 + point[$1] } }, .number), .none,
      .number(Double(plan.staffing.need.max() ?? 0), .count),
      .number(Double(plan.staffing.needWithoutAbandonment.max() ?? 0), .count),
      .number(sum { $0.roster.paidHours }, .number),
      .number(plan.meanAnswered(point), .percent), .number(plan.cost, .money(currency)),
    ]
  }

  private func cover(_ day: CallPlan.Day, _ plan: CallPlan) -> ResultChart {
    let x = day.intervals.map { moments[$0] }
    return ResultChart(
      "The first day: people at work against people needed",
      summary: "What lies above the need cannot be avoided with whole shifts.",
      x: .init("", format: .date), y: .init("people", format: .count, includesZero: true),
      series: [
        .init("at work", .steps, role: .second, x: x, y: day.roster.cover[0].map(Double.init)),
        .init("needed", .steps, x: x, y: day.intervals.map { Double(plan.staffing.need[$0]) }),
      ], isWide: true)
  }

  // MARK: Where it falls short

  private func shortPart(_ plan: CallPlan) -> ResultPart {
    let target = plan.aim
    let open = plan.days.flatMap(\.intervals).filter { plan.staffing.arrivals[$0] != nil }
    let short = open.filter { plan.answered[$0] < target - 1e-9 }
    let tight = open.filter { plan.answeredAtMost[$0] < target - 1e-9 }
    let worst = tight.sorted { (plan.answeredAtMost[$0], $0) < (plan.answeredAtMost[$1], $1) }.prefix(12).sorted()
    let most = ahead.forecasts[0].quantile((1 + level) / 2) ?? ahead.forecasts[0].point
    let unit = plan.minutes == 30 ? "half hour" : "step"
    var blocks: [ResultBlock] = [
      .text(
        short.isEmpty
          ? "With these shifts every \(unit) is expected to reach \(Words.percent(target)) answered in time."
          : "With these shifts \(Words.count(short.count, unit)) of \(open.count) are expected to miss \(Words.percent(target)): "
            + short.prefix(12).map { "\(date(panel.day(panel.count + $0))) \(clock($0))" }.joined(separator: ", ")
            + (short.count > 12 ? " and others." : "."))
    ]
    if tight.isEmpty {
      blocks.append(.text("Even if as many call as the upper end of the interval says, all of them reach it."))
    } else {
      blocks.append(
        .text(
          "If as many call as the upper end of the interval says, "
            + "\(tight.count == open.count ? "every \(unit) falls" : "\(Words.count(tight.count, unit)) of \(open.count) fall") "
            + "short of it; these most:"))
      blocks.append(
        .table(
          ResultTable(
            "Where the shifts are tightest",
            columns: [
              "from", "calls expected", "upper end", "people at work", "answered in time, expected", "at the upper end",
            ],
            rows: worst.map { step in
              [
                .text("\(date(panel.day(panel.count + step))) \(clock(step))"),
                .number(ahead.forecasts[0].point[step], .number), .number(most[step], .number),
                .number(Double(plan.atWork[step]), .count), .number(plan.answered[step], .percent),
                .number(plan.answeredAtMost[step], .percent),
              ]
            })))
    }
    return ResultPart("short", "Where it falls short", blocks)
  }

  private func provenPart(_ plan: CallPlan) -> ResultPart {
    ResultPart(
      "proven", "What plans would have achieved",
      [
        .table(
          ResultTable(
            "Shifts for the \(testTime) of the test, met with the calls that came",
            columns: ["planned on", "cost", "answered in time", "gave up", "half hours below the aim", "of"],
            rows: plan.proven.map { row in
              [
                .text(row.name), .number(row.cost, .money(currency)), .number(row.answered, .percent),
                .number(row.abandoned, .percent), .number(Double(row.short), .count),
                .number(Double(row.intervals), .count),
              ]
            }, highlighted: 0)),
        .text(
          "This forecast is planned on with its uncertainty, the simple ways as if they were certain. Knowing the calls "
            + "beforehand shows what the aim costs at the least."),
      ])
  }

  private func whatIfPart(_ plan: CallPlan) -> ResultPart {
    let levels = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    let days = Words.count(plan.days.count, "day")
    let curve = ResultChart(
      "Service and its cost", summary: "What the shifts of \(days) cost for each share that is to be answered in time.",
      x: .init("to be answered in time", format: .percent), y: .init("cost of the shifts", format: .money(currency)),
      series: [
        .init("", .line, x: levels, y: plan.curve.map(\.cost)),
        .init("", .points, x: levels, y: plan.curve.map(\.cost)),
      ])
    return ResultPart(
      "what-if", "What if",
      [
        .charts([curve]),
        .table(
          ResultTable(
            "The shifts of \(days) if something were otherwise",
            columns: ["if", "most people at once", "paid hours", "cost", "change"],
            rows: plan.whatIf.map { row in
              [
                .text(row.name), .number(Double(row.people), .count), .number(row.hours, .number),
                .number(row.cost, .money(currency)), .number(row.cost - plan.whatIf[0].cost, .money(currency)),
              ]
            }, highlighted: 0)),
      ])
  }
}
