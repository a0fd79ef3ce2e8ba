import Checks
import Tensors
import XCTest

/// The record of operations and the gradients that walk it.
final class RecordTests: XCTestCase {
  func testGradientOfAProduct() {
    let x = Tensor([1.0, 2, 3])
    let (value, gradients) = valueWithGradients(at: [x]) { ($0[0] * $0[0]).sum() }
    XCTAssertEqual(value.scalar, 14)
    XCTAssertEqual(gradients[0].doubles, [2, 4, 6])
  }

  func testGradientOfAGradient() {
    let x = Tensor([1.0, 2, 3])
    let (_, second) = valueWithGradients(at: [x]) { outer in
      let (_, first) = valueWithGradients(at: outer) { ($0[0] * $0[0] * $0[0]).sum() }
      return first[0].sum()
    }
    XCTAssertEqual(second[0].doubles, [6, 12, 18])
  }

  func testBroadcastOperandsGetSummedGradients() {
    let (a, b) = (Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 3]), Tensor([1.0, 10, 100]))
    let (_, gradients) = valueWithGradients(at: [a, b]) { ($0[0] * $0[1]).sum() }
    XCTAssertEqual(gradients[0].doubles, [1, 10, 100, 1, 10, 100])
    XCTAssertEqual(gradients[1].doubles, [5, 7, 9])
  }

  func testFusedDerivativesAgreeWithDoublePrecision() {
    let x = Tensor([-2.0, -0.5, 0.1, 3])
    let (_, wide) = valueWithGradients(at: [x]) { gelu($0[0]).sum() }
    let (_, narrow) = valueWithGradients(at: [x.cast(to: .float32)]) { gelu($0[0]).sum() }
    for (a, b) in zip(wide[0].doubles, narrow[0].doubles) { XCTAssertEqual(a, b, accuracy: 1e-6) }
  }

  func testMatrixProduct() {
    let a = Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 3])
    let b = Tensor([1.0, 0, 0, 1, 1, 1], shape: [3, 2])
    XCTAssertEqual(matmul(a, b).doubles, [4, 5, 10, 11])
    XCTAssertEqual(matmul(a, b).cast(to: .float32).doubles, [4, 5, 10, 11])
  }

  func testLongChainsAreReleased() {
    var x = Tensor([1.0]).tracked()
    for _ in 0..<200_000 { x = x * 1.0 }
    XCTAssertEqual(x.doubles, [1])
  }
}
