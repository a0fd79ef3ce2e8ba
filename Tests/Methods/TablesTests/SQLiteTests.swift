import Basics
import Glibc
import Tables
import XCTest

/// Tables of SQLite files; the files are made through the system's SQLite library.
final class SQLiteTests: XCTestCase {
  private typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
  private typealias Execute =
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>, OpaquePointer?, OpaquePointer?, OpaquePointer?
    ) -> Int32
  private typealias Close = @convention(c) (OpaquePointer?) -> Int32

  private func make(_ path: String, _ sql: String) throws {
    guard let library = dlopen("libsqlite3.so.0", RTLD_LAZY) else { throw XCTSkip("there is no SQLite library") }
    var database: OpaquePointer?
    XCTAssertEqual(unsafeBitCast(dlsym(library, "sqlite3_open"), to: Open.self)(path, &database), 0)
    XCTAssertEqual(
      unsafeBitCast(dlsym(library, "sqlite3_exec"), to: Execute.self)(database, sql, nil, nil, nil), 0)
    XCTAssertEqual(unsafeBitCast(dlsym(library, "sqlite3_close"), to: Close.self)(database), 0)
  }

  func testTables() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/t.db"
      try make(
        path,
        """
        CREATE TABLE sales(id INTEGER, price REAL, city TEXT, day TEXT, mixed);
        INSERT INTO sales VALUES (1, 2.5, 'Köln', '2020-01-31', 1), (2, NULL, NULL, '2020-02-01', 2.5),
          (3, 4, '', NULL, 'x');
        """)
      let table = try TableReader.read(path)
      XCTAssertEqual(table.names, ["id", "price", "city", "day", "mixed"])
      XCTAssertEqual(table["id"]?.values, .integer([1, 2, 3]))
      XCTAssertEqual(table["price"]?.text(at: 2), "4.0")
      XCTAssertEqual(table["price"]?.missingCount, 1)
      XCTAssertEqual(table["city"]?.values, .category(CategoryValues(["Köln", nil, ""])))
      XCTAssertEqual(table["day"]?.kind, .dateTime)
      XCTAssertEqual(table["mixed"]?.values, .category(CategoryValues(["1", "2.5", "x"])))
      XCTAssertEqual(try TableReader.read(path + "::sales").contentHash(), table.contentHash())
      XCTAssertEqual(try TableReader.chunks(path, rows: 2).rowCount, 3)
      try make(path, "CREATE TABLE other(a); INSERT INTO other VALUES (7)")
      XCTAssertEqual(try TableReader.read(path + "::other")["a"]?.values, .integer([7]))
      expectError(.configuration, containing: "2 tables", "other", "::") { _ = try TableReader.read(path) }
      expectError(.schema, containing: "nothere", "other, sales") { _ = try TableReader.read(path + "::nothere") }
    }
  }

  func testPiecesAreTheWholeTable() throws {
    try withTemporaryFolder { folder in
      let path = folder.path + "/t.db"
      // Kinds show late: the last row makes a column of numbers text, a column of whole numbers broken ones.
      let row = "(i, i * 0.5, 'city ' || (i % 7), date('2020-01-01', i || ' days'), 'text ' || i, i, i, i / 3.0, NULL)"
      try make(
        path,
        """
        CREATE TABLE t(a, b, c, d, e, f, g, h, n);
        WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 5000)
          INSERT INTO t SELECT \(row.dropFirst().dropLast()) FROM k;
        INSERT INTO t VALUES (NULL, 2, NULL, '2021-05-05', NULL, 0.25, 'none', 'x', NULL);
        """)
      for options in [ReadOptions(), ReadOptions(precision: .single), ReadOptions(kinds: ["a": .text, "c": .text])] {
        let whole = try TableReader.read(path, options: options)
        let chunks = try TableReader.chunks(path, options: options, rows: 700)
        XCTAssertEqual(chunks.rowCount, 5001)
        XCTAssertEqual(chunks.schema, whole.schema)
        var all: Table?
        while let piece = try chunks.next() {
          XCTAssertEqual(piece.schema, whole.schema)
          XCTAssertLessThanOrEqual(piece.rowCount, 700)
          all = try all?.appending(piece) ?? piece
        }
        XCTAssertEqual(all?.contentHash(), whole.contentHash())
      }
      XCTAssertGreaterThan(try TableReader.largestSize(of: path), try TableReader.survey(path).byteCount)
    }
  }

  func testQueriesOverPiecesGiveWhatQueriesOverTheWholeGive() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write(
        "t.csv", "a,b\n" + (0..<3000).map { "\($0),k\($0 % 5)" }.joined(separator: "\n"))
      let options = ReadOptions(sql: "SELECT b, sum(a) AS total FROM data GROUP BY b ORDER BY b")
      let chunks = try TableReader.chunks(path, options: options)
      XCTAssertEqual(try chunks.next(), try TableReader.read(path, options: options))
      XCTAssertNil(try chunks.next())
    }
  }

  func testDamagedFile() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("t.sqlite", Array("SQLite format 3\0".utf8) + Array(repeating: 7, count: 200))
      expectError(.format, containing: "SQLite", path) { _ = try TableReader.read(path) }
    }
  }
}
