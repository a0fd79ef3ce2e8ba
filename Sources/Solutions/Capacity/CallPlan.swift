import Basics
import Foundation
import Planning
import Projects
import TimeSeries

/// How many people must answer calls in each interval, and the shifts that cover it.
struct CallPlan: Codable {
  /// The roster of a day; intervals are steps ahead.
  struct Day: Codable {
    let day: Int
    let intervals: [Int]
    let roster: Roster
  }

  /// What a way to plan would have done on the last steps, which it had not seen.
  struct Proof: Codable {
    let name: String
    let cost: Double
    let answered: Double
    let abandoned: Double
    let short: Int
    let intervals: Int
  }

  /// What the first days would cost if something were otherwise.
  struct WhatIf: Codable {
    let name: String
    let people: Int
    let hours: Double
    let cost: Double
  }

  /// The needs by step.
  let staffing: StaffingPlan
  /// The rosters of the days planned, in order.
  let days: [Day]
  /// The people at work by step: the roster's, or those needed on days without a roster.
  let atWork: [Int]
  /// The expected share answered in time with them; 1 where it is closed.
  let answered: [Double]
  /// The same if as many call as the upper end of the interval says.
  let answeredAtMost: [Double]
  /// The minutes of a step.
  let minutes: Int
  /// Plans of the past.
  let proven: [Proof]
  /// The rosters' cost by the share that is to be answered in time.
  let curve: [WhatIf]
  /// Other calls, times and wages.
  let whatIf: [WhatIf]

  init(
    _ project: Project, _ total: Forecast, _ panel: DemandPanel, past: PastPlans, level: Double,
    interruption: Interruption
  ) throws {
    guard case .seconds(let length) = panel.timeline.step, length <= 3_600, 3_600 % length == 0, length % 60 == 0 else {
      throw AssayError(
        .configuration, "calls are planned by steps of an hour or less, not by the \(panel.step)",
        at: "\(project.path(Project.fileName)), step",
        remedy: "set step to half hour, and give the calls by the minute or half hour")
    }
    minutes = length / 60
    let desk = try CallDesk(project, panel, minutes: minutes, interruption: interruption)
    let calls = try desk.arrivals(total)
    let staffing = try StaffingPlan(calls, rules: desk.rules, interruption: interruption)
    self.staffing = staffing
    days = try desk.days(from: panel.count, need: staffing.need).prefix(7).map { day, steps in
      Day(day: day, intervals: steps, roster: try desk.roster(day, steps, need: staffing.need, shifts: desk.shifts))
    }
    var people = staffing.need
    for day in days { for (place, step) in day.intervals.enumerated() { people[step] = day.roster.cover[0][place] } }
    atWork = people
    answered = try staffing.performance(staff: people).map { $0?.serviceLevel ?? 1 }
    let most = total.quantile((1 + level) / 2) ?? total.point
    answeredAtMost = try people.indices.map { step in
      guard calls[step] != nil, most[step] > 0 else { return 1 }
      return try CallQueue(
        arrivalRate: most[step] / desk.rules.interval, serviceTime: desk.rules.serviceTime,
        patience: desk.rules.patience
      ).performance(servers: people[step], threshold: desk.rules.target.threshold).serviceLevel
    }
    proven = try desk.proven(past)
    let planned = days.map { ($0.day, $0.intervals) }
    func scenario(_ name: String, growth: Double = 1, _ change: (inout StaffingPlan.Rules) -> Void) throws -> WhatIf {
      var rules = desk.rules
      change(&rules)
      let scaled = Forecast(
        point: total.point.map { $0 * growth }, levels: total.levels,
        quantiles: total.quantiles.map { $0.map { $0 * growth } })
      let need = try StaffingPlan(desk.arrivals(scaled), rules: rules, interruption: interruption).need
      let rosters = try planned.map { try desk.roster($0.0, $0.1, need: need, shifts: desk.softShifts) }
      return WhatIf(
        name: name, people: need.max() ?? 0, hours: rosters.reduce(0) { $0 + $1.paidHours },
        cost: rosters.reduce(0) { $0 + $1.cost.total })
    }
    curve = try [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map { (share: Double) in
      try scenario("\(share)") { $0.target.serviceLevel = share }
    }
    whatIf = try [
      scenario("as planned") { _ in }, scenario("10 % more calls", growth: 1.1) { _ in },
      scenario("10 % fewer calls", growth: 0.9) { _ in },
      scenario("calls take 10 % less time") { $0.serviceTime *= 0.9 },
      scenario("nobody gives up (Erlang C)") { $0.patience = nil },
    ]
  }
}

/// The rules by which calls are answered and shifts are made, from the project's amounts.
struct CallDesk {
  let rules: StaffingPlan.Rules
  /// The shifts allowed.
  let shifts: ShiftRules
  /// The same where a missing person costs more than overtime would: for plans that only compare.
  let softShifts: ShiftRules
  private let panel: DemandPanel
  private let interruption: Interruption

  init(_ project: Project, _ panel: DemandPanel, minutes: Int, interruption: Interruption) throws {
    let amounts = project.amounts
    let listed = amounts.list("shifts").compactMap(Double.init)
    rules = StaffingPlan.Rules(
      serviceTime: amounts.number("handling time"), patience: amounts.number("patience"),
      target: StaffingTarget(serviceLevel: amounts.number("answered"), threshold: amounts.number("within")),
      interval: Double(minutes * 60))
    var shifts = ShiftRules(hours: listed, minutes: minutes, wage: amounts.number("wage"))
    let (most, shortage) = (amounts.number("most people"), amounts.number("missing person"))
    shifts.mostPeople = most.isNaN ? nil : Int(most)
    shifts.shortage = shortage.isNaN ? nil : shortage
    self.shifts = shifts
    if shifts.shortage == nil { shifts.shortage = 10 * shifts.wage }
    softShifts = shifts
    self.panel = panel
    self.interruption = interruption
  }

  /// What is known of the calls of each step; nil where hardly anybody calls: it is closed.
  func arrivals(_ total: Forecast) throws -> [DemandDistribution?] {
    try total.point.indices.map { step in
      guard total.point[step] >= 0.5 else { return nil }
      return try DemandDistribution.quantiles(levels: total.levels, values: total.quantiles.map { $0[step] })
    }
  }

  /// The days on which somebody is needed, each with its steps from the first to the last of them, counted from a step.
  func days(from start: Int, need: [Int]) -> [(day: Int, steps: [Int])] {
    let steps = Dictionary(grouping: need.indices) { panel.day(start + $0) }
    return steps.keys.sorted().compactMap { day in
      let own = (steps[day] ?? []).sorted()
      guard let first = own.firstIndex(where: { need[$0] > 0 }), let last = own.lastIndex(where: { need[$0] > 0 })
      else { return nil }
      return (day, Array(own[first...last]))
    }
  }

  /// The cheapest shifts of a day.
  func roster(
    _ day: Int, _ steps: [Int], need: [Int], shifts: ShiftRules, from start: Int? = nil
  ) throws -> Roster {
    try interruption.check()
    let first = panel.moment((start ?? panel.count) + steps[0])
    return try shifts.roster(
      need: steps.map { need[$0] }, firstMinute: first % Timeline.day / 60,
      day: String(Timeline.text(first).prefix(10)), interruption: interruption)
  }

  /// What plans would have cost on the last steps, and how many calls they would have answered in time: on the forecast, on
  /// simple ones taken for certain, and on what came.
  func proven(_ past: PastPlans) throws -> [CallPlan.Proof] {
    var ways: [(name: String, needs: [[Int]])] = []
    func certain(_ points: [Double]) throws -> [Int] {
      try points.map { calls in
        guard calls >= 0.5 else { return 0 }
        return try CallQueue(
          arrivalRate: calls / rules.interval, serviceTime: rules.serviceTime, patience: rules.patience
        ).staffNeeded(rules.target)
      }
    }
    let season = panel.seasonWord
    ways.append(
      ("this forecast", try past.moments.map { try StaffingPlan(arrivals($0.forecast), rules: rules).need }))
    ways.append(("mean of the last 4 \(season)s", try past.moments.map { try certain($0.seasonMean) }))
    ways.append(("last \(season)", try past.moments.map { try certain($0.lastSeason) }))
    ways.append(("knowing the calls", try past.moments.map { try certain($0.truth.map { $0.isNaN ? 0 : $0 }) }))
    return try ways.map { name, needs in
      var (cost, people, calls) = (0.0, [Int](), [Double]())
      for (moment, need) in zip(past.moments, needs) {
        var atWork = need
        // A day on which nothing came was closed, for every way alike.
        for (day, steps) in days(from: moment.start, need: need)
        where steps.contains(where: { moment.truth[$0] > 0 }) {
          let roster = try roster(day, steps, need: need, shifts: softShifts, from: moment.start)
          cost += roster.cost.total
          for (place, step) in steps.enumerated() { atWork[step] = roster.cover[0][place] }
        }
        people += atWork
        calls += moment.truth
      }
      let outcome = try StaffingPlan.outcome(staff: people, calls: calls, rules: rules)
      return CallPlan.Proof(
        name: name, cost: cost, answered: outcome.answered, abandoned: outcome.abandoned, short: outcome.short.count,
        intervals: calls.count { $0 > 0 })
    }
  }
}
