import Basics
import Solvers

extension CapacityProblem {
  /// The plan of least expected cost: one set of orders for all scenarios, shortage in each.
  ///
  /// A two-stage stochastic mixed-integer program (Birge and Louveaux, "Introduction to Stochastic Programming", 2011).
  /// The second stage separates by period and is convex and piecewise linear in the units there, so it enters by its
  /// supporting lines instead of one variable per scenario: the same optimum from a far smaller program.
  ///
  /// - Throws: a `configuration` error for costs and limits out of range, or for limits that contradict each other, with
  ///   their names and periods; what `LinearProgram.optimum` throws.
  public func plan(
    over scenarios: DemandScenarios, options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4),
    interruption: Interruption? = nil
  ) throws(AssayError) -> CapacityPlan {
    try check()
    var program = LinearProgram()
    let kind: LinearProgram.Kind = hasWholeUnits ? .integer : .continuous
    let periods = scenarios.periodCount
    var (added, removed, units) = ([Variable](), [Variable](), [Variable]())
    let highest = scenarios.paths.reduce(0) { max($0, $1.max() ?? 0) }
    // More than the greatest demand is never worth ordering.
    let enough = (max(highest / unitSize, leastUnits)).rounded(.up) + 1
    for period in 0..<periods {
      let label = "period \(period + 1)"
      let arrives = period + leadTime < periods
      let order = program.variable("order of \(label)", upper: arrives ? min(mostAdded ?? enough, enough) : 0, kind)
      added.append(order)
      removed.append(program.variable("removal of \(label)", upper: mostRemoved ?? .infinity, kind))
      units.append(program.variable("units of \(label)", upper: .infinity))
      program.objective += addingCost * order + removingCost * removed[period] + holdingCost * units[period]
      if orderCost > 0, arrives {
        let isOrdering = program.binary("ordering in \(label)")
        program.add(order <= min(mostAdded ?? enough, enough) * isOrdering)
        program.objective.add(orderCost, isOrdering)
      }
    }
    for period in 0..<periods {
      let label = "period \(period + 1)"
      var before = LinearExpression(period < arriving.count ? arriving[period] : 0)
      if period == 0 { before.constant += initialUnits } else { before.add(1, units[period - 1]) }
      if period >= leadTime { before.add(1, added[period - leadTime]) }
      program.add(units[period] == before - removed[period], "the units of \(label) come from those before")
      if leastUnits > 0 {
        program.add(units[period] >= leastUnits, "at least \(shortText(leastUnits)) units in \(label)")
      }
      if let mostUnits { program.add(units[period] <= mostUnits, "at most \(shortText(mostUnits)) units in \(label)") }
      let excess = program.variable("cost of excess demand in \(label)")
      program.objective.add(1, excess)
      for (slope, constant) in supportingLines(period, scenarios) {
        program.add(excess >= slope * units[period] + constant)
      }
    }
    let solution: Solution
    do throws(AssayError) {
      solution = try program.optimum(options, interruption: interruption)
    } catch {
      throw AssayError(
        error.kind, "there is no capacity plan: \(error.problem)", at: error.place,
        remedy: error.kind == .configuration ? "change a limit, the lead time or what is arriving" : error.remedy)
    }
    return try CapacityPlan(
      added: added.map { max(0, solution[$0]) }, removed: removed.map { max(0, solution[$0]) }, self, scenarios,
      relativeGap: solution.relativeGap)
  }

  /// Lines, slope and constant, whose maximum (with 0) is the expected cost of excess demand at every number of units.
  private func supportingLines(_ period: Int, _ scenarios: DemandScenarios) -> [(slope: Double, constant: Double)] {
    var points: [Double] = []
    for path in scenarios.paths {
      points.append(path[period] / unitSize)
      if let spotLimit, spotCost != nil { points.append((path[period] - spotLimit) / unitSize) }
    }
    points = points.filter { $0 > 0 }.sorted()
    guard let top = points.last else { return [] }
    // Whole units need only the values at whole numbers.
    let whole = Int(top.rounded(.up))
    let startsWhole = initialUnits == initialUnits.rounded() && arriving.allSatisfy { $0 == $0.rounded() }
    if hasWholeUnits, startsWhole, whole < points.count { points = (1...max(1, whole)).map(Double.init) }
    var lines: [(slope: Double, constant: Double)] = []
    var (left, value) = (0.0, excessCost(0, period: period, scenarios))
    for point in points where point > left + 1e-9 {
      let next = excessCost(point, period: period, scenarios)
      let slope = (next - value) / (point - left)
      if lines.last.map({ abs($0.slope - slope) > 1e-12 * abs(slope) }) ?? true {
        lines.append((slope, value - slope * left))
      }
      (left, value) = (point, next)
    }
    return lines
  }

  /// The plan that is best if the demand is exactly as expected, with its cost over the scenarios: what planning on the
  /// mean forecast, or on last year's demand, comes to.
  ///
  /// - Parameter path: The demand by period that is planned for.
  public func plan(
    expecting path: [Double], judgedBy scenarios: DemandScenarios,
    options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4)
  ) throws(AssayError) -> CapacityPlan {
    guard path.count == scenarios.periodCount else {
      throw AssayError(
        .configuration, "a demand of \(path.count) periods is expected, the scenarios have \(scenarios.periodCount)",
        at: "capacity plan")
    }
    let plan = try plan(over: DemandScenarios(paths: [path]), options: options)
    return try CapacityPlan(evaluating: plan.added, removed: plan.removed, of: self, over: scenarios)
  }

  /// The mean cost if the demand were known before ordering, which no plan can beat.
  ///
  /// One program per scenario; the difference to the best plan's cost is what perfect information would be worth.
  public func costOfPerfectInformation(
    _ scenarios: DemandScenarios, options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4)
  ) throws(AssayError) -> Double {
    var total = 0.0
    for (path, weight) in zip(scenarios.paths, scenarios.weights) {
      total += weight * (try plan(over: DemandScenarios(paths: [path]), options: options).cost.total)
    }
    return total
  }

  /// The best plans where one parameter takes other values: `whatIf(\.shortageCost, [1, 2, 5], over: scenarios)`.
  public func whatIf<Value>(
    _ parameter: WritableKeyPath<CapacityProblem, Value>, _ values: [Value], over scenarios: DemandScenarios,
    options: SolveOptions = SolveOptions(timeLimit: 60, relativeGap: 1e-4)
  ) throws(AssayError) -> [CapacityPlan] {
    var plans: [CapacityPlan] = []
    for value in values {
      var changed = self
      changed[keyPath: parameter] = value
      plans.append(try changed.plan(over: scenarios, options: options))
    }
    return plans
  }
}
