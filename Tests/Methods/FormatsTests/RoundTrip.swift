import Basics
import Formats
import Networks
import Tensors
import XCTest

/// Exports a computation, reads the file back and compares the results, for the example and for another number of rows.
///
/// - Parameters:
///   - inputs: Makes inputs of a number of rows.
///   - batchAxis: The axis of rows.
///   - tolerance: Export and import compute the same operations, but some as several others: the last digits may differ.
/// - Returns: The exported model, for further checks.
@discardableResult
func checkRoundTrip(
  _ name: String, of module: (any Module)? = nil, batchAxis: Int? = 0, tolerance: Double = 2e-6,
  _ inputs: (_ rows: Int) -> [Tensor], file: StaticString = #filePath, line: UInt = #line,
  _ body: ([Tensor]) -> [Tensor]
) -> ONNXModel? {
  do {
    let example = inputs(3)
    let names = example.indices.map { "input\($0)" }
    let model = try ONNXModel(tracing: example, named: names, batchAxis: batchAxis, of: module) { body($0) }
    let imported = try ImportedModel(ONNXModel(bytes: model.bytes()))
    for rows in batchAxis == nil ? [3] : [3, 1, 8] {
      let given = inputs(rows)
      let expected = body(given)
      let results = try imported.run(given)
      XCTAssertEqual(results.count, expected.count, name, file: file, line: line)
      for (result, wanted) in zip(results, expected) {
        XCTAssertEqual(result.shape, wanted.shape, "\(name), \(rows) rows", file: file, line: line)
        XCTAssertEqual(result.type, wanted.type, "\(name), \(rows) rows", file: file, line: line)
        XCTAssertLessThan(
          largestDifference(result.doubles, wanted.doubles), tolerance, "\(name), \(rows) rows", file: file, line: line)
      }
    }
    return model
  } catch {
    XCTFail("\(name): \(error)", file: file, line: line)
    return nil
  }
}

/// Numbers of the standard normal distribution that depend on the name alone.
func numbers(_ shape: [Int], _ name: String = "x") -> Tensor { .normal(shape, key: RandomKey(seed: 5)[name]) }
