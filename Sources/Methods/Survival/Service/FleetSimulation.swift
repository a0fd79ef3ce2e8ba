import Basics
import Evaluation
import Foundation
import Kernels

/// A rule that says which units of a fleet are to be served.
public enum ServiceRule: Sendable, Codable, Hashable {
  /// None: each runs until it fails.
  case runToFailure
  /// Those that have come to an age.
  case age(Double)
  /// All, at fixed intervals.
  case interval(Double)
  /// Those whose predicted remaining life is at most this; each inspection gives a new prediction.
  case predictedLife(Double)

  /// A rule in words.
  public var name: String {
    switch self {
    case .runToFailure: "run to failure"
    case .age(let age): "service at age \(age)"
    case .interval(let interval): "service every \(interval)"
    case .predictedLife(let life): "service when \(life) are left by prediction"
    }
  }
}

/// A fleet whose units live, fail and are served, simulated to compare rules.
///
/// Every rule meets the same lives and the same errors of prediction (common random numbers), so differences are sharper
/// than the costs themselves. Failures are repaired at once, services only as far as the crew reaches in each period,
/// the most urgent first; what it does not reach waits.
public struct FleetSimulation: Sendable, Codable, Hashable {
  /// The distribution of life of a new or renewed unit.
  public var life: LifeDistribution
  /// The costs; an inspection is paid per unit and period where a rule needs predictions.
  public var costs: ServiceCosts
  /// The units.
  public var units: Int
  /// The length of a period; rules are applied at its beginning.
  public var period: Double
  /// The periods of a run.
  public var periods: Int
  /// The units that can be served in each period; no limit unless given.
  public var capacity: Int?
  /// The standard deviation of the logarithm of predicted over true remaining life.
  public var predictionError: Double

  /// A fleet.
  ///
  /// - Parameters:
  ///   - life: The distribution of life.
  ///   - costs: The costs.
  ///   - units: 100 unless given.
  ///   - period: The length of a period, in units of life.
  ///   - periods: The periods of a run.
  ///   - capacity: The units that can be served in each period; no limit unless given.
  ///   - predictionError: 0.3 unless given.
  /// - Throws: a `configuration` error for numbers out of range.
  public init(
    life: LifeDistribution, costs: ServiceCosts, units: Int = 100, period: Double, periods: Int, capacity: Int? = nil,
    predictionError: Double = 0.3
  ) throws {
    try requireSetting(units >= 1, "units", units, "at least 1")
    try requireSetting(period > 0 && period.isFinite, "period", period, "above 0")
    try requireSetting(periods >= 1, "periods", periods, "at least 1")
    try requireSetting(capacity ?? 0 >= 0, "capacity", capacity ?? 0, "at least 0")
    try requireSetting(predictionError >= 0, "predictionError", predictionError, "at least 0")
    self.life = life
    self.costs = costs
    self.units = units
    self.period = period
    self.periods = periods
    self.capacity = capacity
    self.predictionError = predictionError
  }

  /// How a rule did.
  public struct Outcome: Sendable, Codable, Hashable {
    /// The rule.
    public let rule: ServiceRule
    /// The cost per unit and unit of time.
    public let rate: Estimate
    /// The failures per unit and unit of time.
    public let failures: Estimate
    /// The services per unit and unit of time.
    public let services: Estimate
    /// The cost of the first rule less that of this one, in the same runs; above 0 means cheaper than the first.
    public let saving: Estimate
  }

  /// Compares rules over several runs; intervals are Student's over runs.
  ///
  /// - Parameters:
  ///   - rules: The first is what the others are compared with.
  ///   - runs: At least 2; 20 unless given.
  public func compare(
    _ rules: [ServiceRule], runs: Int = 20, key: RandomKey, level: Double = 0.95, threads: Int = 1
  ) -> [Outcome] {
    precondition(!rules.isEmpty && runs >= 2, "compare: \(rules.count) rules in \(runs) runs")
    let results = parallelMap(runs, threads: threads) { run in rules.map { simulate($0, key: key[run]) } }
    func estimate(_ value: ([Totals]) -> Double) -> Estimate {
      let values = results.map(value)
      let mean = values.reduce(0, +) / Double(runs)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs - 1)
      let reach = studentQuantile(level: level, degrees: Double(runs - 1)) * (variance / Double(runs)).squareRoot()
      return Estimate(mean, lower: mean - reach, upper: mean + reach)
    }
    return rules.indices.map { index in
      Outcome(
        rule: rules[index], rate: estimate { $0[index].cost }, failures: estimate { $0[index].failures },
        services: estimate { $0[index].services }, saving: estimate { $0[0].cost - $0[index].cost })
    }
  }

  /// Per unit and unit of time.
  struct Totals: Sendable {
    var cost = 0.0
    var failures = 0.0
    var services = 0.0
  }

  /// One run.
  func simulate(_ rule: ServiceRule, key: RandomKey) -> Totals {
    var totals = Totals()
    var lives = [Int](repeating: 0, count: units)
    /// When the life that a unit is in began, and when it ends.
    var began = [Double](repeating: 0, count: units)
    var ends = (0..<units).map { draw(key, unit: $0, life: 0) }
    func renew(_ unit: Int, at time: Double) {
      lives[unit] += 1
      began[unit] = time
      ends[unit] = time + draw(key, unit: unit, life: lives[unit])
    }
    let room = capacity ?? units
    var nextRound = 0.0
    if case .interval(let interval) = rule { nextRound = interval }
    var waiting: Set<Int> = []
    for step in 0..<periods {
      let now = Double(step) * period
      var urgent: [(unit: Int, urgency: Double)] = []
      switch rule {
      case .runToFailure: break
      case .age(let age):
        for unit in 0..<units where now - began[unit] >= age - 1e-9 * age { urgent.append((unit, began[unit])) }
      case .interval(let interval):
        if now >= nextRound - 1e-9 * period {
          waiting = Set(0..<units)
          nextRound += interval
        }
        urgent = waiting.map { ($0, began[$0]) }
      case .predictedLife(let threshold):
        totals.cost += costs.inspection * Double(units)
        let noise = key["prediction"][step]
        for unit in 0..<units {
          var random = noise[unit].stream()
          let predicted = (ends[unit] - now) * exp(predictionError * random.normal())
          if predicted <= threshold { urgent.append((unit, predicted)) }
        }
      }
      urgent.sort { ($0.urgency, $0.unit) < ($1.urgency, $1.unit) }
      for (unit, _) in urgent.prefix(room) {
        totals.cost += costs.service
        totals.services += 1
        waiting.remove(unit)
        renew(unit, at: now)
      }
      let after = Double(step + 1) * period
      for unit in 0..<units {
        while ends[unit] <= after {
          totals.cost += costs.failure
          totals.failures += 1
          waiting.remove(unit)
          renew(unit, at: ends[unit])
        }
      }
    }
    let scale = 1 / (Double(units) * Double(periods) * period)
    return Totals(cost: totals.cost * scale, failures: totals.failures * scale, services: totals.services * scale)
  }

  /// A life; the same whatever the rule.
  private func draw(_ key: RandomKey, unit: Int, life number: Int) -> Double {
    let share = key["lives"][unit].uniform(at: UInt64(number))
    return max(life.remainingLife(level: min(max(share, 1e-12), 1 - 1e-12)), 1e-9)
  }
}
