import Basics
import Checks
import Estimators
import Foundation
import Sequences
import XCTest

final class WindowTests: XCTestCase {
  private let units = UnitSequences(
    units: [.init(name: "a", rows: 0..<5), .init(name: "b", rows: 5..<7)], channels: ["x"],
    values: [[1, 2, 4, 3, 5, 10, 20]], times: [1, 2, 3, 4, 5, 7, 9])

  private func column(_ features: FeatureMatrix, _ name: String) throws -> [Float] {
    features.dense(try XCTUnwrap(features.features.firstIndex { $0.name == name }, name))
  }

  func testKnownStatistics() throws {
    var settings = WindowStatistics(lengths: [3])
    settings.firstSteps = 2
    settings.spans = [3]
    let features = try settings.features(of: units)
    XCTAssertEqual(try column(features, "x last"), [1, 2, 4, 3, 5, 10, 20])
    XCTAssertEqual(try column(features, "x minimum of 3"), [1, 1, 1, 2, 3, 10, 10])
    XCTAssertEqual(try column(features, "x maximum of 3"), [1, 2, 4, 4, 5, 10, 20])
    for (found, expected) in zip(
      try column(features, "x mean of 3"), [1, 1.5, 7.0 / 3, 3, 4, 10, 15] as [Float])
    { XCTAssertEqual(found, expected, accuracy: 1e-6) }
    XCTAssertEqual(try column(features, "x slope of 3"), [0, 1, 1.5, 0.5, 0.5, 0, 10])
    for (found, expected) in zip(
      try column(features, "x level of 3"), [1, 2, 23.0 / 6, 3.5, 4.5, 10, 20] as [Float])
    { XCTAssertEqual(found, expected, accuracy: 1e-6) }
    // The first two rows of a unit have the mean 1.5 and 15; before them, what is known of them.
    for (found, expected) in zip(
      try column(features, "x change of 3"), [0, 0, 5.0 / 6, 1.5, 2.5, 0, 0] as [Float])
    { XCTAssertEqual(found, expected, accuracy: 1e-6) }
    XCTAssertEqual(try column(features, "x mean over 3"), [1, 1.5, 2.75, 2.875, 3.9375, 10, 15])
    XCTAssertEqual(try column(features, "age"), [0, 1, 2, 3, 4, 0, 2])
    let deviations = try column(features, "x deviation of 3")
    XCTAssertEqual(deviations[1], 0.5, accuracy: 1e-6)
    XCTAssertEqual(deviations[4], Float((2.0 / 3).squareRoot()), accuracy: 1e-6)
    XCTAssertEqual(features.features.first { $0.name == "x slope of 3" }?.source, "x")
  }

  func testSeveralLengths() throws {
    let features = try WindowStatistics(lengths: [2, 3]).features(of: units)
    XCTAssertEqual(features.features.count { $0.name == "x last" }, 1)
    XCTAssertEqual(Set(features.features.map(\.name)).count, features.featureCount)
    for length in [2, 3] {
      let alone = try WindowStatistics(lengths: [length]).features(of: units)
      for name in alone.features.map(\.name) {
        XCTAssertEqual(try column(features, name), try column(alone, name), name)
      }
    }
  }

  func testWindowsWithPadding() throws {
    let features = try RawWindows(length: 3).features(of: units)
    XCTAssertEqual(features.features.map(\.name), ["x @-2", "x @-1", "x @0"])
    let oldest = features.dense(0)
    XCTAssertTrue(oldest[0].isNaN && oldest[1].isNaN && oldest[5].isNaN && oldest[6].isNaN)
    XCTAssertEqual(Array(oldest[2..<5]), [1, 2, 4])
    XCTAssertEqual(features.dense(2), units.values[0])
    var repeating = RawWindows(length: 2, spacing: 2)
    repeating.padding = .first
    let spaced = try repeating.features(of: units)
    XCTAssertEqual(spaced.features.map(\.name), ["x @-2", "x @0"])
    XCTAssertEqual(spaced.dense(0), [1, 1, 1, 2, 4, 10, 10])
  }

  /// A row's features may not change when later rows become known.
  func testNothingLaterIsLookedAt() throws {
    let all = try WearingMachines.sequences(units: 3, key: RandomKey(seed: 4))
    let cut = all.truncated(to: all.units.map { $0.rows.count / 2 })
    for (whole, part) in [
      (try WindowStatistics().features(of: all, threads: 2), try WindowStatistics().features(of: cut)),
      (try RawWindows(length: 9).features(of: all, threads: 2), try RawWindows(length: 9).features(of: cut)),
    ] {
      let rows = all.units.flatMap { $0.rows.prefix($0.rows.count / 2) }
      for feature in 0..<part.featureCount {
        let (a, b) = (whole.selecting(rows: rows).dense(feature), part.dense(feature))
        XCTAssertTrue(zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }, part.features[feature].name)
      }
    }
  }

  func testColumnsOfTheTable() throws {
    let table = try WearingMachines.table(units: 2, key: RandomKey(seed: 9))
    let shuffled = table.selecting(rows: RandomKey(seed: 1).permutation(table.rowCount))
    let units = try SequenceReading(unit: "unit", time: "cycle", channels: ["s1"]).read(shuffled)
    var settings = WindowStatistics(lengths: [4])
    settings.statistics = [.last]
    let columns = units.tableColumns(try settings.features(of: units), rowCount: shuffled.rowCount)
    let last = try XCTUnwrap(columns.first { $0.name == "s1 last" })
    XCTAssertEqual(last.numbers(), try shuffled.column("s1").numbers().map { Double(Float($0)) })
  }

  func testBadSettings() throws {
    for lengths in [[0], [], [5, 5]] {
      assertAssayError(.configuration) { try WindowStatistics(lengths: lengths).features(of: units) }
    }
    assertAssayError(.configuration) { try RawWindows(length: 3, spacing: 0).features(of: units) }
  }

  func testRemainingLife() throws {
    var target = try LifeTarget(units, .remainingLife(cap: nil))
    XCTAssertEqual(target.labels, [4, 3, 2, 1, 0, 2, 0])
    target = try LifeTarget(units, .remainingLife(cap: 2))
    XCTAssertEqual(target.labels, [2, 2, 2, 1, 0, 2, 0])
    // The second unit still ran: that 2 or more are left is known at its first row alone.
    target = try LifeTarget(units, .remainingLife(cap: 2), failed: [true, false])
    XCTAssertEqual(target.known, [0, 1, 2, 3, 4, 5])
    XCTAssertEqual(target.fails, [true, true, true, true, true, false, false])
    XCTAssertEqual(target.observed, [4, 3, 2, 1, 0, 2, 0])
  }

  func testFailureWithinAHorizon() throws {
    var target = try LifeTarget(units, .failure(within: 1))
    XCTAssertEqual(target.labels, [0, 0, 0, 1, 1, 0, 1])
    target = try LifeTarget(units, .failure(within: 1), failed: [false, true])
    XCTAssertEqual(target.known, [0, 1, 2, 3, 5, 6])
    XCTAssertEqual(target.known.map { target.labels[$0] }, [0, 0, 0, 0, 0, 1])
    assertAssayError(.data, saying: ["no unit of 2 failed"]) {
      try LifeTarget(units, .remainingLife(cap: nil), failed: [false, false])
    }
    assertAssayError(.configuration) { try LifeTarget(units, .failure(within: 0)) }
    assertAssayError(.configuration) { try LifeTarget(units, .remainingLife(cap: -1)) }
  }
}

extension RandomKey {
  fileprivate func permutation(_ count: Int) -> [Int] {
    var stream = stream()
    return stream.permutation(of: count)
  }
}
