import Basics
import Checks
import Sequences
import Tables
import XCTest

final class SequenceReadingTests: XCTestCase {
  private func table(_ units: [String], _ times: [Int64], _ values: [Double]) throws -> Table {
    try Table([
      Column("machine", .text(TextValues(units))), Column("hour", .integer(times)), Column("heat", .float(values)),
    ])
  }

  func testRowsAreSortedByUnitAndTimeWithAWayBack() throws {
    let table = try table(["b", "a", "b", "a"], [2, 1, 1, 5], [1, 2, 3, 4])
    let units = try SequenceReading(unit: "machine", time: "hour").read(table)
    XCTAssertEqual(units.units.map(\.name), ["b", "a"])
    XCTAssertEqual(units.units.map(\.rows), [0..<2, 2..<4])
    XCTAssertEqual(units.channels, ["heat"])
    XCTAssertEqual(units.values, [[3, 1, 2, 4]])
    XCTAssertEqual(units.times, [1, 2, 1, 5])
    XCTAssertEqual(units.sourceRows, [2, 0, 1, 3])
    XCTAssertEqual(units.findings.map(\.kind), [.backwardTimes])
    XCTAssertEqual(units.unitOfRow, [0, 0, 1, 1])
    XCTAssertEqual(units.lastRows, [1, 3])
  }

  func testBackwardTimesAreRefusedOnDemand() throws {
    var reading = SequenceReading(unit: "machine", time: "hour")
    reading.backwardTimes = .refuse
    let table = try table(["a", "a"], [2, 1], [1, 2])
    assertAssayError(.data, saying: ["unit \"a\"", "row 1", "row 2"]) { try reading.read(table) }
  }

  func testRepeatedTimes() throws {
    let table = try table(["a", "a", "a", "a"], [1, 2, 2, 3], [1, 2, 4, .nan])
    var reading = SequenceReading(unit: "machine", time: "hour")
    assertAssayError(.data, saying: ["unit \"a\"", "rows 2 and 3"]) { try reading.read(table) }
    reading.repeatedTimes = .last
    var units = try reading.read(table)
    XCTAssertEqual(Array(units.values[0].prefix(2)), [1, 4])
    XCTAssertTrue(units.values[0][2].isNaN)
    reading.repeatedTimes = .mean
    units = try reading.read(table)
    XCTAssertEqual(Array(units.values[0].prefix(2)), [1, 3])
    XCTAssertEqual(units.findings.map(\.kind), [.repeatedTimes])
  }

  func testSingleRowsAndGapsAreNoted() throws {
    let table = try table(["a", "b", "b", "b", "b"], [1, 1, 2, 3, 40], [1, 2, 3, 4, 5])
    var reading = SequenceReading(unit: "machine", time: "hour")
    let units = try reading.read(table)
    XCTAssertEqual(units.findings.map(\.kind), [.singleRow, .gap])
    XCTAssertEqual(units.findings.map(\.unit), ["a", "b"])
    reading.gaps = .refuse
    assertAssayError(.data, saying: ["unit \"b\"", "37"]) { try reading.read(table) }
  }

  func testWhatCannotBeRead() throws {
    let good = try table(["a", "a"], [1, 2], [1, 2])
    assertAssayError(.schema, saying: ["machin"]) { try SequenceReading(unit: "machin", time: "hour").read(good) }
    assertAssayError(.schema, saying: ["times are numbers"]) {
      try SequenceReading(unit: "hour", time: "machine").read(good)
    }
    assertAssayError(.schema, saying: ["channels are numbers"]) {
      try SequenceReading(unit: "hour", time: "heat", channels: ["machine"]).read(good)
    }
    let noTime = try table(["a", "a"], [1, Column.missingInteger], [1, 2])
    assertAssayError(.data, saying: ["row 2", "hour"]) {
      try SequenceReading(unit: "machine", time: "hour").read(noTime)
    }
    let infinite = try table(["a", "a"], [1, 2], [1, .infinity])
    assertAssayError(.data, saying: ["heat", "row 2"]) {
      try SequenceReading(unit: "machine", time: "hour").read(infinite)
    }
    assertAssayError(.data, saying: ["no rows"]) {
      try SequenceReading(unit: "machine", time: "hour").read(good.selecting(rows: []))
    }
    assertAssayError(.schema, saying: ["no channel", "heat"]) {
      try SequenceReading(unit: "machine", time: "hour").read(good).channel("cold")
    }
  }

  func testTruncationKeepsTheBeginningOfEachUnit() throws {
    let table = try table(["a", "a", "a", "b", "b"], [1, 2, 3, 1, 2], [1, 2, 3, 4, 5])
    let units = try SequenceReading(unit: "machine", time: "hour").read(table)
    let cut = units.truncated(to: [2, 1])
    XCTAssertEqual(cut.values, [[1, 2, 4]])
    XCTAssertEqual(cut.units.map(\.rows), [0..<2, 2..<3])
    XCTAssertEqual(cut.sourceRows, [0, 1, 3])
    XCTAssertEqual(units.selecting(units: [1]).values, [[4, 5]])
  }
}
