import Basics
import Formats
import Foundation
import Kernels
import Tensors
import XCTest

/// Small models with what ONNX Runtime computes; `Tests/Golden/Formats/operators.py` makes them.
struct OperatorGolden: Decodable {
  struct Numbers: Decodable {
    let shape: [Int]
    let type: String
    let values: [Double]

    var tensor: Tensor {
      let type = ElementType(rawValue: type) ?? .float32
      return Tensor(values, shape: shape).cast(to: type)
    }
  }

  struct Case: Decodable {
    let name: String
    let model: String
    let inputs: [Numbers]
    let outputs: [Numbers]
  }

  let cases: [Case]

  static func load() throws -> OperatorGolden {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/Formats/operators.json")
    return try JSONDecoder().decode(OperatorGolden.self, from: Data(contentsOf: path))
  }
}

/// Every operator computes what ONNX Runtime computes.
final class OperatorGoldenTests: XCTestCase {
  /// Both sides compute in float32, in other orders: some units in the last of seven digits.
  private let tolerance = 1e-5

  func testOperators() throws {
    let cases = try OperatorGolden.load().cases
    XCTAssertGreaterThan(cases.count, 200)
    for one in cases {
      do {
        let model = try ImportedModel(ONNXModel(bytes: ONNXFileTests.bytes(one.model)))
        let results = try model.run(one.inputs.map(\.tensor))
        XCTAssertEqual(results.count, one.outputs.count, one.name)
        for (result, expected) in zip(results, one.outputs) {
          XCTAssertEqual(result.shape, expected.shape, one.name)
          XCTAssertEqual(result.type.rawValue, expected.type, one.name)
          XCTAssertLessThan(largestDifference(result.doubles, expected.values), tolerance, one.name)
        }
      } catch {
        XCTFail("\(one.name): \(error)")
      }
    }
  }

  /// The results do not depend on the number of threads: the same bits.
  func testThreadsDoNotMatter() throws {
    for one in try OperatorGolden.load().cases.filter({ $0.name.contains("Conv") || $0.name.contains("chain") }) {
      let model = try ImportedModel(ONNXModel(bytes: ONNXFileTests.bytes(one.model)))
      let inputs = one.inputs.map(\.tensor)
      let alone = try Compute.$threads.withValue(1) { try model.run(inputs) }
      let together = try Compute.$threads.withValue(4) { try model.run(inputs) }
      XCTAssertEqual(alone.map(\.doubles), together.map(\.doubles), one.name)
    }
  }
}

/// The largest difference, relative to numbers above 1; infinite where one is a number and the other is not.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { largest, pair in
    if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return largest }
    let difference = abs(pair.0 - pair.1) / max(1, abs(pair.1))
    return difference.isNaN ? .infinity : max(largest, difference)
  }
}
