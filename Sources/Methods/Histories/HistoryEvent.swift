import Basics
import Foundation

/// One event as the engine takes it: who took part, when, with which amounts.
public struct HistoryEvent: Sendable, Hashable {
  /// Microseconds since 1970-01-01T00:00:00 UTC.
  public var time: Int64
  /// One key per entity of the plan, in its order; `EntityKey(combining:)` for entities of several columns.
  public var keys: [EntityKey]
  /// One number per amount of the plan, in its order; not-a-number where it is missing.
  public var amounts: [Double]

  /// Creates an event.
  public init(time: Int64, keys: [EntityKey], amounts: [Double] = []) {
    self.time = time
    self.keys = keys
    self.amounts = amounts
  }
}

/// What a state did and what it takes.
public struct HistoryReport: Sendable, Hashable, Codable {
  /// Events taken so far.
  public var events = 0
  /// Events that are like another of the same time in all entities and amounts.
  public var duplicates = 0
  /// Labels told.
  public var labels = 0
  /// Labels told only after the delay had passed: they count from then on, which the plan's definition does not
  /// foresee.
  public var lateLabels = 0
  /// Entities and pairs that were forgotten because the limits were reached.
  public var forgotten = 0
  /// Events that left their windows early because the limit was reached.
  public var leftEarly = 0
  /// Nodes and edges that graphs had no room for.
  public var leftOut = 0
  /// Entities that are remembered, by the order of the plan.
  public var entities: [Int] = []
  /// Events that windows still need.
  public var eventsHeld = 0
  /// The memory of the state in bytes.
  public var byteCount = 0
}

/// Amounts as whole multiples of a resolution.
enum WholeAmount {
  static let missing = Int64.min
  /// Squares of larger ones might not fit when many are added.
  static let largest = Double(1 << 40)

  /// The multiple.
  ///
  /// - Throws: a `data` error for an infinite number, one that is too large, or below 0 where that is not allowed.
  static func of(_ number: Double, _ amount: HistoryPlan.Amount, at place: @autoclosure () -> String) throws -> Int64 {
    if number.isNaN { return missing }
    guard number.isFinite else {
      throw AssayError(.data, "the amount is infinite", at: place(), remedy: "correct it, or leave it empty")
    }
    if number < 0 && !amount.allowsNegative {
      throw AssayError(
        .data, "the amount \(number) is below 0", at: place(),
        remedy: "correct it, or set allowsNegative where refunds are right")
    }
    let whole = (number / amount.resolution).rounded()
    guard abs(whole) <= largest else {
      throw AssayError(
        .data, "the amount \(number) is too large for the resolution \(amount.resolution)", at: place(),
        remedy: "choose a coarser resolution for \"\(amount.column)\"")
    }
    return Int64(whole)
  }
}

/// The time of day and week.
enum TimeOfDay {
  /// Cosines and sines of the minutes of a day, in units of 2^-30.
  static let circle: [SIMD2<Int64>] = (0..<1440).map { minute in
    let angle = 2 * Double.pi * Double(minute) / 1440
    return SIMD2(Int64((cos(angle) * 0x1p30).rounded()), Int64((sin(angle) * 0x1p30).rounded()))
  }

  /// The minute of the day, 0 ..< 1440, and the days since 1970.
  @inline(__always)
  static func split(_ time: Int64, offset: Int64) -> (minute: Int, day: Int) {
    let minutes = CalendarDate.floorDivision(Int(time &+ offset), by: 60_000_000).quotient
    let (day, minute) = CalendarDate.floorDivision(minutes, by: 1440)
    return (minute, day)
  }
}
