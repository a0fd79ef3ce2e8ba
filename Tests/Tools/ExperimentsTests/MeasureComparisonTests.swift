import Basics
import Checks
import Evaluation
import Experiments
import Foundation
import XCTest

/// Runs that keep no results row by row, side by side.
final class MeasureComparisonTests: XCTestCase {
  private func record(_ name: String, target: String = "capacity", seed: UInt64 = 7, values: [Double]) -> RunRecord {
    var run = RunRecord(
      identifier: name, command: target, started: Date(timeIntervalSince1970: 1e9), data: "d.csv", dataHash: "abc",
      target: target, task: "regression", metric: "error", version: "1", seed: seed)
    run.metrics = [
      RunMetric(
        "error", model: "m", part: .test, interval: Estimate(values[0], lower: values[0] - 1, upper: values[0] + 1)),
      RunMetric("cost", model: "m", part: .test, interval: Estimate(values[1], lower: values[1], upper: values[1])),
      RunMetric("only-\(name)", model: "m", part: .test, value: 0),
    ]
    run.state = .finished
    return run
  }

  private func withLedger(_ runs: [RunRecord], _ body: (Ledger) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let ledger = try Ledger(path: folder + "/ledger.sqlite")
      for run in runs { try ledger.insert(run) }
      try body(ledger)
    }
  }

  func testMeasuresOfBothWithTheirIntervals() throws {
    let runs = [record("a", values: [5, 20]), record("b", seed: 8, values: [6, 30])]
    try withLedger(runs) { ledger in
      let found = try XCTUnwrap(try MeasureComparison.between("a", "b", ledger: ledger))
      XCTAssertEqual(found.measures.map(\.name), ["error", "cost"])
      XCTAssertEqual([found.measures[0].first.lower, found.measures[0].second.upper], [4, 7])
      XCTAssertEqual([found.measures[1].first.value, found.measures[1].second.value], [20, 30])
      XCTAssertTrue(found.measures[1].first.lower.isNaN)
      XCTAssertTrue(found.notes[0].contains("No test of the difference is possible"))
      XCTAssertTrue(found.notes[1].contains("7 and 8"))
    }
  }

  func testRunsWithRowsAreLeftToTheTest() throws {
    var folds = record("a", values: [1, 2])
    folds.foldsHash = "f"
    try withLedger([folds, record("b", values: [1, 2])]) { ledger in
      XCTAssertNil(try MeasureComparison.between("a", "b", ledger: ledger))
    }
  }

  func testOtherProblemsAndRunsWithoutResults() throws {
    var failed = record("c", values: [1, 2])
    failed.metrics = []
    failed.state = .failed
    try withLedger([record("a", values: [1, 2]), record("b", target: "maintenance", values: [1, 2]), failed]) {
      ledger in
      assertAssayError(.configuration, saying: ["maintenance", "one problem"]) {
        try MeasureComparison.between("a", "b", ledger: ledger)
      }
      assertAssayError(.configuration, saying: ["run c has no result (failed)"]) {
        try MeasureComparison.between("a", "c", ledger: ledger)
      }
    }
  }

  func testTargets() throws {
    try withLedger([record("a", values: [1, 2]), record("b", target: "fraud", values: [1, 2])]) { ledger in
      XCTAssertEqual(try ledger.targets(), ["capacity", "fraud"])
    }
  }
}
