import Basics
import Foundation
import Glibc
import Tables
import XCTest

/// Writing tables, and reading them again.
final class WriterTests: XCTestCase {
  func testRoundTrips() throws {
    try withTemporaryFolder { folder in
      let table = try randomTable(rows: 3000, seed: 11)
      for name in ["t.csv", "t.tsv", "t.csv.gz", "t.csv.zst", "t.parquet"] {
        let path = folder.path + "/" + name
        try TableWriter.write(table, to: path)
        XCTAssertEqual(try TableReader.read(path, threads: 2), table, name)
      }
      for name in ["t.json", "t.jsonl", "t.jsonl.gz", "t.ndjson.zst"] {
        let path = folder.path + "/" + name
        try TableWriter.write(table, to: path)
        let read = try TableReader.read(path, threads: 2)
        for column in table.columns {
          XCTAssertEqual(read[column.name]?.values, column.values, "\(name) \(column.name)")
        }
      }
      XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path).count, 9)
    }
  }

  func testPiecesAreOneFile() throws {
    try withTemporaryFolder { folder in
      let table = try randomTable(rows: 100, seed: 5)
      let path = folder.path + "/t.parquet"
      let writer = try TableWriter(path: path)
      try writer.append(table.selecting(rows: Array(0..<60)))
      try writer.append(table.selecting(rows: Array(60..<100)))
      XCTAssertFalse(FileManager.default.fileExists(atPath: path))
      try writer.finish()
      XCTAssertEqual(try TableReader.read(path), table)
    }
  }

  func testErrors() throws {
    let table = try Table([Column("a", .integer([1]))])
    try withTemporaryFolder { folder in
      expectError(.file, containing: "no folder") { try TableWriter.write(table, to: folder.path + "/x/t.csv") }
      expectError(.configuration, containing: ".parquet") { try TableWriter.write(table, to: folder.path + "/t.xls") }
      try FileManager.default.createDirectory(atPath: folder.path + "/d.csv", withIntermediateDirectories: false)
      expectError(.file, containing: "directory") { try TableWriter.write(table, to: folder.path + "/d.csv") }
    }
  }

  /// A limit on the size of files stands for a full disk: the same call fails in the same place.
  func testFullDiskLeavesTheOldFile() throws {
    try withTemporaryFolder { folder in
      let path = try folder.write("t.csv", "old")
      let table = try randomTable(rows: 20_000, seed: 2)
      let writer = try TableWriter(path: path)
      try writer.append(table)
      var old = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
      let handler = signal(SIGXFSZ, SIG_IGN)
      var small = rlimit(rlim_cur: 100_000, rlim_max: old.rlim_max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
      defer {
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
        signal(SIGXFSZ, handler)
      }
      expectError(.file, containing: "cannot be written", path) { try writer.finish() }
      XCTAssertEqual(try String(contentsOfFile: path, encoding: .utf8), "old")
      XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: folder.path), ["t.csv"])
    }
  }
}
