import Basics
import Capacity
import Checks
import Experiments
import Foundation
import Projects
import XCTest

final class CapacityRunTests: XCTestCase {
  /// Two shops by the day with a week, and campaigns of a week that raise demand by half.
  private func rows(seed: UInt64, days: Int = 250) -> [String] {
    var random = RandomKey(seed: seed)["shops"].stream()
    let week = [0.9, 0.8, 0.9, 1, 1.2, 1.5, 0.7]
    return ["shop,time,demand,campaign"]
      + ["a", "b"].flatMap { shop in
        (0..<days + 14).map { day -> String in
          let campaign = (day / 7 + Int(seed)) % 4 == 0
          let demand = (shop == "a" ? 80 : 40) * week[day % 7] * (campaign ? 1.5 : 1) * exp(0.1 * random.normal())
          return "\(shop),\(CapacityProject.moment(day: day)),\(day < days ? "\(demand)" : ""),\(campaign ? 1 : 0)"
        }
      }
  }

  private let columns = ["time: time", "demand: demand", "series: shop"]

  private func run<Result>(
    _ rows: [String], settings: [String], value: [String] = [], _ body: (CapacityProject) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      try body(CapacityProject(folder, rows: rows, columns: columns, settings: settings, value: value))
    }
  }

  /// Measures as text: where no interval is known its ends are no numbers, which equal nothing.
  private func canonical(_ measures: [ProjectResults.Measure]) throws -> String {
    String(decoding: try CanonicalJSON.encode(measures), as: UTF8.self)
  }

  func testCampaignsKnownInAdvanceMakeForecastsBetter() throws {
    for seed in checkSeeds.prefix(2) {
      let settings = ["horizon: 14", "tests: 2", "networks: no"]
      let without = try run(rows(seed: seed, days: 160), settings: settings) { try $0.run() }
      let with = try run(rows(seed: seed, days: 160), settings: settings + ["drivers: campaign"]) { try $0.run() }
      XCTAssertLessThan(with.value("scaled-error"), 0.75 * without.value("scaled-error"), "seed \(seed)")
      XCTAssertLessThan(with.value("total-mae"), with.value("total-mae-season-mean"))
      XCTAssertTrue(with.model.contains("adjusted") || with.model.contains("dynamic"), with.model)
      XCTAssertTrue(
        "\(with.results.parts)".contains("Known in advance"), "the report says what the forecast leans on")
    }
  }

  func testAnInterruptedRunThatGoesOnEqualsOneThatWasNot() throws {
    let settings = ["horizon: 14", "tests: 2", "drivers: campaign"]
    let rows = rows(seed: 3, days: 120)
    let whole = try run(rows, settings: settings) { try $0.run() }
    try run(rows, settings: settings) { project in
      let interruption = Interruption()
      XCTAssertThrowsError(
        try project.run(interruption: interruption) { _, words in
          if words.hasPrefix("forecasting the next") { interruption.request() }
        })
      let partial = project.project.path(ProjectStore.folderName)
      XCTAssertTrue(FileManager.default.fileExists(atPath: partial))
      // What was finished is not made again: with it there, the run needs no time for it, and with an interruption that
      // comes while the second test would be made, it still gets beyond.
      let resumed = try project.run(resumes: true)
      XCTAssertEqual(try canonical(resumed.results.measures), try canonical(whole.results.measures))
      XCTAssertEqual(resumed.results.parts, whole.results.parts)
      XCTAssertEqual(resumed.results.headline, whole.results.headline)
      XCTAssertFalse(FileManager.default.fileExists(atPath: partial), "a finished run leaves no pieces")
    }
  }

  func testTheSameRowsAreForecastAsInTheRun() throws {
    try run(rows(seed: 4, days: 100), settings: ["horizon: 7", "tests: 1", "networks: no"]) { project in
      _ = try project.run()
      let path = project.project.path("model")
      let before = try FileAccess.read(path)
      let first = try project.predict()
      XCTAssertEqual(first.rowCount, 3 * 7, "two shops and their sum")
      // The run leaves no more than a number of seconds for it, and a file that is not its own is refused.
      XCTAssertEqual(try FileAccess.read(path), before)
      XCTAssertEqual(try project.predict(), first)
      try AtomicFile.write(Array(before.prefix(before.count / 2)), to: path)
      XCTAssertThrowsError(try project.predict()) { XCTAssertEqual(($0 as? AssayError)?.kind, .bundle) }
    }
  }

  func testResultsDependOnNeitherThreadsNorOrder() throws {
    let rows = rows(seed: 5, days: 100)
    let settings = ["horizon: 14", "networks: no"]
    let one = try run(rows, settings: settings) { try $0.run() }
    let other = try run([rows[0]] + rows.dropFirst().reversed(), settings: settings) { try $0.run() }
    XCTAssertEqual(try canonical(one.results.measures), try canonical(other.results.measures))
  }

  func testReportHasItsPartsForUnits() throws {
    let outcome = try run(rows(seed: 2, days: 120), settings: ["horizon: 14", "networks: auto"]) { try $0.run() }
    XCTAssertEqual(
      outcome.results.parts.map(\.identifier), ["plan", "what-if", "orders", "forecast", "test", "series"])
    XCTAssertTrue("\(outcome.results.parts)".contains("were left out: 3 series and sums"), "why there are no networks")
    XCTAssertLessThanOrEqual(outcome.value("plan-cost"), outcome.value("plan-cost-on-mean") * 1.0002)
    for name in ["proven-cost", "proven-cost-last-season", "proven-cost-season-mean", "total-mae-season-mean"] {
      XCTAssertTrue(outcome.value(name).isFinite, name)
    }
  }

  /// Calls of a desk that is open from 8 to 18 on working days, with a day on which it was closed.
  func testCallsAreJudgedWhereItIsOpen() throws {
    for seed in checkSeeds.prefix(1) {
      var random = RandomKey(seed: seed)["calls"].stream()
      let calls =
        ["time,calls"]
        + (0..<49).flatMap { day -> [String] in
          if day % 7 >= 5 || day == 37 { return [] }
          let rate = random.gamma(shape: 100, scale: 0.01) * (day % 7 == 0 ? 1.3 : 1)
          return (16..<36).map { slot in
            let mean = rate * (80 + 50 * sin(Double(slot - 16) / 19 * .pi))
            return
              "\(CapacityProject.moment(day: day, hour: slot / 2, minute: slot % 2 * 30)),\(random.poisson(mean: mean))"
          }
        }
      try withTemporaryFolder { folder in
        let project = try CapacityProject(
          folder, rows: calls, columns: ["time: time", "demand: calls"],
          settings: ["step: half hour", "horizon: 336", "tests: 1", "no record means: zero", "plan: calls"],
          value: ["wage: 28"])
        assertFinding(.note, saying: ["1 day without any demand", "2024-02-07"], in: try project.findings())
        let outcome = try project.run()
        // Poisson numbers around 110 with days that vary by a tenth are off by ten to fifteen.
        XCTAssertLessThan(outcome.value("total-mae"), 20)
        XCTAssertLessThan(outcome.value("total-mae"), outcome.value("total-mae-last-season"))
        XCTAssertLessThan(outcome.value("total-mae"), 1.1 * outcome.value("total-mae-season-mean"))
        XCTAssertGreaterThanOrEqual(outcome.value("answered-in-time"), 0.8)
        XCTAssertGreaterThanOrEqual(outcome.value("most-people-erlang-c"), outcome.value("most-people"))
        XCTAssertGreaterThan(outcome.value("proven-cost"), 0.9 * outcome.value("proven-cost-known"))
        XCTAssertGreaterThan(outcome.value("proven-answered"), 0.7)
        XCTAssertEqual(
          outcome.results.parts.map(\.identifier), ["plan", "short", "proven", "what-if", "forecast", "test"])
        XCTAssertTrue(outcome.results.headline.contains("the shifts of 5 days"), outcome.results.headline)
      }
    }
  }
}
