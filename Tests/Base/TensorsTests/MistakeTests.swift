import Basics
import Foundation
import Tensors
import XCTest

/// A programmer's mistake stops the program with the operation and both shapes on standard error.
final class MistakeTests: XCTestCase {
  private static let variable = "ASSAY_TEST_MISTAKE"

  /// What is done wrong, by name, and the words that the message must have.
  private static let mistakes: [String: (words: [String], make: @Sendable () -> Void)] = [
    "matmul": (["matmul", "[2, 3]", "[4, 5]"], { _ = matmul(.ones([2, 3]), .ones([4, 5])) }),
    "sum": (["[2, 3]", "[2, 4]"], { _ = Tensor.ones([2, 3]) + Tensor.ones([2, 4]) }),
    "types": (["float32", "int64"], { _ = matmul(.ones([2, 2]), .ones([2, 2], type: .int64)) }),
    "fraction": (["0.5", "int64", "[3]"], { _ = Tensor([1, 2, 3]) + 0.5 }),
    "negative": (["-1.0", "uint8"], { _ = Tensor([1] as [UInt8]) * -1 }),
    "axis": (["axis 3", "[2, 3]"], { _ = Tensor.ones([2, 3]).sum(axes: [3]) }),
    "reshape": (["[2, 3]", "[4, 2]"], { _ = Tensor.ones([2, 3]).reshaped(to: [4, 2]) }),
    "negative sizes": (["[-2, -3]"], { _ = Tensor.ones([6]).reshaped(to: [-2, -3]) }),
    "concatenate": (["[2, 3]", "[2, 4]"], { _ = concatenated([.ones([2, 3]), .ones([2, 4])], axis: 0) }),
    "convolution": (
      ["convolution", "[1, 5, 5, 3]", "[3, 3, 2, 4]"], { _ = convolution(.ones([1, 5, 5, 3]), .ones([3, 3, 2, 4])) }
    ),
  ]

  func testEachMistakeIsExplained() throws {
    for (name, mistake) in Self.mistakes {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = ["TensorsTests.MistakeTests/testMistakeOfAnotherProcess"]
      process.environment = ProcessInfo.processInfo.environment.merging([Self.variable: name]) { $1 }
      process.standardOutput = FileHandle.nullDevice
      process.standardError = output
      try process.run()
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      XCTAssertEqual(process.terminationReason, .uncaughtSignal, name)
      XCTAssertTrue(text.contains("assay: "), "\(name): \(text)")
      for word in mistake.words { XCTAssertTrue(text.contains(word), "\(name): \(word) is not in \(text)") }
    }
  }

  /// Not a check of its own: the mistake of the other process.
  func testMistakeOfAnotherProcess() {
    guard let name = ProcessInfo.processInfo.environment[Self.variable] else { return }
    Self.mistakes[name]?.make()
  }
}
