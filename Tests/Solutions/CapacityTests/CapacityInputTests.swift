import Basics
import Capacity
import Checks
import Foundation
import Projects
import XCTest

/// What bad input gets: a finding or an error in the customer's words.
final class CapacityInputTests: XCTestCase {
  private let named = ["time: time", "demand: demand", "series: shop"]

  private func day(_ day: Int) -> String { CapacityProject.moment(day: day) }

  /// Days of one or more shops: `shop,time,demand`.
  private func rows(_ days: Int = 120, shops: [String] = ["a"], _ demand: (Int) -> Double = { 50 + Double($0 % 7) })
    -> [String]
  {
    ["shop,time,demand"] + shops.flatMap { shop in (0..<days).map { "\(shop),\(day($0)),\(demand($0))" } }
  }

  private static let costs = ["unit: 10", "shortage: 8", "holding: 20"]

  private func findings(
    _ rows: [String], settings: [String] = ["horizon: 14"], value: [String] = CapacityInputTests.costs,
    columns: [String]? = nil
  ) throws -> [ProjectFinding] {
    try withTemporaryFolder { folder in
      try CapacityProject(folder, rows: rows, columns: columns ?? named, settings: settings, value: value).findings()
    }
  }

  func testGoodDataHaveNoWarnings() throws {
    let found = try findings(rows())
    XCTAssertEqual(found.filter { $0.level != .note }.map(\.words), [])
  }

  func testCallsByTheDayStopBesideOtherFindings() throws {
    let found = try findings(rows(), settings: ["horizon: 14", "plan: calls"], value: ["wage: 30"])
    assertFinding(.stop, saying: ["steps of an hour or less", "half hour"], in: found)
    assertFinding(.note, saying: ["120 steps of one day"], in: found)
  }

  func testDemandBelowZeroIsFoundWhereItWasNotServedToo() throws {
    var lines = ["time,demand,out"] + (0..<120).map { "\(day($0)),\(50 + $0 % 7),0" }
    for row in 30..<33 { lines[row] = "\(day(row - 1)),-4,1" }
    let found = try findings(lines, columns: ["time: time", "demand: demand", "unserved: out"])
    assertFinding(.warning, saying: ["3 rows", "below 0"], in: found)
  }

  func testAUnitThatChanges() throws {
    let found = try findings(rows { ($0 < 70 ? 1 : 12) * (50 + Double($0 % 7)) })
    assertFinding(.warning, saying: ["\"a\"", "12 times larger", day(70).prefix(10).description, "unit"], in: found)
  }

  func testTimeGoingBackwardsAndTwice() throws {
    var backwards = rows()
    backwards.swapAt(11, 12)
    assertFinding(.warning, saying: ["backwards", "1 row", "row 12", "put in order"], in: try findings(backwards))
    // The same row twice, and another demand of the same moment.
    let twice = rows() + ["a,\(day(119)),3", "a,\(day(119)),4"]
    assertFinding(.warning, saying: ["2 rows", "row 121", "added up", "map the column"], in: try findings(twice))
    // Where records within a step are to be added up it is no mistake.
    let asked = try findings(twice, settings: ["horizon: 14", "step: day"])
    XCTAssertFalse(asked.contains { $0.words.contains("added up") })
  }

  func testStepsThatAreIrregular() throws {
    let odd = rows() + ["a,2024-06-01 07:13:00,5"]
    assertAssayError(.data, saying: ["2024-06-01 07:13:00", "lies between the steps", "series a", "set step"]) {
      try self.findings(odd)
    }
    XCTAssertNoThrow(try findings(odd, settings: ["horizon: 14", "step: day"]))
    // Two series whose steps lie between each other.
    let hours = (0..<60).map { "b,\(CapacityProject.moment(day: $0, hour: 9)),5" }
    assertAssayError(.data, saying: ["between two steps", "series b", "set step"]) {
      try self.findings(self.rows() + hours)
    }
  }

  func testShortSeriesAndSingleRows() throws {
    // The one with a single row comes first: its step must not become that of all.
    let data = rows(shops: ["b"]) + ["a,\(day(50)),5"] + (110..<120).map { "c,\(day($0)),9" }
    let found = try findings(data)
    assertFinding(.warning, saying: ["1 series with one number or none: \"a\""], in: found)
    assertFinding(.warning, saying: ["1 series shorter than two seasons of 7 steps: \"c\""], in: found)
    assertFinding(.note, saying: ["120 steps of one day"], in: found)
    try withTemporaryFolder { folder in
      let outcome = try CapacityProject(folder, rows: data, columns: named, settings: ["horizon: 14"]).run()
      XCTAssertTrue(outcome.value("scaled-error").isFinite)
    }
    assertFinding(.stop, saying: ["20 steps are too few", "32 steps"], in: try findings(rows(20)))
    try withTemporaryFolder { folder in
      let project = try CapacityProject(folder, rows: rows(20), columns: named, settings: ["horizon: 14"])
      assertAssayError(.data, saying: ["too few"]) { try project.run() }
    }
    assertAssayError(.data, saying: ["no row has a demand"]) {
      try self.findings(["shop,time,demand", "a,2024-01-01,", "a,2024-01-02,"])
    }
    assertAssayError(.configuration, saying: ["seasons"]) {
      try self.findings(self.rows(), settings: ["seasons: 7, seven"])
    }
  }

  func testCostsThatMakeEveryActionALoss() throws {
    let never = try findings(rows(), value: ["unit: 2", "shortage: 3", "holding: 6"])
    assertFinding(.warning, saying: ["every unit is a loss", "having none is cheapest"], in: never)
    let adding = try findings(rows(), value: ["unit: 10", "shortage: 3", "holding: 29", "adding: 14"])
    assertFinding(.warning, saying: ["adding is always a loss"], in: adding)
    try withTemporaryFolder { folder in
      let outcome = try CapacityProject(
        folder, rows: rows(), columns: named, settings: ["horizon: 14"],
        value: ["unit: 2", "shortage: 3", "holding: 7", "removing: 0", "lead time: 0"]
      ).run()
      XCTAssertTrue(outcome.results.headline.contains("every unit of capacity is a loss"), outcome.results.headline)
    }
  }

  func testWithoutCostsNoSavingIsClaimed() throws {
    let found = try findings(rows(), value: [])
    assertFinding(.warning, saying: ["does not say unit, shortage, holding", "examples", "under value"], in: found)
    try withTemporaryFolder { folder in
      let outcome = try CapacityProject(folder, rows: rows(), columns: named, settings: ["horizon: 14"]).run()
      XCTAssertTrue(outcome.results.headline.contains("costs that are examples"), outcome.results.headline)
      XCTAssertFalse(outcome.results.headline.contains("EUR"), outcome.results.headline)
    }
    try withTemporaryFolder { folder in
      let project = try CapacityProject(
        folder, rows: rows(), columns: named, settings: ["horizon: 14"], value: Self.costs)
      let outcome = try project.run()
      // The headline tells what was measured on the last steps, not what the plan's own distribution expects.
      let share = outcome.value("proven-cost") / outcome.value("proven-cost-last-season") - 1
      XCTAssertTrue(
        outcome.results.headline.contains(
          "would have cost \(Words.percent(abs(share))) \(share <= 0 ? "less" : "more") than"),
        outcome.results.headline)
    }
  }

  // MARK: Drivers and holidays

  /// A price for the days and, where there are any, days ahead.
  private func priced(_ days: Int = 120, ahead: Int) -> [String] {
    ["shop,time,demand,price,colour"]
      + (0..<days + ahead).map { day in
        "a,\(self.day(day)),\(day < days ? "\(50 + day % 7)" : ""),\(day % 30 < 7 ? 8 : 10),red"
      }
  }

  func testDriversMustBeKnownAhead() throws {
    let settings = ["horizon: 14", "drivers: price"]
    XCTAssertEqual(try findings(priced(ahead: 14), settings: settings).filter { $0.level != .note }.map(\.words), [])
    assertFinding(
      .warning, saying: ["nothing is known of the driver \"price\"", "14 steps before"],
      in: try findings(priced(ahead: 0), settings: settings))
    assertAssayError(.data, saying: ["\"price\"", "some of the 14 steps ahead", "series a", "2024-05-13"]) {
      try self.findings(self.priced(ahead: 9), settings: settings)
    }
    assertAssayError(.schema, saying: ["\"colour\"", "no numbers"]) {
      try self.findings(self.priced(ahead: 14), settings: ["drivers: colour"])
    }
    assertAssayError(.schema, saying: ["\"cost\"", "price"]) {
      try self.findings(self.priced(ahead: 14), settings: ["drivers: cost"])
    }
  }

  /// A driver that nobody knows ahead must not help more than what was known of it.
  func testALaggedDriverTellsNothingOfTheFuture() throws {
    func error(_ ahead: Int) throws -> Double {
      try withTemporaryFolder { folder in
        var random = RandomKey(seed: 4).stream()
        let rows =
          ["shop,time,demand,price"]
          + (0..<200 + ahead).map { day in
            let price = random.uniform() < 0.3 ? 5 : 10
            let demand = 1_000 / Double(price) * exp(0.05 * random.normal())
            return "a,\(self.day(day)),\(day < 200 ? "\(demand)" : ""),\(price)"
          }
        return try CapacityProject(
          folder, rows: rows, columns: named, settings: ["horizon: 14", "drivers: price", "networks: no"]
        ).run().value("scaled-error")
      }
    }
    XCTAssertLessThan(try error(14), 0.3, "the price explains all but 5 percent")
    XCTAssertGreaterThan(try error(0), 0.4, "prices are drawn day by day: those of the past say nothing")
  }

  func testHolidaysFromAColumnACountryDatesAndAFile() throws {
    let marked =
      ["shop,time,demand,free"]
      + (0..<134).map { "a,\(self.day($0)),\($0 < 120 ? "50" : ""),\($0 % 40 == 0 ? "yes" : "no")" }
    let columns = named + ["holiday: free"]
    XCTAssertEqual(try findings(marked, columns: columns).filter { $0.level != .note }.map(\.words), [])
    assertFinding(
      .warning, saying: ["does not say which of the 14 steps ahead are holidays", "country"],
      in: try findings(Array(marked.prefix(121)), columns: columns))
    XCTAssertNoThrow(try findings(rows(), settings: ["horizon: 14", "holidays: US"]))
    XCTAssertNoThrow(try findings(rows(), settings: ["horizon: 14", "holidays: \"DE, 2024-02-01\""]))
    assertAssayError(.configuration, saying: ["\"Atlantis\"", "US"]) {
      try self.findings(self.rows(), settings: ["horizon: 14", "holidays: Atlantis"])
    }
    try withTemporaryFolder { folder in
      func check(_ text: String) throws -> [ProjectFinding] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/free.csv"))
        return try CapacityProject(
          folder, rows: rows(), columns: named, settings: ["horizon: 14", "holidays: free.csv"]
        ).findings()
      }
      XCTAssertNoThrow(try check("date,name\n2024-02-01,one\n2024-02-29,other\n"))
      assertAssayError(.data, saying: ["2024-02-30", "line 3"]) { try check("date\n2024-02-01\n2024-02-30\n") }
    }
  }

  func testUnservedDemandIsUnknown() throws {
    // A stock-out that is recorded as nothing is one step without a number more.
    let marked =
      ["shop,time,demand,out"] + (0..<120).map { "a,\(self.day($0)),\($0 == 60 ? 0 : 50),\($0 == 60 ? 1 : 0)" }
    let found = try findings(marked, columns: named + ["unserved: out"])
    assertFinding(.warning, saying: ["1 step have no number"], in: found)
  }

  // MARK: Calls

  func testARosterThatCannotBe() throws {
    // Calls by the half hour, from 8 to 18 on five days.
    let calls =
      ["time,calls"]
      + (0..<42).flatMap { day -> [String] in
        day % 7 >= 5
          ? []
          : (16..<36).map {
            "\(CapacityProject.moment(day: day, hour: $0 / 2, minute: $0 % 2 * 30)),\(60 + 40 * sin(Double($0) / 4))"
          }
      }
    let settings = ["step: half hour", "horizon: 336", "no record means: zero", "plan: calls"]
    let columns = ["time: time", "demand: calls"]
    try withTemporaryFolder { folder in
      let project = try CapacityProject(
        folder, rows: calls, columns: columns, settings: settings, value: ["most people: 3"])
      assertFinding(.note, saying: ["open at 100 of 336 steps of a week"], in: try project.findings())
      assertAssayError(.configuration, saying: ["no roster", "at most 3 people", "2024-02-12 at"]) { try project.run() }
    }
    try withTemporaryFolder { folder in
      let outcome = try CapacityProject(
        folder, rows: calls, columns: columns, settings: settings, value: ["most people: 3", "missing person: 100"]
      ).run()
      XCTAssertLessThan(outcome.value("answered-in-time"), 0.8, "three people cannot")
      let short = try XCTUnwrap(outcome.results.parts.first { $0.identifier == "short" })
      XCTAssertTrue("\(short.blocks)".contains("are expected to miss 80 %"))
    }
    try withTemporaryFolder { folder in
      let project = try CapacityProject(
        folder, rows: rows(), columns: named, settings: ["horizon: 14", "plan: calls"])
      assertAssayError(.configuration, saying: ["steps of an hour or less", "day"]) { try project.run() }
    }
    try withTemporaryFolder { folder in
      for shifts in ["four", "4, 25"] {
        assertAssayError(.configuration, saying: ["is not numbers"]) {
          try CapacityProject(
            folder, rows: calls, columns: columns, settings: settings, value: ["shifts: \"\(shifts)\""])
        }
      }
    }
  }
}
