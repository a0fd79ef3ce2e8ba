/// A day of the (proleptic) Gregorian calendar and a time of day, in UTC.
struct CivilDate {
  static let microsecondsPerDay: Int64 = 86_400_000_000

  let year: Int
  /// 1 ... 12
  let month: Int
  /// 1 ... 31
  let day: Int
  /// 1 (Monday) ... 7 (Sunday)
  let weekday: Int
  /// 1 ... 366
  let dayOfYear: Int
  /// Microseconds since midnight.
  let timeOfDay: Int64

  /// The date of a moment in microseconds since 1970-01-01T00:00:00.
  init(microseconds: Int64) {
    let (days, time) = CivilDate.floorDivision(microseconds, CivilDate.microsecondsPerDay)
    timeOfDay = time
    // Day 0 is 1970-01-01, a Thursday.
    weekday = Int(CivilDate.floorDivision(days + 3, 7).remainder) + 1
    // Years counted from 1 March, so that the leap day is the last of its year; 400 years have 146,097 days and
    // 1 March of year 0 is day -719,468.
    let (era, dayOfEra) = CivilDate.floorDivision(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    // Months from March have 31, 30, 31, 30, 31 days, again and again: 153 days in five.
    let marchMonth = (5 * dayOfMarchYear + 2) / 153
    day = Int(dayOfMarchYear - (153 * marchMonth + 2) / 5 + 1)
    month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    let leap = CivilDate.isLeap(year) ? 1 : 0
    dayOfYear = Int(marchMonth < 10 ? dayOfMarchYear + 60 + Int64(leap) : dayOfMarchYear - 305)
  }

  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func floorDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
