import Basics

/// A day that differs from others, every year or on given dates, and how far it reaches.
public struct Holiday: Sendable, Codable, Hashable {
  /// Which days it falls on.
  public enum Rule: Sendable, Codable, Hashable {
    /// The same date every year: (12, 25).
    case date(month: Int, day: Int)
    /// The nth weekday of a month, 1 (Monday) ... 7 (Sunday); negative counts from the end: the last Monday of May is
    /// (-1, 1, 5).
    case weekday(nth: Int, weekday: Int, month: Int)
    /// So many days after Easter Sunday of the Gregorian calendar: -2 for Good Friday.
    case easter(offset: Int)
    /// The dates themselves, in days since 1970-01-01.
    case days([Int])

    /// The days since 1970 on which it falls, within years; dates that do not exist are left out.
    public func days(in years: ClosedRange<Int>) -> [Int] {
      switch self {
      case .days(let days): return days
      case .date(let month, let day):
        return years.compactMap { CalendarDate.daysSince1970(year: $0, month: month, day: day) }
      case .easter(let offset): return years.map { Rule.easter($0) + offset }
      case .weekday(let nth, let weekday, let month):
        return years.compactMap { year in
          guard nth != 0, let first = CalendarDate.daysSince1970(year: year, month: month, day: 1) else { return nil }
          let next = CalendarDate.daysSince1970(
            year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1, day: 1)
          let days = (first..<(next ?? first)).filter { CalendarDate(daysSince1970: $0).weekday == weekday }
          let index = nth > 0 ? nth - 1 : days.count + nth
          return days.indices.contains(index) ? days[index] : nil
        }
      }
    }

    /// Easter Sunday by the anonymous Gregorian method (Meeus, "Astronomical Algorithms", 1991).
    private static func easter(_ year: Int) -> Int {
      let a = year % 19
      let (b, c) = year.quotientAndRemainder(dividingBy: 100)
      let (d, e) = b.quotientAndRemainder(dividingBy: 4)
      let g = (8 * b + 13) / 25
      let h = (19 * a + b - d - g + 15) % 30
      let (i, k) = c.quotientAndRemainder(dividingBy: 4)
      let l = (32 + 2 * e + 2 * i - h - k) % 7
      let m = (a + 11 * h + 19 * l) / 433
      let month = (h + l - 7 * m + 90) / 25
      let day = (h + l - 7 * m + 33 * month + 19) % 32
      return CalendarDate.daysSince1970(year: year, month: month, day: day) ?? 0
    }
  }

  /// The name of its columns.
  public var name: String
  /// Which days it falls on.
  public var rule: Rule
  /// The days before that get columns of their own.
  public var daysBefore: Int
  /// The days after that get columns of their own.
  public var daysAfter: Int

  /// Creates a holiday.
  public init(_ name: String, _ rule: Rule, daysBefore: Int = 0, daysAfter: Int = 0) {
    self.name = name
    self.rule = rule
    self.daysBefore = max(0, daysBefore)
    self.daysAfter = max(0, daysAfter)
  }

  /// The federal holidays of the United States.
  public static let unitedStates: [Holiday] = [
    Holiday("New Year's Day", .date(month: 1, day: 1)),
    Holiday("Birthday of Martin Luther King", .weekday(nth: 3, weekday: 1, month: 1)),
    Holiday("Washington's Birthday", .weekday(nth: 3, weekday: 1, month: 2)),
    Holiday("Memorial Day", .weekday(nth: -1, weekday: 1, month: 5)),
    Holiday("Independence Day", .date(month: 7, day: 4)),
    Holiday("Labor Day", .weekday(nth: 1, weekday: 1, month: 9)),
    Holiday("Columbus Day", .weekday(nth: 2, weekday: 1, month: 10)),
    Holiday("Veterans Day", .date(month: 11, day: 11)),
    Holiday("Thanksgiving Day", .weekday(nth: 4, weekday: 4, month: 11)),
    Holiday("Christmas Day", .date(month: 12, day: 25)),
  ]
}
