import Basics
import Foundation

/// A queue of callers before equal servers: Poisson arrivals, exponential service times, and callers who lose patience
/// after exponential times, or never.
///
/// With patience this is Erlang A, without it Erlang C. All times are in one unit, such as seconds, and the rate is per
/// that unit. Papers: Palm, "Methods of judging the annoyance caused by congestion", Tele 4 (1953); Garnett, Mandelbaum
/// and Reiman, "Designing a call center with impatient customers", Manufacturing and Service Operations Management 4
/// (2002); Mandelbaum and Zeltyn, "Service engineering in action: the Palm/Erlang-A queue" (2007).
public struct CallQueue: Sendable, Hashable, Codable {
  /// Arrivals per unit of time, 0 or more.
  public var arrivalRate: Double
  /// Mean service time, above 0.
  public var serviceTime: Double
  /// Mean time after which a waiting caller gives up, above 0; nil if nobody does.
  public var patience: Double?

  /// Creates a queue; it is checked when it is used.
  public init(arrivalRate: Double, serviceTime: Double, patience: Double? = nil) {
    self.arrivalRate = arrivalRate
    self.serviceTime = serviceTime
    self.patience = patience
  }

  /// The load in erlangs.
  public var load: Double { arrivalRate * serviceTime }

  /// How a number of servers does in the long run.
  ///
  /// - Parameters:
  ///   - servers: The number of servers, 0 or more.
  ///   - threshold: The time within which a call should be answered, for the service level; 0 or more.
  /// - Throws: a `configuration` error if a rate or a time is out of range.
  public func performance(servers: Int, threshold: Double) throws(AssayError) -> QueuePerformance {
    try check()
    guard servers >= 0, threshold >= 0, threshold.isFinite else {
      throw AssayError(.configuration, "\(servers) servers or the threshold \(threshold) is out of range", at: "queue")
    }
    if arrivalRate == 0 { return .withoutCalls }
    guard let patience else { return withoutAbandonment(servers, threshold) }
    return PalmQueue(queue: self, servers: servers, patience: patience).performance(threshold: threshold)
  }

  private func withoutAbandonment(_ servers: Int, _ threshold: Double) -> QueuePerformance {
    let waiting = Erlang.waiting(load: load, servers: servers)
    let spare = Double(servers) - load
    guard spare > 0 else {
      return QueuePerformance(
        waitingProbability: 1, serviceLevel: 0, serviceLevelOfAnswered: 0, meanWait: nil, abandonment: 0,
        occupancy: 1, meanQueue: nil)
    }
    let level = 1 - waiting * exp(-spare * threshold / serviceTime)
    let wait = waiting * serviceTime / spare
    return QueuePerformance(
      waitingProbability: waiting, serviceLevel: level, serviceLevelOfAnswered: level, meanWait: wait, abandonment: 0,
      occupancy: load / Double(servers), meanQueue: wait * arrivalRate)
  }

  func check() throws(AssayError) {
    guard arrivalRate >= 0, arrivalRate.isFinite, serviceTime > 0, serviceTime.isFinite, load <= 1e8 else {
      throw AssayError(
        .configuration, "arrivals at \(arrivalRate) with service times of \(serviceTime) are no queue", at: "queue",
        remedy: "give a rate from 0 on and a time above 0")
    }
    if let patience, !(patience > 0 && patience.isFinite) {
      throw AssayError(
        .configuration, "the mean patience is \(patience)", at: "queue",
        remedy: "give a time above 0, or none if nobody gives up")
    }
  }
}

/// What callers and servers meet in the long run.
public struct QueuePerformance: Sendable, Hashable, Codable {
  /// The probability that a caller finds all servers busy.
  public let waitingProbability: Double
  /// The share of all callers who are answered within the threshold.
  public let serviceLevel: Double
  /// The share of the answered callers who are answered within the threshold.
  public let serviceLevelOfAnswered: Double
  /// Mean time in the queue over all callers, those who give up included; nil if the queue grows without end.
  public let meanWait: Double?
  /// The share of callers who give up.
  public let abandonment: Double
  /// The share of the servers' time that is busy.
  public let occupancy: Double
  /// The mean number of callers in the queue; nil if it grows without end.
  public let meanQueue: Double?

  static let withoutCalls = QueuePerformance(
    waitingProbability: 0, serviceLevel: 1, serviceLevelOfAnswered: 1, meanWait: 0, abandonment: 0, occupancy: 0,
    meanQueue: 0)
}
