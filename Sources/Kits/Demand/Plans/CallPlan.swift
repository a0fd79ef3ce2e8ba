import Basics
import Planning
import TimeSeries

/// How many people must answer calls in each interval, and the shifts that cover it.
public struct CallPlan: Codable, Sendable {
  /// The roster of a day; intervals are steps ahead.
  public struct Day: Codable, Sendable {
    /// The day, in days since 1970.
    public let day: Int
    /// The steps ahead that the roster covers, in order.
    public let intervals: [Int]
    /// The shifts.
    public let roster: Roster
  }

  /// What a way to plan would have done on the last steps, which it had not seen.
  public struct Proof: Codable, Sendable {
    /// What was planned on.
    public let name: String
    /// What the shifts would have cost.
    public let cost: Double
    /// The share of calls answered in time.
    public let answered: Double
    /// The share of callers who would have given up.
    public let abandoned: Double
    /// The intervals below the aim.
    public let short: Int
    /// The intervals with calls.
    public let intervals: Int
  }

  /// What the first days would cost if something were otherwise.
  public struct WhatIf: Codable, Sendable {
    /// What is otherwise.
    public let name: String
    /// The most people at once.
    public let people: Int
    /// The paid hours.
    public let hours: Double
    /// The cost of the shifts.
    public let cost: Double
  }

  /// Something that may be otherwise.
  public struct Alternative: Sendable {
    let name: String
    let growth: Double
    let change: @Sendable (inout StaffingPlan.Rules) -> Void

    /// Calls times a growth, or rules that are changed.
    public init(
      _ name: String, growth: Double = 1, _ change: @escaping @Sendable (inout StaffingPlan.Rules) -> Void = { _ in }
    ) {
      self.name = name
      self.growth = growth
      self.change = change
    }
  }

  /// The needs by step.
  public let staffing: StaffingPlan
  /// The rosters of the days planned, in order.
  public let days: [Day]
  /// The people at work by step: the roster's, or those needed on days without a roster.
  public let atWork: [Int]
  /// The expected share answered in time with them; 1 where it is closed.
  public let answered: [Double]
  /// The same if as many call as the upper end of the interval says.
  public let answeredAtMost: [Double]
  /// The minutes of a step.
  public let minutes: Int
  /// Plans of the past.
  public let proven: [Proof]
  /// The rosters' cost by the share that is to be answered in time.
  public let curve: [WhatIf]
  /// Other calls, times and wages.
  public let whatIf: [WhatIf]

  /// Plans people and shifts, shifts for the first seven days.
  ///
  /// - Parameters:
  ///   - total: The forecast of all calls.
  ///   - desk: How calls are answered and shifts are made.
  ///   - past: Forecasts of the past, which show what plans would have achieved.
  ///   - level: The probability that intervals promise.
  ///   - alternatives: What may be otherwise; the first is to change nothing.
  /// - Throws: a `configuration` error for rules out of range or shifts that cannot be; a `cancelled` error after an
  ///   interruption.
  public init(
    _ total: Forecast, desk: CallDesk, past: PastPlans, level: Double, alternatives: [Alternative]
  ) throws {
    let interruption = desk.interruption
    minutes = desk.minutes
    let calls = try desk.arrivals(total)
    let staffing = try StaffingPlan(calls, rules: desk.rules, interruption: interruption)
    self.staffing = staffing
    days = try desk.days(from: desk.panel.count, need: staffing.need).prefix(7).map { day, steps in
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
    func scenario(_ other: Alternative) throws -> WhatIf {
      var rules = desk.rules
      other.change(&rules)
      let growth = other.growth
      let scaled = Forecast(
        point: total.point.map { $0 * growth }, levels: total.levels,
        quantiles: total.quantiles.map { $0.map { $0 * growth } })
      let need = try StaffingPlan(desk.arrivals(scaled), rules: rules, interruption: interruption).need
      let rosters = try planned.map { try desk.roster($0.0, $0.1, need: need, shifts: desk.softShifts) }
      return WhatIf(
        name: other.name, people: need.max() ?? 0, hours: rosters.reduce(0) { $0 + $1.paidHours },
        cost: rosters.reduce(0) { $0 + $1.cost.total })
    }
    curve = try [0.5, 0.6, 0.7, 0.8, 0.9, 0.95].map { (share: Double) in
      try scenario(Alternative("\(share)") { $0.target.serviceLevel = share })
    }
    whatIf = try alternatives.map(scenario)
  }
}
