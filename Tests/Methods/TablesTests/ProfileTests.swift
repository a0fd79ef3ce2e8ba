import Basics
import Tables
import XCTest

/// Profiles in memory and piece by piece.
final class ProfileTests: XCTestCase {
  func testKnownAnswers() throws {
    // Quantiles as numpy.quantile (linear), deviation as numpy.std with ddof = 1.
    let table = try Table([
      Column("x", .integer([1, 2, 2, 3, 100, Column.missingInteger])),
      Column("y", .float([1, 2, 2, 3, 100, .nan])),
      Column("c", .category(CategoryValues(["b", "a", "b", nil, "b", "b"]))),
      Column("t", .text(TextValues(["b", "a", "b", nil, "b", "b"]))),
      Column("e", .float([.nan, .nan, .nan, .nan, .nan, .nan])),
      Column("i", .float([1, .infinity, 2, 3, -.infinity, 5])),
    ])
    let profile = try table.profile()
    let x = profile.columns[0]
    XCTAssertEqual(x.missing, 1)
    XCTAssertEqual(x.distinct, 4)
    XCTAssertEqual(try XCTUnwrap(x.mean), 21.6, accuracy: 1e-12)
    XCTAssertEqual(try XCTUnwrap(x.deviation), 43.83263624, accuracy: 1e-8)
    let quantiles = try XCTUnwrap(x.quantiles)
    for (quantile, expected) in zip(quantiles, [1, 1.04, 1.2, 2, 2, 3, 80.6, 96.12, 100]) {
      XCTAssertEqual(quantile, expected, accuracy: 1e-12)
    }
    XCTAssertEqual(x.outliers, 1)
    XCTAssertEqual(x.histogram?.reduce(0, +), 3)
    XCTAssertEqual(x.topValues[0], .init(value: "2", count: 2))
    XCTAssertEqual(profile.columns[2].topValues, [.init(value: "b", count: 4), .init(value: "a", count: 1)])
    XCTAssertEqual(profile.columns[3].topValues, profile.columns[2].topValues)
    XCTAssertNil(profile.columns[4].mean)
    XCTAssertNil(profile.columns[4].quantiles)
    XCTAssertEqual(profile.columns[5].mean, 2.75)
    XCTAssertEqual(profile.columns[5].outliers, 2)
    XCTAssertEqual(profile.duplicateColumns, [["x", "y"], ["c", "t"]])
    XCTAssertEqual(profile.repeatedRows, 0)
  }

  func testNotesOnMixedValues() throws {
    let dates = (1...28).map { $0 % 2 == 0 ? "2020-01-\($0)" : "\($0).1.2020" }
    let numbers = (1...99).map { "\($0)" } + ["12 km"]
    let words = (1...50).map { "word \($0)" }
    for (texts, expected) in [(dates, "dates"), (numbers, "\"12 km\""), (words, nil)] as [([String], String?)] {
      for values in [ColumnValues.text(TextValues(texts)), .category(CategoryValues(texts))] {
        let note = try Table([Column("a", values)]).profile().columns[0].note
        XCTAssertEqual(note == nil, expected == nil)
        if let expected { XCTAssertTrue(try XCTUnwrap(note).contains(expected), note ?? "") }
      }
    }
  }

  func testRepeatedRows() throws {
    let table = try randomTable(rows: 500, seed: 8)
    XCTAssertEqual(try table.profile().repeatedRows, 0)
    let rows = Array(0..<500) + [3, 3, 17]
    XCTAssertEqual(try table.selecting(rows: rows).profile().repeatedRows, 3)
  }

  func testDrift() throws {
    for seed in [1, 7, 2026] as [UInt64] {
      var stream = RandomKey(seed: seed).stream()
      let n = 3000
      let order = stream.permutation(of: n)
      func column(_ name: String, _ value: (Int) -> Double) -> Column {
        Column(name, .float(order.map { value($0) }))
      }
      let table = try Table([
        Column("time", .dateTime(order.map { Int64($0) * 1_000_000 })),
        column("still") { _ in stream.normal() }, column("moving") { stream.normal() + Double($0) / 1000 },
        Column("level", .category(CategoryValues(order.map { $0 < n / 2 ? "early" : "late" }))),
      ])
      let profile = try table.profile(time: "time")
      XCTAssertNil(profile.columns[0].drift)
      XCTAssertLessThan(try XCTUnwrap(profile.columns[1].drift), 0.1)
      XCTAssertGreaterThan(try XCTUnwrap(profile.columns[2].drift), 0.25)
      XCTAssertGreaterThan(try XCTUnwrap(profile.columns[3].drift), 1)
      XCTAssertNil(try table.profile().columns[2].drift)
      XCTAssertEqual(try table.profile(time: "time", threads: 3), profile)
    }
    expectError(.schema, containing: "\"tme\"", "time") {
      _ = try Table([Column("time", .integer([1]))]).profile(time: "tme")
    }
  }

  func testPieceByPieceAgreesWithTheWhole() throws {
    try withTemporaryFolder { folder in
      let rows = 120_000
      var stream = RandomKey(seed: 4).stream()
      let table = try Table([
        Column("x", .float((0..<rows).map { _ in stream.normal() * 10 })),
        Column("same", .float((0..<rows).map { Double($0 % 1000) })),
        Column("copy", .integer((0..<rows).map { Int64($0 % 1000) })),
        Column("c", .category(CategoryValues((0..<rows).map { "k\(min($0 % 97, 20))" }))),
        Column("id", .text(TextValues((0..<rows).map { "id \($0)" }))),
      ])
      let path = folder.path + "/t.parquet"
      try TableWriter.write(table, to: path)
      let whole = try table.profile()
      let sketch = try TableReader.profile(path, threads: 2)
      XCTAssertEqual(sketch.rowCount, rows)
      XCTAssertEqual(sketch.repeatedRows, 0)
      XCTAssertEqual(sketch.duplicateColumns, [["same", "copy"]])
      for (a, b) in zip(whole.columns, sketch.columns) {
        XCTAssertEqual(a.kind, b.kind, a.name)
        XCTAssertEqual(a.missing, b.missing, a.name)
        XCTAssertEqual(Double(a.distinct), Double(b.distinct), accuracy: 0.03 * Double(a.distinct), a.name)
        XCTAssertEqual(a.mean ?? 0, b.mean ?? 0, accuracy: 1e-9, a.name)
        XCTAssertEqual(a.deviation ?? 0, b.deviation ?? 0, accuracy: 1e-9, a.name)
        XCTAssertEqual(a.quantiles?.first, b.quantiles?.first)
        XCTAssertEqual(a.quantiles?.last, b.quantiles?.last)
      }
      XCTAssertEqual(sketch.columns[3].topValues, whole.columns[3].topValues)
      // The rank of each quantile is right within 0.5 % of the rows.
      let sorted = try table.column("x").numbers().sorted()
      for (quantile, share) in zip(
        try XCTUnwrap(sketch.columns[0].quantiles), [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1])
      {
        let rank = Double(sorted.count { $0 < quantile }) / Double(rows)
        XCTAssertEqual(rank, share, accuracy: 0.005)
      }
    }
  }
}
