import Basics
import Foundation
import XCTest

/// The calendar against Foundation's, and days known by heart.
final class CalendarDateTests: XCTestCase {
  func testKnownDays() {
    let cases: [(days: Int, year: Int, month: Int, day: Int, dayOfYear: Int, weekday: Int)] = [
      (0, 1970, 1, 1, 1, 4), (-1, 1969, 12, 31, 365, 3), (11_016, 2000, 2, 29, 60, 2), (11_017, 2000, 3, 1, 61, 3),
      (20_780, 2026, 11, 23, 327, 1), (-719_468, 0, 3, 1, 61, 3), (-719_469, 0, 2, 29, 60, 2),
    ]
    for known in cases {
      let date = CalendarDate(daysSince1970: known.days)
      XCTAssertEqual(
        [date.year, date.month, date.day, date.dayOfYear, date.weekday],
        [known.year, known.month, known.day, known.dayOfYear, known.weekday], "\(known.days)")
    }
  }

  func testEveryDayOfFourCenturiesAndFarOnesComeBack() {
    for days in Array(-146_097...146_097) + [-100_000_000, 100_000_000] {
      let date = CalendarDate(daysSince1970: days)
      XCTAssertEqual(CalendarDate.daysSince1970(year: date.year, month: date.month, day: date.day), days)
    }
  }

  func testFoundationAgrees() throws {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try XCTUnwrap(TimeZone(identifier: "UTC"))
    for days in stride(from: -100_000, through: 100_000, by: 37) {
      let moment = Date(timeIntervalSince1970: Double(days) * 86_400)
      let expected = calendar.dateComponents([.year, .month, .day, .weekday], from: moment)
      let date = CalendarDate(daysSince1970: days)
      XCTAssertEqual([date.year, date.month, date.day], [expected.year, expected.month, expected.day])
      XCTAssertEqual(date.weekday, ((expected.weekday ?? 0) + 5) % 7 + 1)
      XCTAssertEqual(date.dayOfYear, calendar.ordinality(of: .day, in: .year, for: moment))
    }
  }

  func testNoSuchDay() {
    for (year, month, day) in [(2026, 2, 29), (1900, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 4, 31), (2026, 1, 0)] {
      XCTAssertNil(CalendarDate.daysSince1970(year: year, month: month, day: day), "\(year)-\(month)-\(day)")
    }
    XCTAssertEqual(CalendarDate.daysSince1970(year: 2000, month: 2, day: 29), 11_016)
  }
}
