import Basics
import Foundation
import Planning
import TimeSeries

/// The rules by which calls are answered and shifts are made.
public struct CallDesk: Sendable {
  let rules: StaffingPlan.Rules
  /// The shifts allowed.
  let shifts: ShiftRules
  /// The same where a missing person costs more than overtime would: for plans that only compare.
  let softShifts: ShiftRules
  /// The minutes of a step.
  let minutes: Int
  let interruption: Interruption
  let panel: DemandPanel

  /// A desk for the calls of a panel.
  ///
  /// - Parameters:
  ///   - panel: The calls, by steps of an hour or less.
  ///   - rules: How calls are answered; the interval is that of a step.
  ///   - shifts: The shifts allowed, in the minutes of a step. Where no person may be missing, plans that only compare
  ///     take a missing one for ten times the wage.
  ///   - interruption: Asks to stop.
  public init(_ panel: DemandPanel, rules: StaffingPlan.Rules, shifts: ShiftRules, interruption: Interruption) {
    self.panel = panel
    self.rules = rules
    self.shifts = shifts
    minutes = shifts.minutes
    var soft = shifts
    if soft.shortage == nil { soft.shortage = 10 * soft.wage }
    softShifts = soft
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
