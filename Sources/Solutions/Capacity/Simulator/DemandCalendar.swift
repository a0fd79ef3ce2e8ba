import Basics

/// The days of a simulation: weekdays, holidays, the course of the year.
struct DemandCalendar: Sendable {
  /// The first day, Monday 2023-01-02, in days since 1970.
  static let start = 19_359

  /// A day.
  struct Day: Sendable {
    /// 0 (Monday) to 6 (Sunday).
    let weekday: Int
    /// The part of the year that is past, 0 to 1.
    let season: Double
    let isHoliday: Bool
    let isBeforeHoliday: Bool
  }

  let days: [Day]

  init(days count: Int) {
    days = (0..<count).map { day in
      let date = CalendarDate(daysSince1970: Self.start + day)
      return Day(
        weekday: date.weekday - 1, season: Double(date.dayOfYear - 1) / 365.25,
        isHoliday: Self.isHoliday(Self.start + day), isBeforeHoliday: Self.isHoliday(Self.start + day + 1))
    }
  }

  /// Holidays with fixed dates.
  private static func isHoliday(_ day: Int) -> Bool {
    let date = CalendarDate(daysSince1970: day)
    return [[1, 1], [1, 6], [5, 1], [8, 15], [10, 3], [11, 1], [12, 24], [12, 25], [12, 26]].contains([
      date.month, date.day,
    ])
  }
}
