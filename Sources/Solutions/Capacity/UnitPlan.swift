import Basics
import Planning
import Projects
import TimeSeries

/// How many units to have in each step, beside what is usually done.
struct UnitPlan: Codable {
  /// A plan where something is otherwise.
  struct WhatIf: Codable {
    let name: String
    let least: Double
    let most: Double
    let service: Double
    let cost: Double
  }

  /// A point of cost against service.
  struct Trade: Codable {
    let service: Double
    let cost: Double
  }

  let problem: CapacityProblem
  let comparison: CapacityComparison
  /// The plan over other costs of a shortage: what a better service costs.
  let curve: [Trade]
  /// Other demands, costs and lead times; the first is the plan itself.
  let whatIf: [WhatIf]
  /// What the plans would have cost on the last steps, which the forecast had not seen: this one, the one that expects the
  /// last season's demand again, and the one that expects the mean of the last four; nil where some demand is not known.
  let proven: [Double]?
  /// The units that would have been there.
  let provenUnits: [Double]

  init(
    _ project: Project, _ total: Forecast, _ panel: DemandPanel, past: PastPlans, interruption: Interruption
  ) throws {
    let amounts = project.amounts
    let unit = amounts.number("unit")
    let history = panel.nodes[0].filledFromPast(season: panel.seasons.last ?? 1).values
    func problem(_ history: [Double]) -> CapacityProblem {
      var problem = CapacityProblem(holdingCost: amounts.number("holding"), shortageCost: amounts.number("shortage"))
      problem.unitSize = unit
      problem.addingCost = amounts.number("adding")
      problem.removingCost = amounts.number("removing")
      problem.leadTime = amounts.whole("lead time")
      let recent = history.suffix(28).filter { !$0.isNaN }
      let usual = recent.isEmpty ? 0 : recent.reduce(0, +) / Double(recent.count) / unit
      let given = amounts.number("units now")
      problem.initialUnits = given.isNaN ? usual.rounded(.up) : given
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
    let costs = [0.25, 0.5, 1, 2, 4].map { here.shortageCost * $0 }
    curve = try here.whatIf(\.shortageCost, costs, over: ahead).map { plan in
      Trade(service: mean(plan.serviceLevel), cost: plan.cost.total - plan.cost.shortage)
    }
    func row(_ name: String, _ plan: CapacityPlan) -> WhatIf {
      WhatIf(
        name: name, least: plan.units.min() ?? 0, most: plan.units.max() ?? 0, service: mean(plan.serviceLevel),
        cost: plan.cost.total)
    }
    var rows = [row("as planned", comparison.best)]
    for (name, growth) in [("demand 10 % higher", 1.1), ("demand 20 % higher", 1.2), ("demand 10 % lower", 0.9)] {
      try interruption.check()
      rows.append(row(name, try here.plan(over: scenarios(total, growth: growth), interruption: interruption)))
    }
    func changed(_ name: String, _ change: (inout CapacityProblem) -> Void) throws {
      var problem = here
      change(&problem)
      rows.append(row(name, try problem.plan(over: ahead, interruption: interruption)))
    }
    try changed("units come at once") { $0.leadTime = 0 }
    try changed("units come \(Words.count(7, panel.step)) later") { $0.leadTime += 7 }
    try changed("having a unit costs 20 % more") { $0.holdingCost *= 1.2 }
    try changed("a shortage costs twice as much") { $0.shortageCost *= 2 }
    whatIf = rows
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
