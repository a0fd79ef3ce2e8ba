import Basics
import Kernels
import Tensors
import XCTest

/// Gradients at the edges of functions' domains, of empty tensors, and of types that arithmetic widens.
final class EdgeGradientTests: XCTestCase {
  private func slope(_ x: [Double], _ type: ElementType = .float64, _ function: (Tensor) -> Tensor) -> [Double] {
    valueWithGradients(at: [Tensor(x).cast(to: type)]) { function($0[0]).sum() }.gradients[0].doubles
  }

  func testBrainFloatsThatAreUsedTwice() {
    XCTAssertEqual(slope([1, -2, 3], .bfloat16) { $0 * $0 }, [2, -4, 6])
    XCTAssertEqual(slope([1, -2], .bfloat16) { $0 + concatenated([$0, $0], axis: 0)[0..<2] + $0 }, [3, 3])
  }

  func testPowersAtZero() {
    for type in [ElementType.float32, .float64] {
      XCTAssertEqual(slope([0, 2], type) { pow($0, 0) }, [0, 0])
      XCTAssertEqual(slope([0, 2], type) { pow($0, 1) }, [1, 1])
      XCTAssertEqual(slope([0, 2], type) { pow($0, 2) }, [0, 4])
      // Of the exponent: x^y log x.
      XCTAssertEqual(slope([0, 1, 2], type) { pow(Tensor(0.0).cast(to: type), $0) }, [0, 0, 0])
      XCTAssertEqual(slope([-1], type) { pow(Tensor(0.0).cast(to: type), $0) }, [-.infinity])
    }
    // The second derivative of x is 0, of x^2 it is 2, also at 0.
    for (exponent, expected) in [(1.0, 0.0), (2, 2)] {
      let x = Tensor([0.0]).tracked()
      let first = gradients(of: pow(x, exponent).sum(), at: [x], isDifferentiable: true)[0]
      XCTAssertEqual(gradients(of: first.sum(), at: [x])[0].doubles, [expected])
    }
  }

  func testQuotientsOfSmallAndLargeNumbers() {
    XCTAssertEqual(slope([1e-23], .float32) { Tensor(Float(1e-23)) / $0 }[0], -1e23, accuracy: 1e17)
    XCTAssertEqual(slope([1e25], .float32) { Tensor(Float(1e30)) / $0 }[0], -1e-20, accuracy: 1e-26)
  }

  func testActivationsOfInfinities() {
    for type in [ElementType.float32, .float64] {
      XCTAssertEqual(slope([-.infinity, .infinity], type) { gelu($0) }, [0, 1])
      XCTAssertEqual(slope([-.infinity, .infinity], type) { silu($0) }, [0, 1])
      let low = slope([-30], type) { softplus($0) }[0]
      XCTAssertEqual(low, exp(Tensor(-30.0)).scalar, accuracy: 1e-6 * low)
    }
    // The same by the composition that serves second gradients.
    let x = Tensor([-30 as Float]).tracked()
    let first = gradients(of: softplus(x).sum(), at: [x], isDifferentiable: true)[0]
    XCTAssertEqual(first.scalar, 9.36e-14, accuracy: 1e-15)
  }

  func testLogarithmOfNothing() {
    XCTAssertEqual(slope([-.infinity, -.infinity]) { $0.logSumExp() }, [0, 0])
    XCTAssertEqual(Tensor([-Double.infinity]).logSumExp().scalar, -.infinity)
    XCTAssertEqual(slope([-.infinity, 2]) { $0.logSumExp() }, [0, 1])
  }

  func testProductsOverEmptyAxes() {
    for (a, b) in [([2, 3, 0], [0, 4]), ([2, 3, 5], [5, 0]), ([0, 3, 5], [5, 2]), ([2, 0], [0, 3])] {
      let (_, slopes) = valueWithGradients(at: [Tensor.ones(a), .ones(b)]) { matmul($0[0], $0[1]).sum() }
      XCTAssertEqual(slopes.map(\.shape), [a, b])
    }
    let (_, slopes) = valueWithGradients(at: [Tensor.ones([4, 3]), .ones([3, 0]), .ones([0])]) {
      linear($0[0], $0[1], bias: $0[2]).sum()
    }
    XCTAssertEqual(slopes.map(\.shape), [[4, 3], [3, 0], [0]])
  }

  func testDropoutOfHardlyAnythingAndOfInfinities() {
    let key = RandomKey(seed: 1)
    XCTAssertEqual(dropout(.ones([1000]), rate: 1e-17, key: key).sum().scalar, 1000)
    for type in [ElementType.float32, .float64] {
      let x = Tensor(repeating: .infinity, shape: [200], type: type)
      let kept = dropout(x, rate: 0.5, key: key).doubles
      XCTAssertTrue(kept.allSatisfy { $0 == 0 || $0 == .infinity })
      XCTAssertTrue(kept.contains(0) && kept.contains(.infinity))
    }
  }

  func testPooledNormalisationOfInfinities() {
    let x = Tensor([-Float.infinity, 2, .infinity, 1, 1, 3, 0, 1], shape: [1, 2, 4, 1])
    let one = Tensor.ones([1])
    for value in [Float(0), .nan] {
      let image = value.isNaN ? x + Tensor([0, .nan, 0, 0, 0, 0, 0, 0] as [Float], shape: x.shape) : x
      let pooled = batchNorm(
        image, scale: one, shift: .zeros([1]), mean: .zeros([1]), variance: one, epsilon: 0, activation: .relu,
        poolsByTwo: true
      ).doubles
      if value.isNaN { XCTAssertTrue(pooled[0].isNaN) } else { XCTAssertEqual(pooled[0], 3) }
      XCTAssertEqual(pooled[1], .infinity)
    }
  }

  func testNoThreadsCountAsOne() {
    let x = Tensor.normal([64, 300], key: RandomKey(seed: 2))
    let one = Compute.$threads.withValue(1) { matmul(x, x.transposed()) }
    let none = Compute.$threads.withValue(0) { matmul(x, x.transposed()) }
    XCTAssertEqual(one.doubles, none.doubles)
  }
}
