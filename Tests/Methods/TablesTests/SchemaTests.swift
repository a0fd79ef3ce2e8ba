import Basics
import Tables
import XCTest

/// Conforming, converting, appending, hashing.
final class SchemaTests: XCTestCase {
  private let trained = Schema(fields: [
    .init(name: "x", kind: .float), .init(name: "c", kind: .category, levels: ["a", "1", "2.0"]),
    .init(name: "d", kind: .dateTime), .init(name: "b", kind: .boolean),
  ])

  private func table(_ x: ColumnValues, _ c: ColumnValues) throws -> Table {
    try Table([
      Column("extra", .integer([9, 9])), Column("c", c), Column("x", x),
      Column("b", .category(CategoryValues(["yes", "no"]))), Column("d", .text(TextValues(["2020-01-31", nil]))),
    ])
  }

  func testColumnsAreConverted() throws {
    let result = try table(.integer([1, 2]), .integer([1, 2])).conforming(to: trained)
    XCTAssertEqual(result.names, ["x", "c", "d", "b"])
    XCTAssertEqual(try result.column("x").numbers(), [1, 2])
    XCTAssertEqual(result["c"]?.values, .category(CategoryValues(codes: [1, 2], levels: ["a", "1", "2.0"])))
    XCTAssertEqual(result["d"]?.values, .dateTime([1_580_428_800_000_000, Column.missingInteger]))
    XCTAssertEqual(result["b"]?.values, .boolean([1, 0]))
  }

  func testUnknownLevelsFollowTheKnown() throws {
    let result = try table(.text(TextValues(["1.5", nil])), .category(CategoryValues(["new", "a"])))
      .conforming(to: trained)
    XCTAssertEqual(result["c"]?.values, .category(CategoryValues(codes: [3, 0], levels: ["a", "1", "2.0", "new"])))
    let x = try result.column("x").numbers()
    XCTAssertEqual(x[0], 1.5)
    XCTAssertTrue(x[1].isNaN)
  }

  func testColumnsWithoutValuesFitEverything() throws {
    let result = try table(.category(CategoryValues([nil, nil])), .float([.nan, .nan])).conforming(to: trained)
    XCTAssertEqual(result["x"]?.missingCount, 2)
    XCTAssertEqual(result["c"]?.values, .category(CategoryValues(codes: [-1, -1], levels: ["a", "1", "2.0"])))
  }

  func testErrorsNameColumnRowAndValue() throws {
    expectError(.schema, containing: "\"x\"") {
      _ = try Table([Column("c", .integer([1]))]).conforming(to: self.trained)
    }
    expectError(.schema, containing: "\"x\"", "row 2", "\"abc\"") {
      _ = try self.table(.text(TextValues(["1", "abc"])), .integer([1, 2])).conforming(to: self.trained)
    }
  }

  func testReadOptionsKeepSpelling() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("p.csv", "c,x\n1.00,3\n01,4\n")
      let schema = Schema(fields: [.init(name: "c", kind: .category, levels: ["01", "1.00"])])
      let table = try TableReader.read(path, options: schema.readOptions()).conforming(to: schema)
      XCTAssertEqual(table["c"]?.values, .category(CategoryValues(codes: [1, 0], levels: ["01", "1.00"])))
    }
  }

  func testTextOfValues() {
    XCTAssertEqual(Column("a", .float([0.1, .infinity, 1e300])).text(at: 0), "0.1")
    XCTAssertEqual(Column("a", .integer([-7])).text(at: 0), "-7")
    XCTAssertNil(Column("a", .float([.nan])).text(at: 0))
    XCTAssertEqual(Column("a", .boolean([1])).text(at: 0), "true")
    for (text, micro) in [
      ("1970-01-01", 0), ("1969-12-31T23:59:59.500000", -500_000), ("2020-02-29", 1_582_934_400_000_000),
      ("2000-03-01T01:02:03", 951_872_523_000_000),
    ] as [(String, Int64)] {
      XCTAssertEqual(Column("a", .dateTime([micro])).text(at: 0), text)
      XCTAssertEqual(DateTime.parse(text), micro)
    }
    for days in stride(from: Int64(-700_000), to: 800_000, by: 1237) {
      let moment = days * 86_400_000_000 + 1
      XCTAssertEqual(DateTime.parse(DateTime.text(moment)), moment)
    }
  }

  func testDistinctCounts() throws {
    let table = try randomTable(rows: 2000, seed: 9)
    for column in table.columns {
      XCTAssertEqual(column.distinctCount, Set((0..<2000).compactMap { column.text(at: $0) }).count, column.name)
    }
  }

  func testAppending() throws {
    let a = try Table([Column("c", .category(CategoryValues(["x", "y"]))), Column("n", .integer([1, 2]))])
    let b = try Table([Column("n", .float([0.5])), Column("c", .category(CategoryValues(["z"])))])
    let both = try a.appending(b)
    XCTAssertEqual(both["c"]?.values, .category(CategoryValues(["x", "y", "z"])))
    XCTAssertEqual(both["n"]?.values, .float([1, 2, 0.5]))
    let table = try randomTable(rows: 500, seed: 4)
    let split = try table.selecting(rows: Array(0..<200)).appending(table.selecting(rows: Array(200..<500)))
    XCTAssertEqual(split, table)
    expectError(.schema, containing: "\"n\"") { _ = try a.appending(Table([Column("c", .integer([1]))])) }
  }

  func testContentHash() throws {
    let table = try randomTable(rows: 300, seed: 1)
    XCTAssertEqual(table.contentHash().count, 64)
    XCTAssertEqual(table.contentHash(), try randomTable(rows: 300, seed: 1).contentHash())
    var hashes = [table.contentHash(), table.selecting(rows: (0..<300).reversed()).contentHash()]
    for (position, column) in table.columns.enumerated() {
      var columns = table.columns
      columns[position] = Column(column.name + "2", column.values)
      hashes.append(try Table(columns).contentHash())
      let other = try XCTUnwrap((1..<300).first { column.text(at: $0) != column.text(at: 0) })
      columns[position] = column.selecting(rows: [other] + Array(1..<300))
      hashes.append(try Table(columns).contentHash())
    }
    XCTAssertEqual(Set(hashes).count, hashes.count)
  }
}
