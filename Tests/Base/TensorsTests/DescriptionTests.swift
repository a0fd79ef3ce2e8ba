import Tensors
import XCTest

/// How tensors describe themselves.
final class DescriptionTests: XCTestCase {
  func testShortTensorsAreWrittenOut() {
    XCTAssertEqual("\(Tensor([1.0, 2.5]))", "float64 [2]: [1, 2.5]")
    XCTAssertEqual("\(counting([2, 3]))", "float32 [2, 3]: [[0, 1, 2], [3, 4, 5]]")
    XCTAssertEqual("\(Tensor(Int64.max))", "int64: 9223372036854775807")
    XCTAssertEqual("\(Tensor([true, false]))", "bool [2]: [true, false]")
    XCTAssertEqual("\(Tensor.zeros([0, 3]))", "float32 [0, 3]")
    XCTAssertEqual("\(Tensor([Float.nan, .infinity, -.infinity, 1 / 3]))", "float32 [4]: [nan, inf, -inf, 0.333333]")
  }

  func testLongTensorsShowTheirEnds() {
    XCTAssertEqual("\(counting([200], type: .int32))", "int32 [200]: [0, 1, 2, ..., 197, 198, 199]")
    XCTAssertEqual(
      "\(counting([60, 2], type: .int64))",
      "int64 [60, 2]: [[0, 1], [2, 3], [4, 5], ..., [114, 115], [116, 117], [118, 119]]")
  }

  func testViewsShowTheirOwnElements() {
    XCTAssertEqual("\(counting([3, 2])[1...])", "float32 [2, 2]: [[2, 3], [4, 5]]")
  }
}
