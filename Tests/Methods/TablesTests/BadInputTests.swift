import Basics
import Foundation
import Glibc
import Tables
import XCTest

/// What bad files get: an error that names the file, the place and the way out.
final class BadInputTests: XCTestCase {
  private func expect(
    _ kind: AssayError.Kind, _ name: String, _ bytes: some Sequence<UInt8>, containing parts: String...,
    options: ReadOptions = ReadOptions(), line: UInt = #line
  ) throws {
    try withTemporaryFolder { folder in
      let path = try folder.write(name, bytes)
      for threads in [1, 2] {
        do {
          _ = try TableReader.read(path, options: options, threads: threads)
          XCTFail("no error for \(name)", line: line)
        } catch let error as AssayError {
          XCTAssertEqual(error.kind, kind, error.description, line: line)
          for part in parts + [name] where !part.isEmpty && !error.description.contains(part) {
            XCTFail("\"\(error)\" does not contain \"\(part)\"", line: line)
          }
        }
      }
    }
  }

  private func expect(
    _ kind: AssayError.Kind, _ text: String, containing first: String, _ second: String = "",
    options: ReadOptions = ReadOptions(), line: UInt = #line
  ) throws {
    try expect(kind, "bad.csv", text.utf8, containing: first, second, options: options, line: line)
  }

  func testFilesThatCannotBeOpened() throws {
    expectError(.file, containing: "/nowhere/t.csv", "no such file") { _ = try TableReader.read("/nowhere/t.csv") }
    try withTemporaryFolder { folder in
      expectError(.file, containing: folder.path, "directory") { _ = try TableReader.read(folder.path) }
      let path = try folder.write("t.csv", "a\n1\n")
      chmod(path, 0)
      // The superuser may read everything.
      if geteuid() != 0 { expectError(.file, containing: "permission") { _ = try TableReader.read(path) } }
    }
  }

  func testEmptyFiles() throws {
    try expect(.data, "", containing: "empty")
    try expect(.data, "\n \r\n\t\n", containing: "empty")
    try expect(.data, "a,b\n", containing: "no rows")
    try expect(.data, "e.parquet", [UInt8](), containing: "empty")
    try expect(.data, "e.jsonl", "\n".utf8, containing: "")
  }

  func testRaggedRows() throws {
    try expect(.format, "a,b\n1,2\n3,4,5\n", containing: "line 3", "3 fields")
    try expect(.format, "a,b,c\n1,2,3\n4,5,6\n7,8\n", containing: "line 4", "2 fields")
    let many = (0..<300_000).map { "\($0),\"x\ny\"" }.joined(separator: "\n")
    try expect(.format, "a,b\n\(many)\n1,2,3\n", containing: "line 600002", "3 fields")
  }

  func testQuotes() throws {
    try expect(.format, "a,b\n1,\"x\n2,y\n3,z\n", containing: "line 2, column \"b\"", "never ends")
    try expect(.format, "a,b\n1,\"x\" y\n2,z\n", containing: "line 2, column \"b\"", "closing quote")
    try withTemporaryFolder { folder in
      let path = try folder.write("t.csv", "a,b\n1,\"x\" y\n2,\"z\n")
      let table = try TableReader.read(path, options: ReadOptions(quote: ""))
      XCTAssertEqual(table["b"]?.values, .category(CategoryValues(["\"x\" y", "\"z"])))
    }
  }

  func testDuplicateNames() throws {
    try expect(.schema, "a,b,a\n1,2,3\n", containing: "columns 1 and 3", "\"a\"")
  }

  func testEncodings() throws {
    try withTemporaryFolder { folder in
      let expected = CategoryValues(["Zürich €", "Köln"])
      let text = "city,n\nZürich €,1\nKöln,2\n"
      let little = text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
      let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
      let files: [String: [UInt8]] = [
        "utf8": Array(text.utf8), "mark": [0xEF, 0xBB, 0xBF] + Array(text.utf8),
        "1252": text.unicodeScalars.map { $0 == "€" ? 0x80 : UInt8(truncatingIfNeeded: $0.value) },
        "16le": [0xFF, 0xFE] + little, "16be": [0xFE, 0xFF] + big, "16": little,
      ]
      for (name, bytes) in files {
        let table = try TableReader.read(folder.write(name + ".csv", bytes))
        XCTAssertEqual(table.names, ["city", "n"], name)
        XCTAssertEqual(table["city"]?.values, .category(expected), name)
        XCTAssertEqual(table["n"]?.values, .integer([1, 2]), name)
      }
    }
    try expect(
      .format, "bad.csv", Array("a,b\nü,1\n".utf8) + [0xFC] + Array(",2\n".utf8),
      containing: "line 3, column \"a\"", "UTF-8", "windows-1252")
    try expect(
      .format, "bad.csv", Array("a,b\nu,1\n".utf8) + [0xFC] + Array(",2\n".utf8), containing: "line 3", "UTF-8",
      options: ReadOptions(encoding: .utf8))
    try expect(.format, "a,b\n1,2\n3,\0\n", containing: "line 3", "zero byte")
  }

  func testInfiniteValuesAreRead() throws {
    try withTemporaryFolder { folder in
      let table = try TableReader.read(folder.write("t.csv", "a,b\ninf,1\n-Infinity,2\n1,3\n"))
      XCTAssertEqual(table["a"]?.values, .float([.infinity, -.infinity, 1]))
    }
  }

  func testManyBlankLinesInAWideTable() throws {
    try withTemporaryFolder { folder in
      let row = (0..<3000).map(String.init).joined(separator: ",") + "\n"
      let path = try folder.write("t.csv", row + String(repeating: "\n", count: 500_000) + row)
      XCTAssertEqual(try TableReader.read(path, threads: 2).rowCount, 2)
    }
  }

  func testOneRowAndOneValue() throws {
    try withTemporaryFolder { folder in
      XCTAssertEqual(try TableReader.read(folder.write("t.csv", "a,b\n1,x")).rowCount, 1)
      XCTAssertEqual(try TableReader.read(folder.write("u.csv", "5"))["c1"]?.values, .integer([5]))
    }
  }

  func testDamagedCompression() throws {
    try withTemporaryFolder { folder in
      let table = try randomTable(rows: 5000, seed: 3)
      for name in ["t.csv.gz", "t.csv.zst", "t.parquet", "t.jsonl.gz"] {
        let path = folder.path + "/" + name
        try TableWriter.write(table, to: path)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        for length in [bytes.count / 2, bytes.count - 9] {
          let cut = try folder.write("cut-\(length)-" + name, bytes.prefix(length))
          expectError(.format, containing: "cut-\(length)-") { _ = try TableReader.read(cut) }
        }
        var flipped = [UInt8](bytes)
        for position in stride(from: bytes.count / 3, to: bytes.count / 3 + 40, by: 1) { flipped[position] ^= 0x55 }
        let damaged = try folder.write("flipped-" + name, flipped)
        do { _ = try TableReader.read(damaged) } catch is AssayError {}
      }
    }
  }

  func testWrongExtensionsAndJSON() throws {
    try expect(.format, "t.parquet", "a,b\n1,2\n".utf8, containing: "not a Parquet file")
    try expect(.format, "t.sqlite", "a,b\n1,2\n".utf8, containing: "not an SQLite file")
    try expect(.format, "t.jsonl", "{\"a\":1}\n{\"a\":2}\n{bad\n".utf8, containing: "line 3")
  }

  func testUnusualOptions() throws {
    try expect(.configuration, "a,b\n1,2\n", containing: "delimiter", options: ReadOptions(delimiter: "ab"))
  }
}
