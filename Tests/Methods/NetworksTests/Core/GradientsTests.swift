import Basics
import Kernels
import Networks
import Tensors
import XCTest

/// Norms, clipping and sums of gradients.
final class GradientsTests: XCTestCase {
  private let a = Parameter(.zeros([2], type: .float64))
  private let b = Parameter(.zeros([1], type: .float64))
  private var both: [NamedParameter] {
    [NamedParameter(path: "a", parameter: a), NamedParameter(path: "b", parameter: b)]
  }

  /// The gradients of a linear function are its coefficients.
  private func gradients(_ first: [Double]?, _ second: [Double]?) -> Gradients {
    valueWithGradients(of: both) { () -> Tensor in
      var sum = Tensor(0.0)
      if let first { sum = sum + (a.value * Tensor(first)).sum() }
      if let second { sum = sum + (b.value * Tensor(second)).sum() }
      return sum
    }.gradients
  }

  func testNormIsOverEverything() { XCTAssertEqual(gradients([2, 3], [6]).norm, 7) }

  func testClippingByTheNormKeepsTheDirection() {
    let clipped = gradients([2, 3], [6]).clipped(norm: 3.5)
    XCTAssertEqual(clipped[a]?.doubles, [1, 1.5])
    XCTAssertEqual(clipped["b"]?.doubles, [3])
    XCTAssertEqual(clipped.norm, 3.5)
    XCTAssertEqual(gradients([2, 3], [6]).clipped(norm: 8)[a]?.doubles, [2, 3])
  }

  func testClippingByValueActsOnElements() {
    let clipped = gradients([2, -3], [6]).scaled(by: 0.5).clipped(value: 1.25)
    XCTAssertEqual(clipped[a]?.doubles, [1, -1.25])
    XCTAssertEqual(clipped[b]?.doubles, [1.25])
  }

  func testSumsOfBatches() {
    let sum = gradients([1, 2], nil).scaled(by: 3) + gradients([10, 20], [5])
    XCTAssertEqual(sum[a]?.doubles, [13, 26])
    XCTAssertEqual(sum[b]?.doubles, [5])
    XCTAssertEqual((gradients(nil, [5]) + gradients([1, 2], nil))[a]?.doubles, [1, 2])
  }

  func testWhatIsNotFiniteIsSeen() {
    XCTAssertTrue(gradients([1, 2], [3]).isFinite)
    XCTAssertFalse(gradients([1, .infinity], [3]).isFinite)
    XCTAssertFalse(gradients([1, 2], [.nan]).isFinite)
    XCTAssertTrue(gradients([1e300, 2], [3]).isFinite)
  }

  func testNormOfMuchIsExactAndTheSameOnAnyThreads() {
    let count = 300_001
    let parameter = Parameter(.zeros([count]))
    let named = [NamedParameter(path: "p", parameter: parameter)]
    let values = Tensor.normal([count], key: RandomKey(seed: 9))
    let exact = values.doubles.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let norms = (1...4).map { threads in
      Compute.$threads.withValue(threads) {
        valueWithGradients(of: named) { (parameter.value * values).sum() }.gradients.norm
      }
    }
    // Blocks of 512 squares are summed in single precision: about 1e-7 each, less together.
    XCTAssertEqual(norms[0] / exact, 1, accuracy: 1e-7)
    XCTAssertEqual(Set(norms).count, 1)
  }
}
