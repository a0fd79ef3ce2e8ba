import Basics
import Evaluation
import Foundation

/// The costs in the long run of policies that know a unit's age or the calendar alone, for units with one distribution of
/// life, each renewed by a service or after a failure.
public struct RenewalPolicies: Sendable {
  /// The distribution of life: one curve.
  public let life: SurvivalCurves
  /// The costs.
  public let costs: ServiceCosts

  /// Policies for units whose lives follow a curve, such as a Kaplan-Meier estimate; the first row is used.
  ///
  /// - Throws: a `data` error for a curve without life.
  public init(life: SurvivalCurves, costs: ServiceCosts) throws {
    guard life.rowCount >= 1, life.meanRemainingLife(0) > 0 else {
      throw AssayError(.data, "the survival curve has no life to plan with", remedy: "give a curve that begins at 1")
    }
    self.life = life
    self.costs = costs
  }

  /// Policies for units whose lives have a distribution.
  ///
  /// The curve ends where one unit in a billion is left; a log-logistic life may be longer on average than that.
  public init(life: LifeDistribution, costs: ServiceCosts) {
    let end = life.remainingLife(level: 1 - 1e-9)
    // Fine steps where most units fail, coarser ones in the tail.
    let middle = life.remainingLife(level: 0.999)
    let times =
      (1...2000).map { middle * Double($0) / 2000 } + (1...500).map { middle + (end - middle) * Double($0) / 500 }
    self.life = life.curve(at: times)
    self.costs = costs
  }

  /// The mean life, cut off at the end of the curve.
  public var meanLife: Double { life.meanRemainingLife(0) }

  /// The cost per unit of time if units run until they fail.
  public var runToFailureRate: Double { costs.failure / meanLife }

  /// The cost per unit of time if units are served at an age or renewed when they fail before it: the cost of a cycle over
  /// its mean length (Barlow and Hunter 1960).
  ///
  /// - Parameter age: Above 0; infinity means never.
  public func ageRate(_ age: Double) -> Double {
    let end = min(age, life.times[life.times.count - 1])
    let survival = age > end ? 0 : life.survival(0, at: end)
    let length = life.meanRemainingLife(0, horizon: end)
    return length > 0 ? (costs.failure * (1 - survival) + costs.service * survival) / length : .infinity
  }

  /// A best time with its cost.
  public struct Optimum: Sendable, Codable, Hashable {
    /// The age or interval; nil means that running to failure is as good.
    public let time: Double?
    /// The cost per unit of time.
    public let rate: Double
    /// The share of the cost of running to failure that it saves.
    public let saving: Double
  }

  /// The age of service that costs the least per unit of time.
  public func bestAge() -> Optimum {
    optimum(over: life.times.filter { life.survival(0, at: $0) > 0 }) { ageRate($0) }
  }

  /// The cost per unit of time if all units are served at fixed intervals whatever their age, and renewed when they fail
  /// between (block replacement; Barlow and Proschan 1965).
  ///
  /// The expected failures in an interval solve the renewal equation, on a grid of 400 steps.
  public func intervalRate(_ interval: Double) -> Double {
    guard interval.isFinite else { return runToFailureRate }
    let steps = 400
    let failed = (0...steps).map { 1 - life.survival(0, at: interval * Double($0) / Double(steps)) }
    var renewals = [Double](repeating: 0, count: steps + 1)
    for step in 1...steps {
      var sum = failed[step]
      // The mean of both ends of each step of the convolution; the end at the step itself is moved to the left side.
      let own = failed[1] - failed[0]
      for earlier in 1...step {
        let weight = failed[earlier] - failed[earlier - 1]
        let now = earlier == 1 ? 0 : renewals[step - earlier + 1]
        sum += weight * 0.5 * (now + renewals[step - earlier])
      }
      renewals[step] = sum / (1 - 0.5 * own)
    }
    return (costs.service + costs.failure * renewals[steps]) / interval
  }

  /// The fixed interval that costs the least per unit of time.
  public func bestInterval() -> Optimum {
    let end = life.remainingLife(0, level: 0.99)
    let longest = end.isFinite ? end : life.times[life.times.count - 1]
    return optimum(over: (1...60).map { longest * Double($0) / 60 }) { intervalRate($0) }
  }

  /// The least rate over times, refined between the neighbours of the best by golden sections.
  private func optimum(over times: [Double], _ rate: (Double) -> Double) -> Optimum {
    let baseline = runToFailureRate
    var best = (time: Double.infinity, rate: baseline)
    var place = -1
    for (index, time) in times.enumerated() where time > 0 {
      let here = rate(time)
      if here < best.rate * (1 - 1e-9) { (best, place) = ((time, here), index) }
    }
    if place >= 0, life.between == .constantHazard {
      var low = place > 0 ? times[place - 1] : times[place] / 2
      var high = place + 1 < times.count ? times[place + 1] : times[place]
      let golden = 0.5 * (5.0.squareRoot() - 1)
      for _ in 0..<40 {
        let (first, second) = (high - golden * (high - low), low + golden * (high - low))
        if rate(first) <= rate(second) { high = second } else { low = first }
      }
      let time = 0.5 * (low + high)
      let here = rate(time)
      if here < best.rate { best = (time, here) }
    }
    return Optimum(time: best.time.isFinite ? best.time : nil, rate: best.rate, saving: 1 - best.rate / baseline)
  }

  /// The cost per unit of time over the age of service, for a chart.
  public func ageCurve(points: Int = 100) -> Curve {
    let end = life.remainingLife(0, level: 0.99)
    let longest = end.isFinite ? end : life.times[life.times.count - 1]
    let ages = (1...max(points, 2)).map { longest * Double($0) / Double(max(points, 2)) }
    return Curve("cost per unit of time by age of service", x: ages, y: ages.map { ageRate($0) })
  }
}
