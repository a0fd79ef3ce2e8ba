import Basics

/// What a queue should achieve; what is nil does not matter.
public struct StaffingTarget: Sendable, Hashable, Codable {
  /// The least share of all callers answered within `threshold`, below 1.
  public var serviceLevel: Double?
  /// The time within which a call should be answered, in the queue's unit.
  public var threshold: Double
  /// The greatest share of callers who give up.
  public var abandonment: Double?
  /// The greatest mean wait.
  public var meanWait: Double?
  /// The greatest share of the servers' time that is busy.
  public var occupancy: Double?

  /// Creates a target, by default 80 percent within 20 (seconds).
  public init(
    serviceLevel: Double? = 0.8, threshold: Double = 20, abandonment: Double? = nil, meanWait: Double? = nil,
    occupancy: Double? = nil
  ) {
    self.serviceLevel = serviceLevel
    self.threshold = threshold
    self.abandonment = abandonment
    self.meanWait = meanWait
    self.occupancy = occupancy
  }

  /// Whether a queue that performs so reaches the target.
  public func isMet(by performance: QueuePerformance) -> Bool {
    if let serviceLevel, performance.serviceLevel < serviceLevel { return false }
    if let abandonment, performance.abandonment > abandonment { return false }
    if let occupancy, performance.occupancy > occupancy { return false }
    if let meanWait {
      guard let wait = performance.meanWait, wait <= meanWait else { return false }
    }
    return true
  }

  func check() throws(AssayError) {
    let positive = [serviceLevel.map { 1 - $0 }, abandonment, meanWait, occupancy].compactMap { $0 }
    guard !positive.isEmpty, positive.allSatisfy({ $0 > 0 }), threshold >= 0, threshold.isFinite,
      serviceLevel ?? 0 >= 0
    else {
      throw AssayError(
        .configuration, "the staffing target cannot be reached by any number of servers, or asks for nothing",
        at: "staffing", remedy: "give a service level below 1, or shares and times above 0")
    }
  }
}

extension CallQueue {
  /// The least number of servers that reaches a target, exactly.
  ///
  /// - Throws: a `configuration` error if a number is out of range or no number of servers reaches the target.
  public func staffNeeded(_ target: StaffingTarget) throws(AssayError) -> Int {
    try UncertainQueue(rates: [arrivalRate], serviceTime: serviceTime, patience: patience).staffNeeded(target)
  }
}

/// A queue whose arrival rate is not known exactly: a rate with each of several probabilities, such as the quantiles of a
/// forecast.
///
/// Within a period the rate stays what it is, so the queue is in the long run of that rate: what matters for half hours
/// with service times of minutes.
public struct UncertainQueue: Sendable, Hashable, Codable {
  /// The possible arrival rates.
  public let rates: [Double]
  /// Their probabilities.
  public let weights: [Double]
  /// Mean service time, above 0.
  public let serviceTime: Double
  /// Mean patience; nil if nobody gives up.
  public let patience: Double?

  /// Rates with weights; equal ones by default.
  ///
  /// - Throws: a `configuration` error if a number is out of range.
  public init(
    rates: [Double], weights: [Double]? = nil, serviceTime: Double, patience: Double? = nil
  ) throws(AssayError) {
    let weights = weights ?? rates.map { _ in 1 }
    let total = weights.reduce(0, +)
    guard !rates.isEmpty, weights.count == rates.count, weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite
    else {
      throw AssayError(.configuration, "the \(weights.count) weights do not fit \(rates.count) rates", at: "queue")
    }
    self.rates = rates
    self.weights = weights.map { $0 / total }
    self.serviceTime = serviceTime
    self.patience = patience
    for rate in rates { try CallQueue(arrivalRate: rate, serviceTime: serviceTime, patience: patience).check() }
  }

  /// Rates from a forecast of arrivals per period: equally likely quantiles, below 0 counted as 0.
  ///
  /// - Parameters:
  ///   - period: The period's length in the unit of the times.
  ///   - count: The number of rates; 20 by default.
  public init(
    arrivals: DemandDistribution, per period: Double, count: Int = 20, serviceTime: Double, patience: Double? = nil
  ) throws(AssayError) {
    guard period > 0, count > 0 else {
      throw AssayError(.configuration, "a period of \(period) or \(count) rates are out of range", at: "queue")
    }
    try self.init(
      rates: (0..<count).map { max(0, arrivals.quantile((Double($0) + 0.5) / Double(count))) / period },
      serviceTime: serviceTime, patience: patience)
  }

  /// The performance averaged over callers: a period with more callers counts for more. Occupancy is averaged over time.
  public func performance(servers: Int, threshold: Double) throws(AssayError) -> QueuePerformance {
    var (calls, waiting, level, wait, lost, busy, queue) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var grows = false
    for (rate, weight) in zip(rates, weights) where weight > 0 {
      let one = try CallQueue(arrivalRate: rate, serviceTime: serviceTime, patience: patience)
        .performance(servers: servers, threshold: threshold)
      calls += weight * rate
      waiting += weight * rate * one.waitingProbability
      level += weight * rate * one.serviceLevel
      lost += weight * rate * one.abandonment
      busy += weight * one.occupancy
      if let mean = one.meanWait, let length = one.meanQueue {
        wait += weight * rate * mean
        queue += weight * length
      } else {
        grows = true
      }
    }
    if calls == 0 { return .withoutCalls }
    let abandonment = lost / calls
    return QueuePerformance(
      waitingProbability: waiting / calls, serviceLevel: level / calls,
      serviceLevelOfAnswered: abandonment < 1 ? min(1, level / calls / (1 - abandonment)) : 0,
      meanWait: grows ? nil : wait / calls, abandonment: abandonment, occupancy: busy, meanQueue: grows ? nil : queue)
  }

  /// The least number of servers that reaches a target.
  ///
  /// - Parameter confidence: The probability, over the rates, with which the target must be reached; nil asks for the
  ///   target on the average over callers.
  /// - Throws: a `configuration` error if a number is out of range or no number of servers reaches the target.
  public func staffNeeded(_ target: StaffingTarget, confidence: Double? = nil) throws(AssayError) -> Int {
    try target.check()
    guard let confidence else {
      return try least { servers throws(AssayError) in
        target.isMet(by: try performance(servers: servers, threshold: target.threshold))
      }
    }
    guard confidence > 0, confidence <= 1 else {
      throw AssayError(.configuration, "the confidence is \(confidence)", at: "staffing", remedy: "use 0.9, say")
    }
    return try least { servers throws(AssayError) in
      var share = 0.0
      for (rate, weight) in zip(rates, weights) {
        let queue = CallQueue(arrivalRate: rate, serviceTime: serviceTime, patience: patience)
        if target.isMet(by: try queue.performance(servers: servers, threshold: target.threshold)) { share += weight }
      }
      return share >= confidence - 1e-12
    }
  }

  /// More servers never do worse, so the least number is found by doubling and halving.
  private func least(_ isEnough: (Int) throws(AssayError) -> Bool) throws(AssayError) -> Int {
    if try isEnough(0) { return 0 }
    var (few, enough) = (0, max(1, Int((rates.max() ?? 0) * serviceTime)))
    while try !isEnough(enough) {
      few = enough
      enough *= 2
      guard enough < 1 << 30 else {
        throw AssayError(.configuration, "no number of servers reaches the target", at: "staffing")
      }
    }
    while enough - few > 1 {
      let middle = (few + enough) / 2
      if try isEnough(middle) { enough = middle } else { few = middle }
    }
    return enough
  }
}
