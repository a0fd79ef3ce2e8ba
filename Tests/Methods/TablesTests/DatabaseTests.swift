import Basics
import Foundation
import Tables
import XCTest

/// SQL, Parquet and JSON through DuckDB.
final class DatabaseTests: XCTestCase {
  private func column(_ sql: String, threads: Int = 1) throws -> Column {
    try XCTUnwrap(try DuckDB(threads: threads).query("SELECT \(sql) AS a", threads: threads).columns.first)
  }

  func testTypes() throws {
    let day: Int64 = 86_400_000_000
    for (sql, expected) in [
      ("1::TINYINT", .integer([1])), ("300::USMALLINT", .integer([300])), ("-5::BIGINT", .integer([-5])),
      ("18446744073709551615::UBIGINT", .float([0x1p64])), ("7::HUGEINT", .integer([7])),
      ("-170141183460469231731687303715884105727::HUGEINT", .float([-0x1p127])), ("sum(3::BIGINT)", .integer([3])),
      ("1.25::DECIMAL(9,2)", .float([1.25])),
      ("-12345678901234567890.5::DECIMAL(38,1)", .float([-12345678901234567890.5])),
      ("9::DECIMAL(18,0)", .integer([9])), ("0.1::DOUBLE", .float([0.1])), ("true", .boolean([1])),
      ("DATE '1970-01-03'", .dateTime([2 * day])), ("TIMESTAMP '1969-12-31 23:59:59.5'", .dateTime([-500_000])),
      ("TIMESTAMP_S '1970-01-02 00:00:01'", .dateTime([day + 1_000_000])),
      ("TIMESTAMP_MS '1970-01-02 00:00:01'", .dateTime([day + 1_000_000])),
      ("TIMESTAMP_NS '1970-01-02 00:00:01'", .dateTime([day + 1_000_000])),
      ("TIMESTAMPTZ '1970-01-02 01:00:00+01'", .dateTime([day])),
      ("'x'::ENUM('y', 'x')", .category(CategoryValues(["x"]))),
      ("TIME '12:30:00'", .category(CategoryValues(["12:30:00"]))),
      ("[1, NULL]", .category(CategoryValues(["[1,null]"]))),
      ("{'b': 1.5, 'c': 'q'}", .category(CategoryValues([#"{"b":1.5,"c":"q"}"#]))),
      (
        "'00000000-0000-0000-0000-000000000007'::UUID",
        .category(CategoryValues(["00000000-0000-0000-0000-000000000007"]))
      ),
      ("'a longer text than twelve bytes'", .category(CategoryValues(["a longer text than twelve bytes"]))),
      ("''", .category(CategoryValues([""]))),
    ] as [(String, ColumnValues)] {
      XCTAssertEqual(try column(sql).values, expected, sql)
    }
  }

  func testMissingValuesOfEveryType() throws {
    for type in [
      "TINYINT", "BIGINT", "HUGEINT", "DECIMAL(9,2)", "DOUBLE", "FLOAT", "BOOLEAN", "DATE", "TIMESTAMP",
      "VARCHAR", "INTEGER[]",
    ] {
      let table = try DuckDB().query("SELECT NULL::\(type) AS a UNION ALL SELECT NULL::\(type)")
      XCTAssertEqual(table.columns[0].missingCount, 2, type)
    }
  }

  func testOrderAndValuesOfManyRowsWithAnyNumberOfThreads() throws {
    let sql = """
      SELECT range AS i, range * 0.5 AS x, CASE WHEN range % 7 = 0 THEN NULL ELSE 'level ' || range % 13 END AS c,
        'text ' || range AS t FROM range(300000)
      """
    let one = try DuckDB().query(sql)
    XCTAssertEqual(one.rowCount, 300_000)
    XCTAssertEqual(one["i"]?.values, .integer((0..<300_000).map { Int64($0) }))
    XCTAssertEqual(one["t"]?.kind, .text)
    XCTAssertEqual(one["t"]?.text(at: 299_999), "text 299999")
    XCTAssertNil(one["c"]?.text(at: 7))
    XCTAssertEqual(one["c"]?.text(at: 14 + 1), "level 2")
    XCTAssertEqual(try DuckDB(threads: 3).query(sql, threads: 3), one)
  }

  func testRegisteredTablesComeBack() throws {
    let table = try randomTable(rows: 5000, seed: 3)
    let database = try DuckDB()
    try database.register(table, as: "my \"table\"")
    XCTAssertEqual(try database.query("SELECT * FROM \"my \"\"table\"\"\""), table)
    let total = try database.query("SELECT count(*) AS n, count(f) AS present FROM \"my \"\"table\"\"\"")
    XCTAssertEqual(total["n"]?.values, .integer([5000]))
  }

  func testErrorsOfQueries() throws {
    expectError(.configuration, containing: "nothere") { _ = try DuckDB().query("SELECT * FROM nothere") }
    expectError(.configuration, containing: "syntax") { _ = try DuckDB().query("SELEC 1") }
    expectError(.format, containing: "Could not convert") {
      _ = try DuckDB().query("SELECT (CASE WHEN range = 250000 THEN 'x' ELSE '1' END)::INTEGER FROM range(300000)")
    }
    expectError(.schema, containing: "two columns", "a") { _ = try DuckDB().query("SELECT 1 AS a, 2 AS a") }
  }

  func testSQLOverSources() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("a.csv", "city,amount\nBerlin,3\nParis,4\nBerlin,5\n")
      let options = ReadOptions(sql: "SELECT city, sum(amount) AS total FROM data GROUP BY city ORDER BY city")
      let expected = try Table([
        Column("city", .category(CategoryValues(["Berlin", "Paris"]))), Column("total", .integer([8, 4])),
      ])
      XCTAssertEqual(try TableReader.read(path, options: options), expected)
      let parquet = folder.path + "/it's [1].parquet"
      try TableWriter.write(try TableReader.read(path), to: parquet)
      XCTAssertEqual(try TableReader.read(parquet, options: options), expected)
      XCTAssertEqual(
        try TableReader.read("sql:SELECT amount FROM '\(path)' WHERE amount > 3")["amount"]?.values, .integer([4, 5]))
    }
  }
}

/// A table with every kind of column and missing values.
func randomTable(rows: Int, seed: UInt64) throws -> Table {
  var stream = RandomKey(seed: seed).stream()
  func some<Value>(_ none: Value, _ make: () -> Value) -> [Value] {
    (0..<rows).map { _ in stream.integer(below: 10) == 0 ? none : make() }
  }
  let words = ["a", "b \"quoted\"", "c, with comma", "line\nbreak", "über"]
  var texts: [String?] = some(nil) { "text \(stream.next() % 100_000) of a length" }
  texts[0] = "first"
  var codes: [Int32] = some(-1) { Int32(stream.integer(below: words.count)) }
  for (code, row) in zip(words.indices, 0..<rows) { codes[row] = Int32(code) }
  return try Table([
    Column("i", .integer(some(Column.missingInteger) { Int64(bitPattern: stream.next()) >> 12 })),
    Column("f", .float(some(-0.25) { stream.normal() })),
    Column("b", .boolean(some(-1) { Int8(stream.integer(below: 2)) })),
    Column("c", .category(CategoryValues(codes: codes, levels: words))),
    Column("t", .text(TextValues(texts))),
    Column("d", .dateTime(some(Column.missingInteger) { Int64(stream.next() % 2_000_000_000_000_000) })),
  ])
}
