import Basics
import Checks
import Evaluation
import Experiments
import Foundation
import Tables
import XCTest

/// Runs whose labels are known only after some days.
final class LabelDelayTests: XCTestCase {
  private static let days = 40

  /// Twenty rows a day; the label follows `x` with noise.
  private func run(delay: Double, seed: UInt64) throws -> ExperimentResults {
    var random = RandomKey(seed: seed).stream()
    let count = 20 * Self.days
    let x = (0..<count).map { _ in random.normal() }
    let table = try Table([
      Column("day", .dateTime((0..<count).map { Int64($0 / 20) * 86_400_000_000 })),
      Column("x", .float(x)),
      Column("y", .integer(x.map { $0 + 0.5 * random.normal() > 0 ? 1 : 0 })),
    ])
    return try withTemporaryFolder { folder in
      try TableWriter.write(table, to: folder + "/t.csv")
      var request = TrainingRequest(data: folder + "/t.csv", target: "y")
      request.time = "day"
      request.labelDelay = delay * 86_400
      request.candidateLimit = 2
      request.budget = 60
      request.threads = 2
      request.seed = seed
      return try TrainingRun(request: request, output: folder + "/out").execute()
    }
  }

  func testCandidatesAreJudgedWithTheDelayWhereTheRowsAllowIt() throws {
    for seed in checkSeeds.prefix(2) {
      let results = try run(delay: 3, seed: seed)
      XCTAssertFalse(results.problem.split.contains("left aside"), results.problem.split)
      XCTAssertTrue(results.problem.split.contains("3 blocks"), results.problem.split)
    }
  }

  func testADelayLongerThanTheRowsIsLeftAsideAndSaid() throws {
    for seed in checkSeeds.prefix(2) {
      // The test begins on day 32, so seven days are left to learn from: none of them is 25 days before another.
      let results = try run(delay: 25, seed: seed)
      XCTAssertTrue(
        results.problem.split.contains("the label delay was left aside there"), results.problem.split)
      // It learns all the same: of a fair coin the measure would be about a half.
      let auc = try XCTUnwrap(results.metrics.first { $0.name == "roc-auc" }).value.value
      XCTAssertGreaterThan(auc, 0.8)
      // No row to learn from is younger than the delay before the test.
      XCTAssertLessThanOrEqual(results.problem.trainingRows, 8 * 20)
    }
  }

  func testADelayThatLeavesNothingToLearnFromIsAnError() throws {
    XCTAssertThrowsError(try run(delay: 50, seed: 1)) { error in
      XCTAssertEqual((error as? AssayError)?.kind, .data, "\(error)")
    }
  }
}
