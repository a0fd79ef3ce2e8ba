import Basics
import Evaluation
import Experiments
import XCTest

/// What `results.json` says about intervals that are not known.
final class ProjectResultsTests: XCTestCase {
  private func text(_ value: some Encodable) throws -> String {
    String(decoding: try CanonicalJSON.encode(value), as: UTF8.self)
  }

  func testBoundsAreLeftOutWhereNoneAreKnown() throws {
    let measure = ProjectResults.Measure("rmse", 12.5, unit: "cycles")
    XCTAssertEqual(try text(measure), #"{"name":"rmse","unit":"cycles","value":{"value":12.5}}"#)
    let back = try CanonicalJSON.decode(ProjectResults.Measure.self, from: try CanonicalJSON.encode(measure))
    XCTAssertEqual(back.value.value, 12.5)
    XCTAssertFalse(back.value.hasInterval)
    let known = ProjectResults.Measure("auc", Estimate(0.8, lower: 0.7, upper: 0.9))
    XCTAssertEqual(try CanonicalJSON.decode(ProjectResults.Measure.self, from: try CanonicalJSON.encode(known)), known)
  }

  func testOldFilesAreRead() throws {
    let old = #"{"name":"rmse","unit":"","value":{"lower":12.5,"upper":12.5,"value":12.5}}"#
    let measure = try CanonicalJSON.decode(ProjectResults.Measure.self, from: Array(old.utf8))
    XCTAssertEqual(measure.value.value, 12.5)
    XCTAssertTrue(measure.value.lower.isNaN)
    for text in [#"{"value":1,"lower":null,"upper":null}"#, #"{"value":1,"lower":"NaN","upper":"NaN"}"#] {
      XCTAssertFalse(try CanonicalJSON.decode(Estimate.self, from: Array(text.utf8)).hasInterval)
    }
  }

  func testSharesOfCountsHaveWilsonIntervals() {
    // 8 of 10: scipy.stats.binomtest(8, 10).proportion_ci(method="wilson") is 0.4901625, 0.9433178.
    let share = ProjectResults.Measure("precision", count: 8, of: 10).value
    XCTAssertEqual(share.value, 0.8)
    XCTAssertEqual(share.lower, 0.4901625, accuracy: 1e-6)
    XCTAssertEqual(share.upper, 0.9433178, accuracy: 1e-6)
    XCTAssertTrue(ProjectResults.Measure("precision", count: 0, of: 0).value.value.isNaN)
  }
}
