import Basics

/// The people that each of several intervals needs to answer calls, under a forecast that is not certain, beside what
/// other models would ask for.
public struct StaffingPlan: Sendable, Hashable, Codable {
  /// How calls are answered, and how well they should be.
  public struct Rules: Sendable, Hashable, Codable {
    /// Mean seconds that a call takes, above 0.
    public var serviceTime: Double
    /// Mean seconds after which a waiting caller gives up; nil if nobody does.
    public var patience: Double?
    /// What is to be reached.
    public var target: StaffingTarget
    /// The seconds of an interval.
    public var interval: Double

    /// Creates rules.
    public init(serviceTime: Double, patience: Double?, target: StaffingTarget, interval: Double) {
      self.serviceTime = serviceTime
      self.patience = patience
      self.target = target
      self.interval = interval
    }
  }

  /// The rules.
  public let rules: Rules
  /// The calls of each interval, as far as they are known; nil where it is closed.
  public let arrivals: [DemandDistribution?]
  /// The people needed: Erlang A where callers are impatient, over the whole distribution of the calls.
  public let need: [Int]
  /// The people that Erlang C asks for, which lets nobody give up, over the same distribution.
  public let needWithoutAbandonment: [Int]
  /// The people needed if the mean number of calls were certain.
  public let needOnMean: [Int]

  /// Finds the needs.
  ///
  /// - Parameter arrivals: The calls of each interval; nil where it is closed and nobody is needed.
  /// - Throws: `configuration` for times, rates or targets out of range; `cancelled`.
  public init(
    _ arrivals: [DemandDistribution?], rules: Rules, interruption: Interruption = Interruption()
  ) throws {
    self.rules = rules
    self.arrivals = arrivals
    var (need, patient, onMean) = ([Int](), [Int](), [Int]())
    for calls in arrivals {
      try interruption.check()
      guard let calls else {
        need.append(0)
        patient.append(0)
        onMean.append(0)
        continue
      }
      need.append(try Self.queue(calls, rules, patience: rules.patience).staffNeeded(rules.target))
      patient.append(try Self.queue(calls, rules, patience: nil).staffNeeded(rules.target))
      let certain = CallQueue(
        arrivalRate: max(0, calls.mean) / rules.interval, serviceTime: rules.serviceTime, patience: rules.patience)
      onMean.append(try certain.staffNeeded(rules.target))
    }
    self.need = need
    needWithoutAbandonment = patient
    needOnMean = onMean
  }

  private static func queue(
    _ calls: DemandDistribution, _ rules: Rules, patience: Double?
  ) throws(AssayError) -> UncertainQueue {
    try UncertainQueue(
      arrivals: calls, per: rules.interval, serviceTime: rules.serviceTime, patience: patience)
  }

  /// What callers are expected to meet in each interval with given people; nil where it is closed.
  ///
  /// - Parameter staff: One number per interval.
  public func performance(staff: [Int]) throws(AssayError) -> [QueuePerformance?] {
    require(staff.count == arrivals.count, "StaffingPlan", "\(staff.count) numbers, \(arrivals.count) intervals")
    var found: [QueuePerformance?] = []
    for (calls, people) in zip(arrivals, staff) {
      guard let calls else {
        found.append(nil)
        continue
      }
      found.append(
        try Self.queue(calls, rules, patience: rules.patience)
          .performance(servers: people, threshold: rules.target.threshold))
    }
    return found
  }

  /// The share of callers answered within the threshold over all intervals with given people and numbers of calls that
  /// came, with the share that gives up, and the intervals that miss the target.
  ///
  /// - Parameters:
  ///   - staff: One number per interval.
  ///   - calls: The calls that came, one number per interval; missing ones are left out.
  public static func outcome(
    staff: [Int], calls: [Double], rules: Rules
  ) throws(AssayError) -> (answered: Double, abandoned: Double, short: [Int]) {
    require(staff.count == calls.count, "StaffingPlan.outcome", "\(staff.count) numbers, \(calls.count) intervals")
    var (all, inTime, lost) = (0.0, 0.0, 0.0)
    var short: [Int] = []
    for (place, count) in calls.enumerated() where count > 0 {
      let queue = CallQueue(
        arrivalRate: count / rules.interval, serviceTime: rules.serviceTime, patience: rules.patience)
      let met = try queue.performance(servers: staff[place], threshold: rules.target.threshold)
      all += count
      inTime += count * met.serviceLevel
      lost += count * met.abandonment
      if !rules.target.isMet(by: met) { short.append(place) }
    }
    return (all > 0 ? inTime / all : 1, all > 0 ? lost / all : 0, short)
  }
}
