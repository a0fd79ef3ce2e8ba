import Basics
import Foundation

/// When to serve each unit of a fleet, from its distribution of remaining life, the costs and what the crew can do.
///
/// Serving a unit after a time t costs, compared with a unit that runs at the usual cost per unit of time g:
/// failure * F(t) + service * S(t) - g * (mean time run until t), with the unit's own distribution given that it has come
/// as far as it has. The best t balances the growing danger with the life thrown away, as in age replacement; crews that
/// can serve only so many units per period share their places so that the sum over units is least, which is found exactly.
public struct ServicePolicy: Sendable, Codable, Hashable {
  /// The costs.
  public let costs: ServiceCosts
  /// What a unit costs per unit of time in the long run, which is what a unit of life is worth.
  public let usualRate: Double
  /// The length of a period.
  public let period: Double
  /// The units that can be served at the beginning of each period to come.
  public let capacity: [Int]

  /// A policy.
  ///
  /// - Parameters:
  ///   - costs: The costs.
  ///   - usualRate: The cost per unit of time in the long run, such as that of the best age of service
  ///     (`RenewalPolicies.bestAge`).
  ///   - period: The length of a period, in units of the curves' time.
  ///   - capacity: The units that can be served at the beginning of each period; beyond them all is open.
  /// - Throws: a `configuration` error for a rate or period that is not above 0, no periods, or capacities below 0.
  public init(costs: ServiceCosts, usualRate: Double, period: Double, capacity: [Int]) throws {
    guard usualRate > 0, usualRate.isFinite else {
      throw AssayError(.configuration, "the usual cost per unit of time is \(usualRate), it must be above 0")
    }
    guard period > 0, period.isFinite else {
      throw AssayError(.configuration, "the length of a period is \(period), it must be above 0")
    }
    guard !capacity.isEmpty, capacity.allSatisfy({ $0 >= 0 }) else {
      throw AssayError(
        .configuration, "the crew's capacity is \(capacity)", remedy: "give a number of at least 0 for each period")
    }
    self.costs = costs
    self.usualRate = usualRate
    self.period = period
    self.capacity = capacity
  }

  /// What is planned for a unit.
  public struct Plan: Sendable, Codable, Hashable {
    /// The period at whose beginning it is served, 0 being now; nil means after the periods planned.
    public let period: Int?
    /// The expected cost beyond the usual one.
    public let cost: Double
    /// The period that would be best without limits; nil means later.
    public let bestPeriod: Int?
    /// What waiting costs because the crew has no place: the cost beyond that of the best period.
    public let costOfCapacity: Double
    /// The probability of a failure before the service; within all periods planned if it is later.
    public let failureProbability: Double
    /// What serving now would save against serving after all periods; negative if it would cost.
    public let gainNow: Double
  }

  /// The expected costs of each unit served at the beginning of each period, then later; beyond the usual cost.
  ///
  /// "Later" is the best moment from the end of the periods on that the unit's curve reaches.
  public func expectedCosts(_ curves: SurvivalCurves, ages: [Double]) -> [[Double]] {
    require(
      ages.count == curves.rowCount, "ServicePolicy", "\(ages.count) ages for \(curves.rowCount) units")
    let horizon = period * Double(capacity.count)
    return ages.indices.map { unit in
      func cost(_ wait: Double) -> Double {
        let failed = curves.failureProbability(unit, within: wait, age: ages[unit])
        let run = curves.meanRemainingLife(unit, horizon: wait, age: ages[unit])
        return costs.failure * failed + costs.service * (1 - failed) - usualRate * run
      }
      var later = cost(horizon)
      let first = firstIndex(in: curves.times, above: ages[unit] + horizon)
      let stride = max(1, (curves.times.count - first) / 50)
      for index in Swift.stride(from: first, to: curves.times.count, by: stride) {
        later = min(later, cost(curves.times[index] - ages[unit]))
      }
      return capacity.indices.map { cost(period * Double($0)) } + [later]
    }
  }

  /// Plans services so that the expected cost of all units is least.
  ///
  /// - Parameters:
  ///   - curves: The curve of each unit's life from its start.
  ///   - ages: How far each unit has come without a failure.
  public func plan(_ curves: SurvivalCurves, ages: [Double]) -> [Plan] {
    let table = expectedCosts(curves, ages: ages)
    let assignment = CapacityAssignment(costs: table, capacity: capacity + [ages.count]).periods
    let periods = capacity.count
    return ages.indices.map { unit in
      let costs = table[unit]
      // Of equal costs the later period, which keeps the crew free.
      let best = costs.indices.reduce(0) { costs[$1] <= costs[$0] ? $1 : $0 }
      let chosen = assignment[unit]
      return Plan(
        period: chosen < periods ? chosen : nil, cost: costs[chosen], bestPeriod: best < periods ? best : nil,
        costOfCapacity: costs[chosen] - costs[best],
        failureProbability: curves.failureProbability(unit, within: period * Double(chosen), age: ages[unit]),
        gainNow: costs[periods] - costs[0])
    }
  }
}

/// Places for units at the least total cost, with so many places per period.
///
/// Units come one by one; each takes the place from which a chain of moves of others costs the least (successive shortest
/// paths, Ahuja, Magnanti and Orlin 1993, section 9.7), which keeps the total least at every step. Cost: units^2 x periods.
struct CapacityAssignment {
  /// The period of each unit.
  private(set) var periods: [Int]

  /// - Parameters:
  ///   - costs: Of each unit in each period.
  ///   - capacity: The places in each period, together at least as many as units.
  init(costs: [[Double]], capacity: [Int]) {
    let count = capacity.count
    periods = [Int](repeating: -1, count: costs.count)
    var used = [Int](repeating: 0, count: count)
    for unit in costs.indices {
      // The cheapest move of a unit from one period to another.
      var moves = [(cost: Double, unit: Int)](repeating: (.infinity, -1), count: count * count)
      for other in 0..<unit {
        let from = periods[other]
        for to in 0..<count where to != from {
          let cost = costs[other][to] - costs[other][from]
          if cost < moves[from * count + to].cost { moves[from * count + to] = (cost, other) }
        }
      }
      // Bellman and Ford: moves may save.
      var distance = costs[unit]
      var previous = [Int](repeating: -1, count: count)
      for _ in 0..<count {
        var hasChanged = false
        for from in 0..<count {
          for to in 0..<count where distance[from] + moves[from * count + to].cost < distance[to] - 1e-12 {
            distance[to] = distance[from] + moves[from * count + to].cost
            previous[to] = from
            hasChanged = true
          }
        }
        if !hasChanged { break }
      }
      guard let free = capacity.indices.filter({ used[$0] < capacity[$0] }).min(by: { distance[$0] < distance[$1] })
      else { continue }
      used[free] += 1
      var to = free
      var remaining = count
      while previous[to] >= 0, remaining > 0 {
        periods[moves[previous[to] * count + to].unit] = to
        to = previous[to]
        remaining -= 1
      }
      periods[unit] = to
    }
  }
}
