import Evaluation
import Foundation

/// The share of units without the event over time, without any model (Kaplan and Meier 1958).
///
/// Handles censoring, late entries and weights. The variance is Greenwood's; intervals are computed on the scale of
/// log(-log S), so that they stay within 0 and 1.
public struct KaplanMeier: Sendable, Codable, Hashable {
  /// Rising times at which events came.
  public let times: [Double]
  /// Survival from each of those times on; 1 before the first.
  public let survival: [Double]
  /// The variance of the logarithm of survival (Greenwood 1926); where survival comes to 0, that of the time before.
  public let logVariances: [Double]
  /// The weight of units at risk just before each time.
  public let atRisk: [Double]
  /// The weight of events at each time.
  public let events: [Double]
  /// The last time at which a unit was watched.
  public let lastTime: Double

  /// The estimate for outcomes, strata ignored.
  public init(_ outcomes: SurvivalOutcomes) {
    self.init(EventTable(outcomes), lastTime: outcomes.times.max() ?? 0)
  }

  init(_ table: EventTable, lastTime: Double) {
    let positions = table.eventPositions
    var value = 1.0
    var variance = 0.0
    var (survival, variances) = ([Double](), [Double]())
    for position in positions {
      let (deaths, risk) = (table.events[position], table.atRisk[position])
      value *= max(0, 1 - deaths / risk)
      variance += risk > deaths ? deaths / (risk * (risk - deaths)) : 0
      survival.append(value)
      variances.append(variance)
    }
    times = positions.map { table.times[$0] }
    self.survival = survival
    logVariances = variances
    atRisk = positions.map { table.atRisk[$0] }
    events = positions.map { table.events[$0] }
    self.lastTime = lastTime
  }

  /// The share without the event after a time: the value of the last step at or before it.
  public func survival(at time: Double) -> Double {
    let index = firstIndex(in: times, above: time)
    return index == 0 ? 1 : survival[index - 1]
  }

  /// The share without the event just before a time.
  public func survival(before time: Double) -> Double {
    let index = firstIndex(in: times, atLeast: time)
    return index == 0 ? 1 : survival[index - 1]
  }

  /// Survival after a time with its interval by log(-log S) (Kalbfleisch and Prentice 1980).
  public func estimate(at time: Double, level: Double = 0.95) -> Estimate {
    let index = firstIndex(in: times, above: time)
    guard index > 0 else { return Estimate(1, lower: 1, upper: 1) }
    let value = survival[index - 1]
    guard value > 0, value < 1 else { return Estimate(value, lower: value, upper: value) }
    let reach = normalQuantile(0.5 + level / 2) * logVariances[index - 1].squareRoot() / abs(log(value))
    return Estimate(value, lower: pow(value, exp(reach)), upper: pow(value, exp(-reach)))
  }

  /// The first time at which survival is at or below 1 - `level`; infinity if it never is. The interval has the times at
  /// which the ends of the curve's interval are (Brookmeyer and Crowley 1982).
  public func quantile(_ level: Double, confidence: Double = 0.95) -> Estimate {
    precondition(level > 0 && level < 1, "KaplanMeier: the level \(level) is not between 0 and 1")
    let goal = 1 - level + 1e-12
    func first(_ holds: (Int) -> Bool) -> Double { times.indices.first(where: holds).map { times[$0] } ?? .infinity }
    let ends = times.map { estimate(at: $0, level: confidence) }
    return Estimate(
      first { survival[$0] <= goal }, lower: first { ends[$0].lower <= goal }, upper: first { ends[$0].upper <= goal })
  }

  /// The mean time until the event or a horizon, whichever comes first, with its interval (Klein and Moeschberger 2003,
  /// section 4.5).
  ///
  /// - Parameter horizon: The last time watched unless given.
  public func restrictedMean(to horizon: Double? = nil, level: Double = 0.95) -> Estimate {
    let end = horizon ?? lastTime
    let inside = times.indices.prefix { times[$0] < end }
    // The areas right of each event, from the last one back.
    var area = 0.0
    var variance = 0.0
    for index in inside.reversed() {
      let next = index + 1 < inside.count ? times[index + 1] : end
      area += survival[index] * (next - times[index])
      let (deaths, risk) = (events[index], atRisk[index])
      if risk > deaths { variance += area * area * deaths / (risk * (risk - deaths)) }
    }
    let mean = area + (inside.isEmpty ? end : times[0])
    let reach = normalQuantile(0.5 + level / 2) * variance.squareRoot()
    return Estimate(mean, lower: mean - reach, upper: mean + reach)
  }

  /// The curve with its interval, for a chart: it begins at time 0 with 1.
  public func curve(_ name: String, level: Double = 0.95) -> Curve {
    let estimates = times.map { estimate(at: $0, level: level) }
    return Curve(
      name, x: [0] + times, y: [1] + survival, lower: [1] + estimates.map(\.lower), upper: [1] + estimates.map(\.upper))
  }
}

/// The hazard summed up over time, without any model (Nelson 1972, Aalen 1978).
public struct NelsonAalen: Sendable, Codable, Hashable {
  /// Rising times at which events came.
  public let times: [Double]
  /// The cumulative hazard from each of those times on; 0 before the first.
  public let hazards: [Double]
  /// The variances: sums of events over the square of units at risk.
  public let variances: [Double]

  /// The estimate for outcomes, strata ignored.
  public init(_ outcomes: SurvivalOutcomes) {
    let table = EventTable(outcomes)
    let positions = table.eventPositions
    var (hazard, variance) = (0.0, 0.0)
    var (hazards, variances) = ([Double](), [Double]())
    for position in positions {
      let (deaths, risk) = (table.events[position], table.atRisk[position])
      hazard += deaths / risk
      variance += deaths / (risk * risk)
      hazards.append(hazard)
      variances.append(variance)
    }
    times = positions.map { table.times[$0] }
    self.hazards = hazards
    self.variances = variances
  }

  /// The cumulative hazard at a time with its interval on the logarithmic scale.
  public func estimate(at time: Double, level: Double = 0.95) -> Estimate {
    let index = firstIndex(in: times, above: time)
    guard index > 0 else { return Estimate(0, lower: 0, upper: 0) }
    let value = hazards[index - 1]
    let reach = normalQuantile(0.5 + level / 2) * variances[index - 1].squareRoot() / value
    return Estimate(value, lower: value * exp(-reach), upper: value * exp(reach))
  }
}
