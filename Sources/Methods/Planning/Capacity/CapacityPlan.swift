import Basics

/// When to add and remove capacity, and what it is expected to cost.
public struct CapacityPlan: Sendable, Hashable, Codable {
  /// Expected cost by kind.
  public struct Cost: Sendable, Hashable, Codable {
    /// Units ordered.
    public let adding: Double
    /// Periods with orders.
    public let orders: Double
    /// Units removed; negative where they are sold.
    public let removing: Double
    /// Units held.
    public let holding: Double
    /// Spot capacity.
    public let spot: Double
    /// Lost demand.
    public let shortage: Double
    /// All of it.
    public var total: Double { adding + orders + removing + holding + spot + shortage }
  }

  /// Units ordered in each period.
  public let added: [Double]
  /// Units removed in each period.
  public let removed: [Double]
  /// Units there in each period.
  public let units: [Double]
  /// Expected cost by kind.
  public let cost: Cost
  /// Mean demand per period that spot capacity takes.
  public let expectedSpot: [Double]
  /// Mean demand per period that is lost.
  public let expectedShortage: [Double]
  /// The probability per period that the units take all demand.
  public let serviceLevel: [Double]
  /// The mean share of units in use per period; 0 where there are none.
  public let utilization: [Double]
  /// How far the cost may be from the best plan's, relative to it; nil if the plan was given, not optimised.
  public let relativeGap: Double?

  /// What given orders and removals mean over scenarios.
  ///
  /// - Throws: a `configuration` error if a count does not fit the periods.
  public init(
    evaluating added: [Double], removed: [Double], of problem: CapacityProblem, over scenarios: DemandScenarios
  ) throws(AssayError) {
    try self.init(added: added, removed: removed, problem, scenarios, relativeGap: nil)
  }

  init(
    added: [Double], removed: [Double], _ problem: CapacityProblem, _ scenarios: DemandScenarios, relativeGap: Double?
  ) throws(AssayError) {
    try problem.check()
    let periods = scenarios.periodCount
    guard added.count == periods, removed.count == periods else {
      throw AssayError(
        .configuration, "orders of \(added.count) and removals of \(removed.count) periods for demands of \(periods)",
        at: "capacity plan")
    }
    self.added = added
    self.removed = removed
    self.relativeGap = relativeGap
    var units: [Double] = []
    var current = problem.initialUnits
    for period in 0..<periods {
      current += period < problem.arriving.count ? problem.arriving[period] : 0
      current += period >= problem.leadTime ? added[period - problem.leadTime] : 0
      current -= removed[period]
      units.append(current)
    }
    self.units = units
    var (spots, losses, levels, uses) = ([Double](), [Double](), [Double](), [Double]())
    for (period, count) in units.enumerated() {
      var (spot, lost, level, used) = (0.0, 0.0, 0.0, 0.0)
      let capacity = count * problem.unitSize
      for (path, weight) in zip(scenarios.paths, scenarios.weights) {
        let parts = problem.split(path[period] - capacity)
        spot += weight * parts.spot
        lost += weight * parts.lost
        // Demand that equals the capacity but for rounding is met.
        if path[period] <= capacity + 1e-9 * max(1, capacity) { level += weight }
        used += weight * min(max(0, path[period]), capacity)
      }
      spots.append(spot)
      losses.append(lost)
      levels.append(min(1, level))
      uses.append(capacity > 0 ? used / capacity : 0)
    }
    (expectedSpot, expectedShortage, serviceLevel, utilization) = (spots, losses, levels, uses)
    cost = Cost(
      adding: problem.addingCost * added.reduce(0, +),
      orders: problem.orderCost * Double(added.count { $0 > 1e-9 }),
      removing: problem.removingCost * removed.reduce(0, +), holding: problem.holdingCost * units.reduce(0, +),
      spot: (problem.spotCost ?? 0) * spots.reduce(0, +), shortage: problem.shortageCost * losses.reduce(0, +))
  }
}
