import Basics
import Evaluation
import Sequences
import Survival

/// What calling units in by their predicted life costs, beside running them to failure and serving them at an age.
public struct FleetPolicies {
  /// When a unit is served.
  public enum Way: Sendable, Hashable {
    /// When its predicted life falls to the limit.
    case predictedLife
    /// When its age reaches the limit.
    case fixedAge
    /// When it has failed.
    case runToFailure
  }

  /// A way to decide.
  public struct Policy: Sendable {
    /// When units are served.
    public let way: Way
    /// What it costs, and how many fail.
    public let point: ConditionThresholds.Point
    /// The predicted life, or the age with its sign turned, at which a unit is called in; infinite for never.
    public let limit: Double
  }

  /// By predicted life, at a fixed age, run to failure.
  public let policies: [Policy]
  /// The cost of each limit of the predicted life, on units that the models had not learned from.
  public let curve: [ConditionThresholds.Point]
  /// How early alarms come.
  public let lead: ConditionThresholds.LeadTime
  /// The predicted life at which a unit is called in; 0 for never.
  public let alarm: Double
  /// Whether costs were measured on test units; else on those learned from, each judged by models and limits that had
  /// not seen it.
  public let usesTest: Bool
  /// The units that costs were measured on.
  public let unitCount: Int

  /// Whole lives with what was told of them.
  public struct Lives: Sendable {
    var units: UnitSequences
    var told: [Double]
    var whole: [Int]

    /// Creates lives.
    ///
    /// - Parameters:
    ///   - units: The units.
    ///   - told: The predicted life at each row, by models that had not learned from it.
    ///   - whole: The positions of units that were recorded up to a failure.
    public init(units: UnitSequences, told: [Double], whole: [Int]) {
      self.units = units
      self.told = told
      self.whole = whole
    }
  }

  /// How a limit is chosen.
  public struct Terms: Sendable {
    var costs: ServiceCosts?
    var reaction: Double
    var share: Double

    /// Creates terms.
    ///
    /// - Parameters:
    ///   - costs: What failures, services and inspections cost; nil where nobody said: then limits are chosen by failures
    ///     alone.
    ///   - reaction: The time from the decision to the service.
    ///   - share: Without costs, the share of units that may fail before they are served.
    public init(costs: ServiceCosts?, reaction: Double, share: Double) {
      self.costs = costs
      self.reaction = reaction
      self.share = share
    }

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

  /// Chooses limits on the units learned from and measures them on test units, or, where fewer than ten of those ran to
  /// their end, on those learned from by limits that the others choose.
  ///
  /// - Parameters:
  ///   - training: The units learned from.
  ///   - test: The test units.
  ///   - terms: How a limit is chosen.
  ///   - budget: The share of units that may be called in long before their time, for the lead time.
  ///   - window: How long before a failure an alarm is not false.
  public init(training: Lives, test: Lives, terms: Terms, budget: Double, window: Double) throws {
    let learned = try Self.histories(training) { $0.told }
    let ages = try Self.histories(training) { lives in Self.ages(lives.units) }
    let judge = try terms.judge(learned, inspects: true)
    curve = judge.curve()
    let best = terms.best(curve)
    alarm = best.isFinite ? -best : 0
    let bestAge = terms.best(try terms.judge(ages, inspects: false).curve())
    lead = judge.leadTime(falseAlarmBudget: budget, window: window)
    // Limits were chosen on the training units, so the others tell what they cost; where too few of those ran to their
    // end, each training unit is judged by the limit that the others choose.
    let usesTest = test.whole.count >= 10
    let told = try usesTest ? Self.histories(test) { $0.told } : learned
    let aged = try usesTest ? Self.histories(test) { Self.ages($0.units) } : ages
    self.usesTest = usesTest
    unitCount = told.count
    func point(_ histories: [UnitHistory], _ limit: Double, inspects: Bool) throws -> ConditionThresholds.Point {
      guard !usesTest, limit.isFinite else { return try terms.judge(histories, inspects: inspects).point(limit) }
      return try Self.crossFitted(histories, terms: terms, inspects: inspects)
    }
    policies = [
      Policy(way: .predictedLife, point: try point(told, best, inspects: true), limit: alarm),
      Policy(way: .fixedAge, point: try point(aged, bestAge, inspects: false), limit: bestAge),
      Policy(way: .runToFailure, point: try point(told, .infinity, inspects: false), limit: .infinity),
    ]
  }

  /// The policy that is cheapest of those that know no sensors.
  public var reference: Policy {
    policies[1].point.rate.value < policies[2].point.rate.value ? policies[1] : policies[2]
  }

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
      // A step before the first record, so that a unit that is called in at once has run a little.
      let step = rows.count > 1 ? lives.units.times[rows.lowerBound + 1] - first : 1
      let times = rows.map { lives.units.times[$0] - first + step }
      return try UnitHistory(
        times: times, scores: rows.map { -values[$0] }, end: times[times.count - 1], hasFailed: true)
    }
  }

  /// How it goes where the limit for each fifth of the units is chosen by the others.
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
