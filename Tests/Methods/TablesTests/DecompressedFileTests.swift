import Basics
import Checks
import Foundation
import Tables
import XCTest

final class DecompressedFileTests: XCTestCase {
  private let text = String(repeating: "hello, hello, hello\n", count: 3)
  /// The text as Python's `gzip.compress(text, mtime=0)` packs it.
  private let packed: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 215, 81, 200, 64, 162, 184, 50, 136, 20, 3, 0, 166, 137,
    182,
    86, 60, 0, 0, 0,
  ]

  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(bytes, to: folder + "/file")
      try body(folder + "/file")
    }
  }

  func testPackedAndPlainFiles() throws {
    for bytes in [packed, Array(text.utf8)] {
      try withFile(bytes) { XCTAssertEqual(try DecompressedFile.bytes(of: $0), Array(text.utf8)) }
    }
    try withFile([]) { XCTAssertEqual(try DecompressedFile.bytes(of: $0), []) }
  }

  /// Several times as large as the first piece that is read.
  func testLargeFiles() throws {
    let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    try withFile(bytes) { XCTAssertEqual(try DecompressedFile.bytes(of: $0), bytes) }
  }

  func testDamagedFiles() throws {
    try withFile(Array(packed.dropLast(10))) { path in
      assertAssayError(.format, saying: [path, "cut short"]) { try DecompressedFile.bytes(of: path) }
    }
    var wrong = packed
    wrong[packed.count - 6] ^= 1
    try withFile(wrong) { path in
      assertAssayError(.format, saying: [path, "damaged"]) { try DecompressedFile.bytes(of: path) }
    }
  }

  func testLimit() throws {
    try withFile(packed) { path in
      XCTAssertEqual(try DecompressedFile.bytes(of: path, limit: 60).count, 60)
      assertAssayError(.format, saying: [path, "more than 59 bytes"]) {
        try DecompressedFile.bytes(of: path, limit: 59)
      }
    }
  }

  func testAbsentFile() throws {
    assertAssayError(.file, saying: ["no such file"]) { try DecompressedFile.bytes(of: "/nonexistent/file") }
  }
}
