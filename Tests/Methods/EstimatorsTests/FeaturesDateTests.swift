import Basics
import Checks
import Estimators
import Evaluation
import Foundation
import Tables
import XCTest

/// Columns of dates: parts, cycles, differences.
final class FeaturesDateTests: XCTestCase {
  private let day: Int64 = 86_400_000_000

  /// Microseconds of an ISO date by Foundation's calendar.
  private func moment(_ text: String) throws -> Int64 {
    let formatter = ISO8601DateFormatter()
    let date = try XCTUnwrap(formatter.date(from: text))
    return Int64(date.timeIntervalSince1970) * 1_000_000
  }

  private func fit(_ moments: [Int64], _ change: (inout FeaturePlan) -> Void = { _ in }) throws
    -> (pipeline: FeaturePipeline, training: FeatureMatrix)
  {
    var plan = FeaturePlan()
    change(&plan)
    return try fitFeatures(plan, [Column("at", .dateTime(moments))])
  }

  func testPartsOfKnownDates() throws {
    // Thursday, the epoch; before it; leap days; the century that is no leap year; an old date.
    let texts = [
      "1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2024-02-29T13:45:00Z", "2023-12-31T06:30:00Z",
      "1900-03-01T00:00:00Z", "2000-12-31T23:00:00Z", "1582-10-15T12:00:00Z",
    ]
    let (_, training) = try fit(try texts.map(moment) + [Column.missingInteger])
    let expected: [(String, [Float])] = [
      ("year", [1970, 1969, 2024, 2023, 1900, 2000, 1582]), ("month", [1, 12, 2, 12, 3, 12, 10]),
      ("day", [1, 31, 29, 31, 1, 31, 15]), ("weekday", [4, 3, 4, 7, 4, 7, 5]), ("weekend", [0, 0, 0, 1, 0, 1, 0]),
      ("dayOfYear", [1, 365, 60, 365, 60, 366, 288]), ("hour", [0, 23, 13, 6, 0, 23, 12]),
      ("minute", [0, 59, 45, 30, 0, 0, 0]),
    ]
    for (part, values) in expected { assertClose(try training.values("at.\(part)"), values + [.nan], within: 0, part) }
    XCTAssertEqual(training.features.map(\.source), Array(repeating: "at", count: training.featureCount))
  }

  func testPartsAgreeWithFoundation() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try XCTUnwrap(TimeZone(identifier: "UTC"))
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      // From 1653 to 2286: after the calendar's reform, which Foundation's calendar follows.
      let seconds = (0..<300).map { _ in Int64(stream.integer(below: 20_000_000_000)) - 10_000_000_000 }
      let (_, training) = try fit(seconds.map { $0 * 1_000_000 })
      for (row, second) in seconds.enumerated() {
        let date = Date(timeIntervalSince1970: Double(second))
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .weekday], from: date)
        XCTAssertEqual(try training.values("at.year")[row], Float(parts.year ?? 0))
        XCTAssertEqual(try training.values("at.month")[row], Float(parts.month ?? 0))
        XCTAssertEqual(try training.values("at.day")[row], Float(parts.day ?? 0))
        XCTAssertEqual(try training.values("at.hour")[row], Float(parts.hour ?? 0))
        XCTAssertEqual(try training.values("at.minute")[row], Float(parts.minute ?? 0))
        XCTAssertEqual(try training.values("at.weekday")[row], Float(((parts.weekday ?? 0) + 5) % 7 + 1))
        let dayOfYear = calendar.ordinality(of: .day, in: .year, for: date)
        XCTAssertEqual(try training.values("at.dayOfYear")[row], Float(dayOfYear ?? 0))
      }
    }
  }

  func testDaysCountFromTheFirstTrainingDate() throws {
    let (pipeline, training) = try fit([10 * day, 3 * day, 3 * day + day / 2])
    assertClose(try training.values("at.daysSinceFirst"), [7, 0, 0.5], within: 0)
    let later = try pipeline.transform(Table([Column("at", .dateTime([2 * day, 13 * day]))]))
    assertClose(try later.values("at.daysSinceFirst"), [-1, 10], within: 0)
  }

  func testPartsThatDoNotVaryAreLeftOut() throws {
    let (_, training) = try fit([0, day, 2 * day])
    XCTAssertEqual(training.names, ["at.day", "at.weekday", "at.weekend", "at.dayOfYear", "at.daysSinceFirst"])
  }

  func testCyclesAreOnTheUnitCircle() throws {
    let moments = [
      try moment("2026-01-05T00:00:00Z"), try moment("2026-04-07T06:00:00Z"), try moment("2026-07-11T18:00:00Z"),
      Column.missingInteger,
    ]
    let (_, training) = try fit(moments) {
      $0.dates.parts = []
      $0.dates.cyclic = true
    }
    XCTAssertEqual(
      training.names,
      ["at.month.sin", "at.month.cos", "at.weekday.sin", "at.weekday.cos", "at.hour.sin", "at.hour.cos"])
    assertClose(try training.values("at.month.sin"), [0, 1, 0, .nan])
    assertClose(try training.values("at.month.cos"), [1, 0, -1, .nan])
    assertClose(try training.values("at.hour.sin"), [0, 1, -1, .nan])
    assertClose(try training.values("at.hour.cos"), [1, 0, 0, .nan])
    // Monday, Tuesday, Saturday: 0, 1 and 5 sevenths of a turn.
    assertClose(try training.values("at.weekday.sin"), [0, 0.7818315, -0.9749279, .nan])
    assertClose(try training.values("at.weekday.cos"), [1, 0.6234898, -0.2225209, .nan])
    let filled = try fit(moments) {
      $0.dates.cyclic = true
      $0.numbers.imputation = .median
    }.training
    XCTAssertEqual(try filled.values("at.month.sin")[3], 0)
    XCTAssertEqual(try filled.values("at.month.cos")[3], 0)
  }

  func testPairsOfDatesGiveTheirDifference() throws {
    let (pipeline, training) = try fitFeatures(
      FeaturePlan(),
      [
        Column("opened", .dateTime([0, day, 5 * day])),
        Column("closed", .dateTime([2 * day, Column.missingInteger, 4 * day])),
      ])
    assertClose(try training.values("closed - opened"), [2, .nan, -1], within: 0)
    let later = try pipeline.transform(
      Table([Column("closed", .dateTime([day / 4])), Column("opened", .dateTime([0]))]))
    assertClose(try later.values("closed - opened"), [0.25], within: 0)
  }

  func testExtremeMomentsDoNotOverflow() throws {
    let (_, training) = try fit([Int64.max, Int64.min + 1, 0])
    for feature in training.features.indices { XCTAssertTrue(training.dense(feature).allSatisfy(\.isFinite)) }
  }
}
