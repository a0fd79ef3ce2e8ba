import Foundation
import XCTest

/// The programs of `Examples` do what they say, run as a stranger runs them.
final class ExampleTests: XCTestCase {
  /// Runs an example in a folder of its own and gives what it printed behind a label.
  private func run(_ name: String, reading labels: [String], files: [String]) throws -> [String] {
    let program = try Program(name)
    defer { program.remove() }
    let outcome = try program.run(executable: Program.product(name), ["output"])
    XCTAssertEqual(outcome.status, 0, outcome.errors)
    for file in files {
      XCTAssertTrue(FileManager.default.fileExists(atPath: program.path("output/\(file)")), "\(name): \(file)")
    }
    let lines = outcome.output.split(separator: "\n")
    return try labels.map { label in
      let line = try XCTUnwrap(lines.first { $0.hasPrefix(label + ": ") }, "\(name): \(label)\n\(outcome.output)")
      return String(line.dropFirst(label.count + 2))
    }
  }

  /// Guessing among four shapes is right in a quarter of the cases.
  func testImages() throws {
    let values = try run(
      "example-images",
      reading: ["accuracy on 1000 held-out images", "largest difference of the ONNX model's logits"],
      files: ["shapes.safetensors", "shapes.onnx"])
    XCTAssertGreaterThan(try XCTUnwrap(Double(values[0])), 0.95)
    XCTAssertLessThan(try XCTUnwrap(Double(values[1])), 1e-4)
  }

  /// Guessing among three courses of the pitch is right in a third of the cases.
  func testSequences() throws {
    let values = try run(
      "example-sequences",
      reading: ["accuracy on 1000 held-out sequences", "the same weights after a resumption"],
      files: ["pitch.safetensors"])
    XCTAssertGreaterThan(try XCTUnwrap(Double(values[0])), 0.9)
    XCTAssertEqual(values[1], "yes")
  }

  /// A folder that cannot be made is said in a line, not by a crash.
  func testAFolderThatCannotBeMade() throws {
    for name in ["example-images", "example-sequences"] {
      let program = try Program(name)
      defer { program.remove() }
      try program.write("file", "")
      let outcome = try program.run(executable: Program.product(name), ["file/output"])
      XCTAssertEqual(outcome.status, 1, outcome.errors)
      XCTAssertTrue(outcome.errors.hasPrefix("\(name): "), outcome.errors)
    }
  }
}
