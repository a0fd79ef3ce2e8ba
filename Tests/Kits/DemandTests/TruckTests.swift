import Basics
import Checks
import Demand
import Experiments
import Foundation
import Planning
import Projects
import Tables
import TimeSeries
import XCTest

/// The kit for trucks that carry parcels: other nouns, and forecasts without a plan.
final class TruckTests: XCTestCase {
  /// Parcels on weekdays and fewer at weekends, with noise.
  private func records(days: Int, seed: UInt64) throws -> DemandRecords {
    var random = RandomKey(seed: seed)["parcels"].stream()
    let parcels = (0..<days).map { day in (day % 7 < 5 ? 100.0 : 40) + (8 * random.normal()).rounded() }
    return try DemandRecords(times: (0..<days).map { Double(19_000 + $0) * 86_400 }, demand: parcels)
  }

  private func study(
    _ folder: String, _ problem: DemandProblem
  ) throws -> (outcome: DemandStudy.Outcome, findings: [ProjectFinding]) {
    let records = try records(days: 140, seed: 3)
    let recorded = try RecordedPanel(records.records, rules: Regularization())
    let panel = try DemandPanel(records, recorded, settings: DemandSettings(horizon: problem.horizon))
    let (project, data) = try emptyProject(in: folder)
    let context = ProjectContext(budget: 60, threads: 2)
    let outcome = try DemandStudy(panel, problem).run(context, keeping: ProjectStore(project, data, context))
    return (outcome, DemandCheck(records, panel, problem).findings())
  }

  func testTrucksArePlannedAndToldAsSuch() throws {
    try withTemporaryFolder { folder in
      var problem = DemandProblem(horizon: 14)
      var costs = CapacityProblem(holdingCost: 50, shortageCost: 10)
      costs.unitSize = 20
      problem.plan = .units(costs, now: 5)
      problem.nouns = DemandNouns(demand: "traffic", unit: "truck")
      problem.currency = "EUR"
      problem.assumed = [("shortage", 10)]
      let (outcome, findings) = try study(folder, problem)
      // A missing parcel costs 10 and a truck carries 20 for 50: five trucks on weekdays, two or three at weekends.
      let units = try XCTUnwrap(outcome.units)
      XCTAssertGreaterThanOrEqual(units.comparison.best.units.max() ?? 0, 5)
      XCTAssertTrue(findings.contains { $0.words.contains("shortage 10") })
      let run = RunSummary(
        identifier: "", started: "", seconds: 0, version: "", seed: 1, threads: 2, machine: "", dataHash: "",
        command: "",
        wasInterrupted: false)
      let told = DemandStory(outcome, problem).told(
        in: ProjectResults(solution: "trucks", title: "Trucks", data: "", run: run, headline: "Have trucks."))
      let text = String(decoding: try JSONEncoder().encode(told.results), as: UTF8.self)
      for words in ["a truck serves", "trucks come at once", "fewest trucks", "traffic 10 % higher"] {
        XCTAssertTrue(text.contains(words), words)
      }
      XCTAssertFalse(text.contains("demand 10 %"))
      XCTAssertEqual(told.summary.first, "Have trucks.")
    }
  }

  func testForecastsStandWithoutAPlanAndAreKept() throws {
    try withTemporaryFolder { folder in
      let (outcome, findings) = try study(folder, DemandProblem(horizon: 14))
      XCTAssertNil(outcome.units)
      XCTAssertNil(outcome.calls)
      XCTAssertFalse(findings.contains { $0.level != .note }, "\(findings)")
      // A weekday and a Sunday differ by 60 with noise of 8: whoever sees the week errs by far less than by the mean.
      XCTAssertLessThan(outcome.test.rows[0].scaledError, 1.2)
      let path = folder + "/forecasts"
      try KeptForecasts(outcome, budget: 60).save(to: path)
      let table = try XCTUnwrap(KeptForecasts(contentsOf: path)).table(level: 0.9, demand: "parcels")
      XCTAssertEqual(table.rowCount, 14)
      XCTAssertEqual(try table.column("parcels").numbers(), outcome.ahead.forecasts[0].point)
      try Data("no forecasts".utf8).write(to: URL(fileURLWithPath: path))
      XCTAssertThrowsError(try KeptForecasts(contentsOf: path))
      XCTAssertNil(try KeptForecasts(contentsOf: folder + "/nothing"))
    }
  }
}
