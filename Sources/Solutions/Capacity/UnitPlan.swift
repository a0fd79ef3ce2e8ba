import Basics
import Planning
import Projects
import TimeSeries

/// How many units to have in each step, beside what is usually done.
struct UnitPlan {
  let problem: CapacityProblem
  let comparison: CapacityComparison
  /// The plan over other costs of a shortage: what a better service costs.
  let curve: [(service: Double, cost: Double, shortage: Double)]
  /// What the plans would have cost on the last steps, which the forecast had not seen: the plan of least expected cost,
  /// and the one that expects last season's demand again.
  let proven: (plan: Double, lastSeason: Double)?
  /// The demand of the last steps against the units that would have been there.
  let provenUnits: [Double]

  init(
    _ project: Project, total: Forecast, history: [Double], lastSeason: [Double], test: DemandTest?,
    interruption: Interruption
  ) throws {
    let amounts = project.amounts
    let unit = amounts.number("unit")
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
    func scenarios(_ forecast: Forecast) throws -> DemandScenarios {
      let demands = try forecast.point.indices.map { step in
        try DemandDistribution.quantiles(levels: forecast.levels, values: forecast.quantiles.map { $0[step] })
      }
      return try DemandScenarios(demands)
    }
    let here = problem(history)
    self.problem = here
    let ahead = try scenarios(total)
    comparison = try here.comparison(over: ahead, lastYear: lastSeason)
    let costs = [0.25, 0.5, 1, 2, 4].map { here.shortageCost * $0 }
    curve = try zip(costs, here.whatIf(\.shortageCost, costs, over: ahead)).map { _, plan in
      let count = Double(plan.serviceLevel.count)
      let service = plan.serviceLevel.reduce(0, +) / count
      return (service, plan.cost.total - plan.cost.shortage, plan.expectedShortage.reduce(0, +))
    }
    guard let test, test.truths[0].allSatisfy({ !$0.isNaN }) else {
      proven = nil
      provenUnits = []
      return
    }
    try interruption.check()
    let past = problem(Array(history.dropLast(test.truths[0].count)))
    let seen = try scenarios(test.forecasts[0])
    let truth = try DemandScenarios(paths: [test.truths[0]])
    let best = try past.plan(over: seen, interruption: interruption)
    let usual = try past.plan(over: DemandScenarios(paths: [test.naiveTotal]), interruption: interruption)
    let judged = try CapacityPlan(evaluating: best.added, removed: best.removed, of: past, over: truth)
    proven = (
      judged.cost.total,
      try CapacityPlan(evaluating: usual.added, removed: usual.removed, of: past, over: truth).cost.total
    )
    provenUnits = judged.units
  }
}
