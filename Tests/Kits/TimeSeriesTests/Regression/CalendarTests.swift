import Basics
import TimeSeries
import XCTest

final class CalendarTests: XCTestCase {
  private func day(_ year: Int, _ month: Int, _ day: Int) throws -> Int {
    try XCTUnwrap(CalendarDate.daysSince1970(year: year, month: month, day: day))
  }

  func testMonthsKeepTheDayOrEndTheMonth() throws {
    let ends = try Timeline(year: 2023, month: 10, day: 31, step: .months(1))
    XCTAssertEqual((0..<6).map { ends.date($0).day }, [31, 30, 31, 31, 29, 31])
    XCTAssertEqual(ends.date(4).month, 2)
    let quarters = try Timeline(year: 2020, month: 1, day: 15, step: .months(3))
    XCTAssertEqual(quarters.date(5).year, 2021)
    XCTAssertEqual(quarters.date(5).month, 4)
    XCTAssertEqual(quarters.date(-1).month, 10)
    XCTAssertThrowsError(try Timeline(year: 2023, month: 2, day: 29, step: .months(1)))
  }

  /// Easter Sundays as almanacs have them.
  func testHolidaysFallOnTheirDays() throws {
    let easter = Holiday.Rule.easter(offset: 0)
    XCTAssertEqual(easter.days(in: 2000...2000), [try day(2000, 4, 23)])
    XCTAssertEqual(easter.days(in: 2003...2003), [try day(2003, 4, 20)])
    XCTAssertEqual(easter.days(in: 2024...2025), [try day(2024, 3, 31), try day(2025, 4, 20)])
    XCTAssertEqual(
      Holiday.Rule.weekday(nth: 4, weekday: 4, month: 11).days(in: 2003...2003), [try day(2003, 11, 27)])
    XCTAssertEqual(
      Holiday.Rule.weekday(nth: -1, weekday: 1, month: 5).days(in: 2003...2003), [try day(2003, 5, 26)])
    XCTAssertEqual(Holiday.Rule.date(month: 2, day: 29).days(in: 2023...2025), [try day(2024, 2, 29)])
  }

  func testHolidayColumnsReachBeforeAndAfter() throws {
    let days = try Timeline(year: 2003, month: 12, day: 20, step: .seconds(Timeline.day))
    let christmas = Holiday("Christmas", .date(month: 12, day: 25), daysBefore: 1, daysAfter: 2)
    let columns = days.holidays([christmas], count: 10)
    XCTAssertEqual(columns.names, ["Christmas -1", "Christmas", "Christmas +1", "Christmas +2"])
    for (index, column) in columns.columns.enumerated() {
      XCTAssertEqual(column.indices.filter { column[$0] == 1 }, [4 + index])
      XCTAssertEqual(column.reduce(0, +), 1)
    }
    // 1 January belongs to the week that begins on 29 December.
    let weeks = try Timeline(year: 2003, month: 12, day: 22, step: .seconds(7 * Timeline.day))
    XCTAssertEqual(weeks.holidays([Holiday("New Year", .date(month: 1, day: 1))], count: 3).columns, [[0, 1, 0]])
    let hours = try Timeline(year: 2003, month: 12, day: 24, step: .seconds(3600))
    XCTAssertEqual(
      hours.holidays([Holiday("Christmas", .date(month: 12, day: 25))], count: 72).columns[0].reduce(0, +), 24)
  }

  func testCalendarColumns() throws {
    // 3 March 2003 was a Monday.
    let days = try Timeline(year: 2003, month: 3, day: 3, step: .seconds(Timeline.day))
    let week = days.daysOfWeek(count: 14)
    XCTAssertEqual(week.columns.map { $0.firstIndex(of: 1) }, [1, 2, 3, 4, 5, 6])
    XCTAssertTrue(week.columns.allSatisfy { $0.reduce(0, +) == 2 })
    let months = try Timeline(year: 2003, month: 1, day: 1, step: .months(1))
    XCTAssertEqual(months.monthsOfYear(count: 12).columns.map { $0.firstIndex(of: 1) }, Array(1...11))
    XCTAssertEqual(months.workingDays(count: 2).columns[0], [23, 20])
    XCTAssertEqual(days.hoursOfDay(count: 2).columns.count, 23)
    let joined = week.joined(with: .fourier(period: 7, harmonics: 9, count: 14))
    XCTAssertEqual(joined.names.count, 6 + 6)
    XCTAssertEqual(Covariates.fourier(period: 4, harmonics: 2, count: 8).names, ["sin 1/4", "cos 1/4", "cos 2/4"])
  }

  func testRegularRecordsBecomeASeries() throws {
    let start = try day(2024, 1, 1) * Timeline.day
    let moments = [0, 1, 2, 5, 6].map { start + $0 * 3600 }
    let (timeline, series) = try Regularization().series("load", moments: moments, values: [1, 2, 3, 6, 7])
    XCTAssertEqual(timeline.step, .seconds(3600))
    XCTAssertEqual(series.values.map { $0.isNaN ? -1 : $0 }, [1, 2, 3, -1, -1, 6, 7])
    let zeros = try Regularization(gaps: .zero).series("load", moments: moments, values: [1, 2, 3, 6, 7]).series
    XCTAssertEqual(zeros.values, [1, 2, 3, 0, 0, 6, 7])
    let months = try [1, 2, 3, 5].map { try day(2024, $0, 1) * Timeline.day }
    let monthly = try Regularization().series("sales", moments: months, values: [1, 2, 3, 5])
    XCTAssertEqual(monthly.timeline.step, .months(1))
    XCTAssertEqual(monthly.series.count, 5)
    let ends = [try day(2024, 1, 31), try day(2024, 2, 29), try day(2024, 3, 31), try day(2024, 4, 30)]
    XCTAssertEqual(
      try Regularization().series("ends", moments: ends.map { $0 * Timeline.day }, values: [1, 2, 3, 4]).timeline.step,
      .months(1))
  }

  func testDuplicatesAreMendedOnlyWhenAsked() throws {
    let moments = [0, 3600, 3600, 7200]
    let values: [Double] = [1, 2, 6, 4]
    for (rule, expected) in [(Regularization.Duplicates.sum, 8.0), (.mean, 4), (.last, 6)] {
      let series = try Regularization(duplicates: rule).series("x", moments: moments, values: values).series
      XCTAssertEqual(series.values, [1, expected, 4])
    }
    assertRefused(Regularization(), moments, "twice", "record 3")
  }

  func testIrregularTimelinesAreRefusedWithThePlace() throws {
    assertRefused(Regularization(), [0, 3600, 1800, 7200], "backwards", "record 3")
    XCTAssertEqual(
      try Regularization(sorts: true).series("x", moments: [3600, 0, 7200, 10800], values: [2, 1, 3, 4]).series.values,
      [1, 2, 3, 4])
    let moments = [0, 3600, 7200, 10800, 12600, 14400]
    assertRefused(Regularization(), moments, "between the steps", "record 5")
    XCTAssertEqual(
      try Regularization(duplicates: .sum, floors: true)
        .series("x", moments: moments, values: [1, 1, 1, 1, 1, 1]).series.values, [1, 1, 1, 2, 1])
    assertRefused(
      Regularization(gaps: .refuse), [0, 3600, 7200, 14400], "no record of 1970-01-01 03:00:00", "series x")
    assertRefused(Regularization(), [], "no records", "series x")
    assertRefused(Regularization(), [0, 1, 2, 4_000_000_000], "check the unit", "series x")
  }

  private func assertRefused(
    _ rules: Regularization, _ moments: [Int], _ words: String, _ place: String, line: UInt = #line
  ) {
    XCTAssertThrowsError(
      try rules.series("x", moments: moments, values: moments.map { _ in 1 }), line: line
    ) { error in
      let text = String(describing: error)
      XCTAssertTrue(text.contains(words) && text.contains(place), text, line: line)
    }
  }
}
