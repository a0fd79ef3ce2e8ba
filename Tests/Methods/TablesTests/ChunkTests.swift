import Basics
import Tables
import XCTest

/// Reading in pieces.
final class ChunkTests: XCTestCase {
  private func joined(_ chunks: TableChunks) throws -> Table? {
    var all: Table?
    while let table = try chunks.next() {
      XCTAssertEqual(table.schema, chunks.schema)
      all = try all?.appending(table) ?? table
    }
    return all
  }

  func testPiecesAreTheWholeTable() throws {
    try withTemporaryFolder { folder in
      let table = try randomTable(rows: 30_000, seed: 6)
      for name in ["t.csv", "t.csv.gz", "t.parquet"] {
        let path = folder.path + "/" + name
        try TableWriter.write(table, to: path)
        let chunks = try TableReader.chunks(path, threads: 2, rows: 5000)
        XCTAssertEqual(chunks.rowCount, 30_000)
        XCTAssertEqual(try joined(chunks), table, name)
      }
    }
  }

  func testKindsAreThoseOfTheWholeFile() throws {
    try withTemporaryFolder { folder in
      // The first 200,000 rows look like integers, dates and truth values; the last shows that they are not.
      var rows = (0..<200_000).map { "\($0),2020-01-31,true,1,k\($0 % 300)" }
      rows.append("0.5,31.01.2020,maybe,\"1,000.5\",k300")
      let path = try folder.write("t.csv", "a,b,c,d,e\n" + rows.joined(separator: "\n"))
      let chunks = try TableReader.chunks(path, threads: 2, rows: 1)
      XCTAssertEqual(chunks.schema.fields.map(\.kind), [.float, .category, .category, .float, .category])
      XCTAssertEqual(chunks.schema.fields[1].levels, ["2020-01-31", "31.01.2020"])
      var count = 0
      var last: Table?
      while let table = try chunks.next() {
        count += table.rowCount
        XCTAssertEqual(table.schema, chunks.schema)
        last = table
      }
      XCTAssertEqual(count, 200_001)
      XCTAssertEqual(try XCTUnwrap(last).column("d").numbers().last, 1000.5)
      XCTAssertEqual(last?["e"]?.text(at: try XCTUnwrap(last).rowCount - 1), "k300")
      let whole = try TableReader.read(path, threads: 2)
      XCTAssertEqual(whole.schema, chunks.schema)
    }
  }

  func testSeveralFilesByPattern() throws {
    try withTemporaryFolder { folder in
      _ = try folder.write("p2.csv", "a,b\n3,z\n")
      _ = try folder.write("p1.csv", "a,b\n1,x\n2,y\n")
      let pattern = folder.path + "/p*.csv"
      let table = try TableReader.read(pattern)
      XCTAssertEqual(table["a"]?.values, .integer([1, 2, 3]))
      XCTAssertEqual(try joined(TableReader.chunks(pattern)), table)
      _ = try folder.write("p3.csv", "a,c\n3,z\n")
      expectError(.schema, containing: "p3.csv", "\"b\"") { _ = try TableReader.read(pattern) }
      expectError(.file, containing: "pattern") { _ = try TableReader.read(folder.path + "/q*.csv") }
    }
  }

  func testPiecesOfAQuery() throws {
    let chunks = try TableReader.chunks("sql:SELECT range AS i FROM range(100000)", rows: 10_000)
    XCTAssertEqual(chunks.rowCount, 100_000)
    XCTAssertEqual(try joined(chunks)?["i"]?.values, .integer((0..<100_000).map { Int64($0) }))
  }
}

/// What is found out about a source before it is read.
final class SurveyTests: XCTestCase {
  func testSizeBoundsHoldAndSurveysAreNear() throws {
    try withTemporaryFolder { folder in
      let table = try randomTable(rows: 20_000, seed: 3)
      let expected = try TableReader.survey(
        {
          let path = folder.path + "/t.parquet"
          try TableWriter.write(table, to: path)
          return path
        }()
      ).byteCount
      for name in ["t.csv", "t.csv.gz", "t.parquet"] {
        let path = folder.path + "/" + name
        try TableWriter.write(table, to: path)
        let survey = try TableReader.survey(path)
        XCTAssertEqual(survey.rowCount, 20_000)
        XCTAssertEqual(survey.schema, try TableReader.chunks(path).schema)
        XCTAssertEqual(Double(survey.byteCount), Double(expected), accuracy: 0.1 * Double(expected), name)
        XCTAssertGreaterThan(try TableReader.largestSize(of: path), survey.byteCount / 2, name)
      }
      let numbers = try Table([Column("a", .integer(Array(repeating: 1, count: 5000)))])
      try TableWriter.write(numbers, to: folder.path + "/n.csv")
      XCTAssertEqual(try TableReader.survey(folder.path + "/n.csv").byteCount, 40_000)
      XCTAssertGreaterThanOrEqual(try TableReader.largestSize(of: folder.path + "/n.csv"), 40_000)
      let query = "sql:SELECT * FROM range(1000) t(a);"
      XCTAssertEqual(try TableReader.largestSize(of: query), 8000)
    }
  }

  func testAppendedPiecesAndTheirHashAreThoseOfTheWhole() throws {
    for seed in [1, 2, 3] as [UInt64] {
      let table = try randomTable(rows: 1000, seed: seed)
      var hashes: Set<String> = []
      for size in [1000, 333, 70] {
        var appender = TableAppender()
        var hasher = ContentHasher(table.schema)
        for start in stride(from: 0, to: 1000, by: size) {
          let piece = table.selecting(rows: Array(start..<min(1000, start + size)))
          try appender.append(piece)
          hasher.add(piece, threads: 2)
        }
        XCTAssertEqual(try appender.table(), table)
        hashes.insert(hasher.hexadecimal())
      }
      XCTAssertEqual(hashes.count, 1)
      var changed = ContentHasher(table.schema)
      changed.add(table.selecting(rows: [1, 0] + Array(2..<1000)), threads: 1)
      XCTAssertFalse(hashes.contains(changed.hexadecimal()))
    }
    var appender = TableAppender()
    try appender.append(Table([Column("a", .float([1]))]))
    XCTAssertThrowsError(try appender.append(Table([Column("a", .integer([1]))])))
  }
}
