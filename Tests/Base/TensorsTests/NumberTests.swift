import Tensors
import XCTest

/// Tensors beside plain numbers.
final class NumberTests: XCTestCase {
  func testWholeNumbersComparedWithFractions() {
    for type in [ElementType.int32, .int64, .uint8] {
      let x = Tensor([0, 1, 2, 3]).cast(to: type)
      XCTAssertEqual((x .< 1.5).doubles, [1, 1, 0, 0])
      XCTAssertEqual((x .>= 1.5).doubles, [0, 0, 1, 1])
      XCTAssertEqual((x .== 0.5).doubles, [0, 0, 0, 0])
      XCTAssertEqual((x .!= 0.5).doubles, [1, 1, 1, 1])
      XCTAssertEqual((x .> -1).doubles, [1, 1, 1, 1])
      XCTAssertEqual((x .<= 1e30).doubles, [1, 1, 1, 1])
      XCTAssertEqual((x .== 2).doubles, [0, 0, 1, 0])
      XCTAssertEqual((x .< .nan).doubles, [0, 0, 0, 0])
    }
  }

  func testWholeNumbersKeepTheirTypeInArithmetic() {
    let x = Tensor([1, 2, 3])
    XCTAssertEqual((x * 2 + 1).type, .int64)
    XCTAssertEqual((x * 2 + 1).doubles, [3, 5, 7])
  }
}
