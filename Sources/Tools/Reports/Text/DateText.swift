import Basics
import Foundation

/// How moments, in seconds since 1970-01-01T00:00:00 UTC, are written for people.
enum DateText {
  /// The day on which a moment lies, and the seconds since its midnight; nil outside the years 1 to 9999.
  static func parts(_ seconds: Double) -> (date: CalendarDate, second: Int)? {
    guard seconds.isFinite, seconds >= -62_135_596_800, seconds < 253_402_300_800 else { return nil }
    let whole = Int(floor(seconds))
    let (days, second) = CalendarDate.floorDivision(whole, by: 86_400)
    return (CalendarDate(daysSince1970: days), second)
  }

  /// The first moment of a month.
  static func start(year: Int, month: Int) -> Double {
    Double(CalendarDate.daysSince1970(year: year, month: month, day: 1) ?? 0) * 86_400
  }

  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The day as in ISO 8601.
  static func day(_ seconds: Double) -> String {
    guard let (date, _) = parts(seconds) else { return NumberFormat.absent }
    return String(format: "%04d-%02d-%02d", date.year, date.month, date.day)
  }

  /// The moment written as finely as a step in seconds needs: "2026", "Nov 2026", "23 Nov", "14:30".
  static func text(_ seconds: Double, step: Double) -> String {
    guard let (date, second) = parts(seconds) else { return NumberFormat.absent }
    let month = monthNames[date.month - 1]
    if step >= 300 * 86_400 { return String(date.year) }
    if step >= 27 * 86_400 { return "\(month) \(date.year)" }
    if step >= 86_400 { return "\(date.day) \(month)" }
    let (hour, minute) = (second / 3600, second / 60 % 60)
    return step >= 60
      ? String(format: "%02d:%02d", hour, minute) : String(format: "%02d:%02d:%02d", hour, minute, second % 60)
  }
}
