import Basics
import Planning
import TimeSeries

/// How many units to have in each step, beside what is usually done.
public struct UnitPlan: Codable, Sendable {
  /// A plan where something is otherwise.
  public struct WhatIf: Codable, Sendable {
    /// What is otherwise.
    public let name: String
    /// The fewest units in a step.
    public let least: Double
    /// The most units in a step.
    public let most: Double
    /// The mean share of steps served in full.
    public let service: Double
    /// The expected cost.
    public let cost: Double
  }

  /// A point of cost against service.
  public struct Trade: Codable, Sendable {
    /// The mean share of steps served in full.
    public let service: Double
    /// The expected cost without that of shortage.
    public let cost: Double
  }

  /// Something that may be otherwise.
  public struct Alternative: Sendable {
    let name: String
    let growth: Double
    let change: @Sendable (inout CapacityProblem) -> Void

    /// Demand times a growth, or a problem that is changed.
    public init(
      _ name: String, growth: Double = 1, _ change: @escaping @Sendable (inout CapacityProblem) -> Void = { _ in }
    ) {
      self.name = name
      self.growth = growth
      self.change = change
    }
  }

  /// The costs, lead time and units there are.
  public let problem: CapacityProblem
  /// The plan, beside those that are usually made.
  public let comparison: CapacityComparison
  /// The plan over other costs of a shortage: what a better service costs.
  public let curve: [Trade]
  /// Other demands, costs and lead times; the first is the plan itself.
  public let whatIf: [WhatIf]
  /// What the plans would have cost on the last steps, which the forecast had not seen: this one, the one that expects the
  /// last season's demand again, and the one that expects the mean of the last four; nil where some demand is not known.
  public let proven: [Double]?
  /// The units that would have been there.
  public let provenUnits: [Double]

  /// Plans the units for a horizon.
  ///
  /// - Parameters:
  ///   - costs: The costs, the lead time and the demand that a unit serves; of the units there are, see `unitsNow`.
  ///   - unitsNow: The units there are; if nil, what the mean demand of the last 28 steps needs.
  ///   - total: The forecast of the whole demand.
  ///   - panel: The demand of the past.
  ///   - past: Forecasts of the past, which show what plans would have cost.
  ///   - alternatives: What may be otherwise; the first is to change nothing.
  ///   - interruption: Asks to stop.
  /// - Throws: a `configuration` error for costs out of range, a `cancelled` error after an interruption.
  public init(
    _ costs: CapacityProblem, unitsNow: Double?, total: Forecast, panel: DemandPanel, past: PastPlans,
    alternatives: [Alternative], interruption: Interruption
  ) throws {
    let history = panel.nodes[0].filledFromPast(season: panel.seasons.last ?? 1).values
    func problem(_ history: [Double]) -> CapacityProblem {
      var problem = costs
      let recent = history.suffix(28).filter { !$0.isNaN }
      let usual = recent.isEmpty ? 0 : recent.reduce(0, +) / Double(recent.count) / costs.unitSize
      problem.initialUnits = unitsNow ?? usual.rounded(.up)
      return problem
    }
    func scenarios(_ forecast: Forecast, growth: Double = 1) throws -> DemandScenarios {
      let demands = try forecast.point.indices.map { step in
        try DemandDistribution.quantiles(
          levels: forecast.levels, values: forecast.quantiles.map { growth * $0[step] })
      }
      return try DemandScenarios(demands)
    }
    let here = problem(history)
    self.problem = here
    let ahead = try scenarios(total)
    let comparison = try here.comparison(over: ahead, lastYear: Self.lastSeason(history, panel))
    self.comparison = comparison
    let shortages = [0.25, 0.5, 1, 2, 4].map { here.shortageCost * $0 }
    curve = try here.whatIf(\.shortageCost, shortages, over: ahead).map { plan in
      Trade(service: mean(plan.serviceLevel), cost: plan.cost.total - plan.cost.shortage)
    }
    func row(_ name: String, _ plan: CapacityPlan) -> WhatIf {
      WhatIf(
        name: name, least: plan.units.min() ?? 0, most: plan.units.max() ?? 0, service: mean(plan.serviceLevel),
        cost: plan.cost.total)
    }
    whatIf = try alternatives.enumerated().map { place, other in
      // The first is the plan itself.
      if place == 0 { return row(other.name, comparison.best) }
      try interruption.check()
      var problem = here
      other.change(&problem)
      let demand = other.growth == 1 ? ahead : try scenarios(total, growth: other.growth)
      return row(other.name, try problem.plan(over: demand, interruption: interruption))
    }
    guard past.moments.allSatisfy({ $0.truth.allSatisfy { !$0.isNaN } }) else {
      proven = nil
      provenUnits = []
      return
    }
    var (costsThen, units) = ([0.0, 0, 0], [Double]())
    for moment in past.moments {
      try interruption.check()
      let then = problem(Array(history.prefix(moment.start)))
      let truth = try DemandScenarios(paths: [moment.truth])
      let ways = [
        try scenarios(moment.forecast), try DemandScenarios(paths: [moment.lastSeason]),
        try DemandScenarios(paths: [moment.seasonMean]),
      ]
      for (place, way) in ways.enumerated() {
        let plan = try then.plan(over: way, interruption: interruption)
        let judged = try CapacityPlan(evaluating: plan.added, removed: plan.removed, of: then, over: truth)
        costsThen[place] += judged.cost.total
        if place == 0 { units += judged.units }
      }
    }
    proven = costsThen
    provenUnits = units
  }

  /// What came at the same time last season, for each step ahead.
  private static func lastSeason(_ history: [Double], _ panel: DemandPanel) -> [Double] {
    let season = panel.seasons.last.map { min($0, history.count) } ?? 1
    return (0..<panel.horizon).map { history[history.count - season + $0 % season] }
  }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
