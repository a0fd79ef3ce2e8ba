import Basics
import Checks
import Foundation
import TimeSeries
import XCTest

final class OpenStepsTests: XCTestCase {
  /// Hours of a week that is open from 8 to 18 on five days.
  private func week(_ hours: Int) -> [Double] {
    (0..<hours).map { hour in
      let (day, time) = (hour / 24 % 7, hour % 24)
      return day < 5 && (8..<18).contains(time) ? Double(100 * day + time) : 0
    }
  }

  func testClosedPhasesAreFoundAndLeftOut() throws {
    let series = Series(values: week(24 * 7 * 5 + 60))
    let open = try XCTUnwrap(OpenSteps.found(in: [series], period: 168))
    XCTAssertEqual(open.phases.count, 50)
    XCTAssertEqual(open.seasons([24, 168]), [10, 50])
    XCTAssertEqual(open.seasons([168, 336]), [50, 100])
    XCTAssertEqual(open.seasons([5]), [], "no part of the week")
    let kept = open.kept(series.values)
    XCTAssertEqual(kept.count, open.count(before: series.count))
    XCTAssertEqual(kept, series.values.filter { $0 != 0 })
    for place in 0..<kept.count { XCTAssertEqual(kept[place], series.values[open.step(place)]) }
    // Ahead of the end, too.
    let next = open.step(kept.count)
    XCTAssertGreaterThanOrEqual(next, series.count)
    XCTAssertEqual(open.count(before: next), kept.count)
    XCTAssertEqual(open.count(before: next + 1), kept.count + 1)
  }

  func testDaysOfDifferentHoursHaveNoDailySeason() throws {
    var values = week(168 * 4)
    for hour in values.indices where hour / 24 % 7 == 5 && hour % 24 == 9 { values[hour] = 3 }
    let open = try XCTUnwrap(OpenSteps.found(in: [Series(values: values)], period: 168))
    XCTAssertEqual(open.seasons([24, 168]), [51])
  }

  func testWhatIsAlwaysOpenOrShortIsLeftAlone() {
    XCTAssertNil(OpenSteps.found(in: [Series(values: (0..<800).map { 1 + Double($0 % 5) })], period: 168))
    XCTAssertNil(OpenSteps.found(in: [Series(values: week(400))], period: 168), "less than three weeks")
    XCTAssertNil(OpenSteps.found(in: [Series(values: [Double](repeating: 0, count: 800))], period: 168), "never open")
    var other = [Double](repeating: 0, count: 168 * 4)
    for hour in other.indices where hour % 24 < 8 || hour % 24 >= 18 || hour / 24 % 7 >= 5 { other[hour] = 1 }
    XCTAssertNil(
      OpenSteps.found(in: [Series(values: week(168 * 4)), Series(values: other)], period: 168),
      "one is open while the other is closed")
  }
}

final class RecordedPanelTests: XCTestCase {
  func testSeriesMeetOnOneTimeline() throws {
    let day = Timeline.day
    let panel = try RecordedPanel(
      [
        .init("alone", moments: [3 * day], values: [7], columns: [[1]]),
        .init(
          "long", moments: [0, day, 3 * day, 4 * day, 4 * day], values: [1, 2, 3, 4, 5], columns: [[1, 2, 3, 4, 6]]),
      ], rules: Regularization(duplicates: .sum, sorts: true))
    XCTAssertEqual(panel.timeline, Timeline(start: 0, step: .seconds(day)))
    XCTAssertEqual(panel.series.map(\.count), [5, 5])
    XCTAssertEqual(panel.series[0].values[3], 7)
    XCTAssertEqual(panel.series[0].values.count { $0.isNaN }, 4)
    XCTAssertEqual(panel.series[1].values[4], 9)
    XCTAssertTrue(panel.series[1].values[2].isNaN)
    XCTAssertEqual(panel.columns[1][0][4], 5, "columns are averaged where demand is added up")
  }

  /// The step is not that of a series with one record, wherever it comes.
  func testTheStepIsThatOfTheLongestSeries() throws {
    let hours = (0..<48).map { $0 * 3600 }
    for order in [false, true] {
      let records = [
        RecordedPanel.Records("one", moments: [7200], values: [1]),
        .init("hours", moments: hours, values: hours.map { Double($0) }),
      ]
      let panel = try RecordedPanel(order ? records.reversed() : records, rules: Regularization())
      XCTAssertEqual(panel.timeline.step, .seconds(3600))
      XCTAssertEqual(panel.series.map(\.count), [48, 48])
    }
  }

  func testStepsBetweenThoseOfOthersAreRefused() {
    assertAssayError(.data, saying: ["between two steps"]) {
      try RecordedPanel(
        [
          .init("a", moments: [0, 3600, 7200], values: [1, 2, 3]), .init("b", moments: [1800, 5400], values: [1, 2]),
        ], rules: Regularization())
    }
  }
}

final class KnownAheadTests: XCTestCase {
  func testWhatIsKnownAhead() {
    XCTAssertEqual(AheadKnowledge([1, 2, 3, 4], count: 2, horizon: 2), .known)
    XCTAssertEqual(AheadKnowledge([1, 2], count: 2, horizon: 2), .past)
    XCTAssertEqual(AheadKnowledge([1, 2, .nan, .nan], count: 2, horizon: 2), .past)
    XCTAssertEqual(AheadKnowledge([1, 2, 3], count: 2, horizon: 2), .partly(firstMissing: 2))
    XCTAssertEqual(AheadKnowledge([1, 2, .nan, 4], count: 2, horizon: 2), .partly(firstMissing: 1))
    XCTAssertEqual(Covariates.carried([.nan, 1, .nan, 3], count: 6), [1, 1, 1, 3, 3, 3])
    XCTAssertEqual(Covariates.carried([], count: 2), [0, 0])
    XCTAssertEqual(Covariates.shifted([1, 2, 3, 4], by: 2), [1, 1, 1, 2])
    XCTAssertEqual(Covariates.shifted([1, 2, 3, 4], by: -1), [2, 3, 4, 4])
  }

  func testHolidaysOfCountries() throws {
    for country in Holiday.countries {
      let holidays = try XCTUnwrap(Holiday.holidays(of: country.lowercased()))
      XCTAssertEqual(Set(holidays.map(\.name)).count, holidays.count)
    }
    XCTAssertNil(Holiday.holidays(of: "XX"))
    // 2024: Easter on 31 March, so Ascension on 9 May and Whit Monday on 20 May.
    func days(_ country: String) throws -> Set<String> {
      Set(
        try XCTUnwrap(Holiday.holidays(of: country)).flatMap { $0.rule.days(in: 2024...2024) }
          .map { String(Timeline.text($0 * Timeline.day).prefix(10)) })
    }
    XCTAssertTrue(
      try days("DE").isSuperset(of: ["2024-03-29", "2024-04-01", "2024-05-09", "2024-05-20", "2024-10-03"]))
    XCTAssertTrue(try days("FR").isSuperset(of: ["2024-04-01", "2024-05-08", "2024-07-14", "2024-11-11"]))
  }
}

final class LevelShiftTests: XCTestCase {
  func testAChangeOfUnitIsFound() throws {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["shift"].stream()
      let values = (0..<200).map { step in
        (step < 120 ? 1 : 1.0 / 12) * (50 + 10 * sin(Double(step) / 3)) * exp(0.2 * random.normal())
      }
      let shift = try XCTUnwrap(LevelShift.largest(in: values, leastRatio: 6))
      XCTAssertEqual(shift.step, 120)
      XCTAssertEqual(shift.ratio, 1.0 / 12, accuracy: 0.03)
    }
  }

  func testGrowthCampaignsAndRareDemandAreNoShift() {
    for seed in checkSeeds {
      var random = RandomKey(seed: seed)["none"].stream()
      let growth = (0..<300).map { exp(Double($0) / 60) * exp(0.3 * random.normal()) }
      XCTAssertNil(LevelShift.largest(in: growth))
      let campaign = (0..<300).map { (100..<107).contains($0) ? 2_000.0 : 100 }
      XCTAssertNil(LevelShift.largest(in: campaign), "a week of twenty times as much passes")
      let rare = (0..<300).map { _ in random.uniform() < 0.2 ? Double(1 + random.integer(below: 30)) : 0 }
      XCTAssertNil(LevelShift.largest(in: rare))
    }
    XCTAssertNil(LevelShift.largest(in: [1, 100]))
    XCTAssertNil(LevelShift.largest(in: []))
  }
}

final class SeasonalFillingTests: XCTestCase {
  func testGapsComeFromThePastAlone() {
    var random = RandomKey(seed: 5).stream()
    var values = (0..<120).map { 10 * Double($0 % 7) + random.normal() }
    for step in [0, 1, 30, 31, 32, 33, 80, 119] { values[step] = .nan }
    let series = Series(values: values)
    let filled = series.filledFromPast(season: 7)
    for cut in [40, 81, 120] {
      XCTAssertEqual(same(series.prefix(cut).filledFromPast(season: 7)), same(filled.prefix(cut)))
    }
    XCTAssertTrue(filled.values[0].isNaN && filled.values[1].isNaN, "nothing is known before the first number")
    XCTAssertEqual(filled.values[80], (values[73] + values[66] + values[59] + values[52]) / 4, accuracy: 1e-12)
    XCTAssertEqual(Series(values: [.nan, 4, .nan, .nan]).filledFromPast(season: 1).values.suffix(3), [4, 4, 4])
    let forecast = try? FilledForecaster(SeasonalNaiveForecaster()).fit(
      series, request: ForecastRequest(horizon: 7, seasons: [7])
    ).forecast()
    for step in 0..<7 { XCTAssertEqual(forecast?.point[step] ?? .nan, 10 * Double((120 + step) % 7), accuracy: 4) }
  }

  private func same(_ series: Series) -> [UInt64] { series.values.map { $0.isNaN ? 0 : $0.bitPattern } }
}
