import Basics
import Evaluation
import Projects
import Sequences
import Survival

/// What calling machines in by their predicted life costs, beside running them to failure and serving them at an age.
struct FleetPolicies {
  /// A way to decide.
  struct Policy {
    let name: String
    let point: ConditionThresholds.Point
    /// The predicted life, or the age, at which a machine is called in.
    let limit: Double
  }

  /// The model's way first.
  let policies: [Policy]
  /// The cost of each limit of the predicted life, on machines that the models had not learned from.
  let curve: [ConditionThresholds.Point]
  /// How early alarms come.
  let lead: ConditionThresholds.LeadTime
  /// The predicted life at which a machine is called in; 0 for never.
  let alarm: Double
  /// What the costs were measured on.
  let basis: String
  /// The machines they were measured on.
  let machines: Int

  /// Whole lives with what was told of them.
  struct Lives {
    var units: UnitSequences
    var told: [Double]
    /// The positions of units that were recorded up to a failure.
    var whole: [Int]
  }

  /// How a limit is chosen.
  struct Terms {
    /// What failures, services and inspections cost; nil where nobody said: then limits are chosen by failures alone.
    var costs: ServiceCosts?
    /// The time from the decision to the service.
    var reaction: Double
    /// Without costs, the share of machines that may fail before they are served.
    var share: Double

    fileprivate func judge(_ histories: [UnitHistory], inspects: Bool) throws -> ConditionThresholds {
      // Without costs the rates mean nothing and are looked at by nobody.
      try ConditionThresholds(
        histories, costs: costs ?? ServiceCosts(failure: 1, service: 1), reaction: reaction, inspects: inspects)
    }

    /// The cheapest limit; without costs the one that gives the least life away of those that keep the share, or of those
    /// with the fewest failures where none does.
    fileprivate func best(_ curve: [ConditionThresholds.Point]) -> Double {
      if costs != nil { return curve.min { $0.rate.value < $1.rate.value }?.threshold ?? .infinity }
      let fewest = max(share, curve.map(\.failures).min() ?? 0)
      return curve.filter { $0.failures <= fewest }.min { $0.lostLife < $1.lostLife }?.threshold ?? .infinity
    }
  }

  /// - Parameters:
  ///   - budget: The share of machines that may be called in long before their time, for the lead time.
  ///   - window: How long before a failure an alarm is not false.
  init(training: Lives, test: Lives, terms: Terms, budget: Double, window: Double) throws {
    let learned = try Self.histories(training) { $0.told }
    let ages = try Self.histories(training) { lives in Self.ages(lives.units) }
    let judge = try terms.judge(learned, inspects: true)
    curve = judge.curve()
    let best = terms.best(curve)
    alarm = best.isFinite ? -best : 0
    let bestAge = terms.best(try terms.judge(ages, inspects: false).curve())
    lead = judge.leadTime(falseAlarmBudget: budget, window: window)
    // Limits were chosen on the training machines, so the others tell what they cost; where too few of those ran to their
    // end, each training machine is judged by the limit that the others choose.
    let usesTest = test.whole.count >= 10
    let told = try usesTest ? Self.histories(test) { $0.told } : learned
    let aged = try usesTest ? Self.histories(test) { Self.ages($0.units) } : ages
    basis =
      usesTest
      ? "machines that neither the models nor the limits had seen"
      : "the machines learned from, each judged by models and limits that had not seen it"
    machines = told.count
    func point(_ histories: [UnitHistory], _ limit: Double, inspects: Bool) throws -> ConditionThresholds.Point {
      guard !usesTest, limit.isFinite else { return try terms.judge(histories, inspects: inspects).point(limit) }
      return try Self.crossFitted(histories, terms: terms, inspects: inspects)
    }
    policies = [
      Policy(name: "by predicted life", point: try point(told, best, inspects: true), limit: alarm),
      Policy(name: "at a fixed age", point: try point(aged, bestAge, inspects: false), limit: bestAge),
      Policy(name: "run to failure", point: try point(told, .infinity, inspects: false), limit: .infinity),
    ]
  }

  /// The policy that is cheapest of those that know no sensors.
  var reference: Policy { policies[1].point.rate.value < policies[2].point.rate.value ? policies[1] : policies[2] }

  /// Age since the first record, at each row.
  private static func ages(_ units: UnitSequences) -> [Double] {
    units.units.flatMap { unit in unit.rows.map { -(units.times[$0] - units.times[unit.rows.lowerBound]) } }
  }

  /// One history per whole life; its score rises as what is told falls.
  private static func histories(_ lives: Lives, _ told: (Lives) -> [Double]) throws -> [UnitHistory] {
    let values = told(lives)
    return try lives.whole.map { position in
      let rows = lives.units.units[position].rows
      let first = lives.units.times[rows.lowerBound]
      // A step before the first record, so that a machine that is called in at once has run a little.
      let step = rows.count > 1 ? lives.units.times[rows.lowerBound + 1] - first : 1
      let times = rows.map { lives.units.times[$0] - first + step }
      return try UnitHistory(
        times: times, scores: rows.map { -values[$0] }, end: times[times.count - 1], hasFailed: true)
    }
  }

  /// How it goes where the limit for each fifth of the machines is chosen by the others.
  private static func crossFitted(
    _ histories: [UnitHistory], terms: Terms, inspects: Bool
  ) throws -> ConditionThresholds.Point {
    var shifted: [UnitHistory] = []
    for fold in 0..<5 {
      let others = histories.indices.filter { $0 % 5 != fold }.map { histories[$0] }
      let limit = terms.best(try terms.judge(others, inspects: inspects).curve())
      for index in histories.indices where index % 5 == fold {
        let history = histories[index]
        // With limits that differ, each score is told relative to its own; without a limit nobody looks.
        shifted.append(
          try UnitHistory(
            times: limit.isFinite ? history.times : [],
            scores: limit.isFinite ? history.scores.map { $0 - limit } : [], end: history.end,
            hasFailed: history.hasFailed))
      }
    }
    return try terms.judge(shifted, inspects: inspects).point(0)
  }
}
