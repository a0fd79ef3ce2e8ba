import Basics

/// The moments that the steps of a series stand for.
///
/// Moments are seconds since 1970-01-01 00:00 by the clock that the series was recorded with; there are no time zones and
/// no summer time in them. A step is a number of seconds or of months; months keep the day of the start, or end a month
/// that is too short for it, and a start on the last day of a month stays at the ends of months.
public struct Timeline: Sendable, Codable, Hashable {
  /// The distance between two steps.
  public enum Step: Sendable, Codable, Hashable {
    /// So many seconds: 3600 for hours, 86,400 for days, 604,800 for weeks.
    case seconds(Int)
    /// So many months: 3 for quarters, 12 for years.
    case months(Int)
  }

  /// The moment of the first step.
  public var start: Int
  /// The distance between two steps.
  public var step: Step

  /// The seconds of a day.
  public static let day = 86_400

  /// Creates a timeline; the step must be positive.
  public init(start: Int, step: Step) {
    switch step {
    case .seconds(let count), .months(let count): require(count > 0, "Timeline", "a step of \(count)")
    }
    self.start = start
    self.step = step
  }

  /// A timeline from midnight of a date on.
  ///
  /// - Throws: `data` for a date that does not exist.
  public init(year: Int, month: Int, day: Int, step: Step) throws {
    guard let days = CalendarDate.daysSince1970(year: year, month: month, day: day) else {
      throw AssayError(
        .data, "there is no date \(year)-\(month)-\(day)", remedy: "give year, month and day in this order")
    }
    self.init(start: days * Timeline.day, step: step)
  }

  /// The moment of a step, which may lie before the start or behind the end.
  public func moment(_ index: Int) -> Int {
    switch step {
    case .seconds(let count): return start + index * count
    case .months(let count):
      let (days, time) = CalendarDate.floorDivision(start, by: Timeline.day)
      let date = CalendarDate(daysSince1970: days)
      let (years, month) = CalendarDate.floorDivision(date.month - 1 + index * count, by: 12)
      let isLast = CalendarDate(daysSince1970: days + 1).day == 1
      var day = isLast ? 31 : date.day
      while day > 1 {
        if let found = CalendarDate.daysSince1970(year: date.year + years, month: month + 1, day: day) {
          return found * Timeline.day + time
        }
        day -= 1
      }
      let found = CalendarDate.daysSince1970(year: date.year + years, month: month + 1, day: 1) ?? 0
      return found * Timeline.day + time
    }
  }

  /// The date of a step.
  public func date(_ index: Int) -> CalendarDate {
    CalendarDate(daysSince1970: CalendarDate.floorDivision(moment(index), by: Timeline.day).quotient)
  }

  /// The days since 1970 that a step touches: one for steps of hours, seven for weeks that begin at midnight.
  public func days(_ index: Int) -> Range<Int> {
    let first = CalendarDate.floorDivision(moment(index), by: Timeline.day).quotient
    let last = CalendarDate.floorDivision(moment(index + 1) - 1, by: Timeline.day).quotient
    return first..<max(first, last) + 1
  }

  /// The same steps counted from a later one.
  public func advanced(by steps: Int) -> Timeline { Timeline(start: moment(steps), step: step) }

  /// A moment for a reader: "2003-03-03 07:05:00".
  public static func text(_ moment: Int) -> String {
    let (days, time) = CalendarDate.floorDivision(moment, by: day)
    let date = CalendarDate(daysSince1970: days)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day)) "
      + "\(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
  }
}
