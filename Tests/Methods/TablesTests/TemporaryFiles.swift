import Basics
import Foundation
import Tables
import XCTest

/// A folder that is there for the time of one test.
struct TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "assay-tables-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Writes a text file and returns its path.
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs the body with a folder that is removed afterwards.
func withTemporaryFolder(_ body: (TemporaryFolder) throws -> Void) throws {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  try body(folder)
}

/// Checks that the body throws an `AssayError` of a kind whose description holds all the parts.
func expectError(
  _ kind: AssayError.Kind, containing parts: String..., file: StaticString = #filePath, line: UInt = #line,
  _ body: () throws -> Void
) {
  do {
    try body()
    XCTFail("no error was thrown", file: file, line: line)
  } catch let error as AssayError {
    XCTAssertEqual(error.kind, kind, error.description, file: file, line: line)
    for part in parts where !error.description.contains(part) {
      XCTFail("\"\(error.description)\" does not contain \"\(part)\"", file: file, line: line)
    }
  } catch {
    XCTFail("not an AssayError: \(error)", file: file, line: line)
  }
}
