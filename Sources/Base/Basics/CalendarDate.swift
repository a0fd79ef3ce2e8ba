/// A day of the proleptic Gregorian calendar.
///
/// Days are counted from 1970-01-01, which is day 0. The conversions count by eras of 400 years, which all have 146,097
/// days, and years from 1 March, so that a leap day is the last day of its year (H. Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms").
public struct CalendarDate: Sendable, Hashable {
  /// The year; year 0 comes before year 1.
  public let year: Int
  /// The month, 1 ... 12.
  public let month: Int
  /// The day of the month, 1 ... 31.
  public let day: Int
  /// The day of the year, 1 ... 366.
  public let dayOfYear: Int
  /// The day of the week, 1 (Monday) ... 7 (Sunday).
  public let weekday: Int

  /// The date so many days after 1970-01-01; at most 10^15 days from it.
  public init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let (era, dayOfEra) = CalendarDate.floorDivision(shifted, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Months from March have 31, 30, 31, 30, 31 days, again and again: 153 days in five.
    let monthFromMarch = (5 * dayFromMarch + 2) / 153
    day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    dayOfYear = month > 2 ? dayFromMarch + 60 + (CalendarDate.isLeap(year) ? 1 : 0) : dayFromMarch - 305
    // 1970-01-01 was a Thursday.
    weekday = CalendarDate.floorDivision(days + 3, by: 7).remainder + 1
  }

  /// The days from 1970-01-01 to a date; nil if there is no such date.
  public static func daysSince1970(year: Int, month: Int, day: Int) -> Int? {
    guard (1...12).contains(month), day >= 1, day <= length(month: month, year: year) else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivision(shifted, by: 400)
    let dayFromMarch = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayFromMarch
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Whether a year has a 29 February.
  public static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// The quotient rounded down, and what is left, which is never negative: the day and the time of day of a moment
  /// also before 1970.
  public static func floorDivision(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  private static func length(month: Int, year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
