import Basics

/// A kind of shift that the law and the contracts allow: when it may start, how long it is, when the break is, what it
/// costs.
///
/// Times are counted in intervals of the roster, such as half hours.
public struct ShiftType: Sendable, Hashable, Codable {
  /// The name, as reports and messages have it.
  public var name: String
  /// The intervals of the day in which a shift may start, from 0.
  public var starts: [Int]
  /// The lengths allowed, the break included.
  public var lengths: [Int]
  /// The length of the break; 0 for none.
  public var breakLength = 0
  /// How many intervals are worked before the break at the least; 1 by default.
  public var leastBeforeBreak = 1
  /// How many intervals are worked after the break at the least; 1 by default.
  public var leastAfterBreak = 1
  /// Whether the break is paid; false by default.
  public var isBreakPaid = false
  /// Cost per paid interval.
  public var costPerInterval: Double
  /// Cost per shift besides, such as travel.
  public var costPerShift = 0.0
  /// Paid intervals of a shift beyond this number are overtime; nil for none.
  public var regularIntervals: Int?
  /// What overtime costs relative to other time; 1.5 by default.
  public var overtimeFactor = 1.5
  /// The least number of people on shifts of this type.
  public var leastStaff = 0
  /// The greatest number of people on shifts of this type; nil for no limit.
  public var mostStaff: Int?
  /// Whether its people count as part-time.
  public var isPartTime = false
  /// The patterns of days that a person may work, such as `WorkPattern.consecutive(5, of: 7)`; empty for any one day.
  public var workPatterns: [[Int]] = []

  /// Creates a type; what has a default is set as a property.
  public init(name: String, starts: [Int], lengths: [Int], costPerInterval: Double) {
    self.name = name
    self.starts = starts
    self.lengths = lengths
    self.costPerInterval = costPerInterval
  }

  /// The places of the break after the start of a shift of that length; one nil if there is no break.
  func breaks(length: Int) -> [Int?] {
    if breakLength == 0 { return [nil] }
    let last = length - breakLength - leastAfterBreak
    return last < leastBeforeBreak ? [] : (leastBeforeBreak...last).map { $0 }
  }

  func paidIntervals(length: Int) -> Int { length - (isBreakPaid ? 0 : breakLength) }

  func overtimeIntervals(length: Int) -> Int {
    regularIntervals.map { max(0, paidIntervals(length: length) - $0) } ?? 0
  }

  func check(days: Int, intervals: Int) throws(AssayError) {
    func fail(_ problem: String, _ remedy: String) -> AssayError {
      AssayError(.configuration, problem, at: "shift type \(name)", remedy: remedy)
    }
    guard !starts.isEmpty, starts.allSatisfy({ (0..<intervals).contains($0) }), Set(starts).count == starts.count else {
      throw fail("the starts \(starts) are not different intervals from 0 to \(intervals - 1)", "correct them")
    }
    guard !lengths.isEmpty, lengths.allSatisfy({ (1...intervals).contains($0) }), Set(lengths).count == lengths.count
    else { throw fail("the lengths \(lengths) are not different numbers from 1 to \(intervals)", "correct them") }
    guard breakLength >= 0, leastBeforeBreak >= 0, leastAfterBreak >= 0 else {
      throw fail("a break has a negative length", "use 0 for none")
    }
    if let length = lengths.first(where: { breaks(length: $0).isEmpty }) {
      throw fail(
        "a shift of \(length) intervals has no room for a break of \(breakLength) after \(leastBeforeBreak) and before"
          + " \(leastAfterBreak) intervals of work", "shorten the break or leave the length out")
    }
    guard costPerInterval >= 0, costPerInterval.isFinite, costPerShift >= 0, costPerShift.isFinite,
      overtimeFactor >= 0, overtimeFactor.isFinite, regularIntervals ?? 0 >= 0
    else { throw fail("a cost or the regular time is negative or not finite", "correct it") }
    guard leastStaff >= 0, leastStaff <= mostStaff ?? .max else {
      throw fail("the least staff \(leastStaff) is above the most staff \(mostStaff ?? 0)", "change one of them")
    }
    for pattern in workPatterns
    where pattern.isEmpty || Set(pattern).count < pattern.count || !pattern.allSatisfy((0..<days).contains) {
      throw fail("the pattern \(pattern) is not made of different days from 0 to \(days - 1)", "correct it")
    }
  }
}

/// Patterns of working days for tours of a week or another cycle.
public enum WorkPattern {
  /// All patterns with that many working days in a row, the cycle closed: 5 of 7 gives the seven weeks with two days off
  /// in a row.
  public static func consecutive(_ working: Int, of days: Int) -> [[Int]] {
    require(working >= 1 && working <= days, "WorkPattern.consecutive", "\(working) of \(days) days")
    if working == days { return [Array(0..<days)] }
    return (0..<days).map { first in (0..<working).map { (first + $0) % days }.sorted() }
  }

  /// All patterns with that many working days.
  public static func any(_ working: Int, of days: Int) -> [[Int]] {
    require(working >= 1 && working <= days && days <= 14, "WorkPattern.any", "\(working) of \(days) days")
    return (0..<(1 << days)).filter { $0.nonzeroBitCount == working }.map { code in
      (0..<days).filter { code >> $0 & 1 == 1 }
    }
  }
}
