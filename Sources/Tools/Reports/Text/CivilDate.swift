import Foundation

/// A day and time of the Gregorian calendar in UTC.
struct CivilDate: Sendable, Hashable {
  var year: Int
  var month: Int
  var day: Int
  /// The seconds since midnight.
  var second: Int

  /// The moment so many seconds after 1970-01-01T00:00:00 UTC; nil outside the years 1 to 9999.
  init?(secondsSince1970 seconds: Double) {
    guard seconds.isFinite, seconds >= -62_135_596_800, seconds < 253_402_300_800 else { return nil }
    let whole = Int(floor(seconds))
    let days = Int(floor(Double(whole) / 86_400))
    second = whole - days * 86_400
    // Count from 1 March of year 0, so that a leap day is the last day of its year; 146,097 days are 400 years.
    let shifted = days + 719_468
    let era = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The seconds from 1970-01-01 to the start of a day; months beyond 12 run into the next years.
  static func seconds(year: Int, month: Int, day: Int) -> Double {
    let year = year + Int(floor(Double(month - 1) / 12))
    let month = ((month - 1) % 12 + 12) % 12 + 1
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = Int(floor(Double(shiftedYear) / 400))
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Double(era * 146_097 + dayOfEra - 719_468) * 86_400
  }

  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The day as in ISO 8601.
  static func day(_ seconds: Double) -> String {
    guard let date = CivilDate(secondsSince1970: seconds) else { return NumberFormat.absent }
    return String(format: "%04d-%02d-%02d", date.year, date.month, date.day)
  }

  /// The moment written as finely as a step in seconds needs: "2026", "Nov 2026", "23 Nov", "14:30".
  static func text(_ seconds: Double, step: Double) -> String {
    guard let date = CivilDate(secondsSince1970: seconds) else { return NumberFormat.absent }
    let month = monthNames[date.month - 1]
    if step >= 300 * 86_400 { return String(date.year) }
    if step >= 27 * 86_400 { return "\(month) \(date.year)" }
    if step >= 86_400 { return "\(date.day) \(month)" }
    let (hour, minute, second) = (date.second / 3600, date.second / 60 % 60, date.second % 60)
    return step >= 60
      ? String(format: "%02d:%02d", hour, minute) : String(format: "%02d:%02d:%02d", hour, minute, second)
  }
}
