import Basics

/// A day and a time of day, in UTC.
struct MomentParts {
  static let microsecondsPerDay: Int64 = 86_400_000_000

  let date: CalendarDate
  /// Microseconds since midnight.
  let timeOfDay: Int64

  /// The date of a moment in microseconds since 1970-01-01T00:00:00.
  init(microseconds: Int64) {
    let (days, time) = CalendarDate.floorDivision(Int(microseconds), by: Int(MomentParts.microsecondsPerDay))
    date = CalendarDate(daysSince1970: days)
    timeOfDay = Int64(time)
  }
}
