import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Dropout: how much it drops, and that key and position alone decide what.
final class DropoutTests: XCTestCase {
  func testDropsTheExpectedShare() {
    let count = 40_000
    for seed in checkSeeds {
      for rate in [0.1, 0.5, 0.9] {
        let y = dropout(.ones([count]), rate: rate, key: RandomKey(seed: seed)).doubles
        for value in y where value != 0 { XCTAssertEqual(value, 1 / (1 - rate), accuracy: 1e-6 / (1 - rate)) }
        // Five standard deviations of a binomial share.
        let dropped = Double(y.count { $0 == 0 }) / Double(count)
        XCTAssertEqual(dropped, rate, accuracy: 5 * (rate * (1 - rate) / Double(count)).squareRoot())
      }
    }
  }

  func testKeyAndPositionDecide() {
    let key = RandomKey(seed: 4)
    let x = random([50, 1_001]).cast(to: .float32)
    let y = dropout(x, rate: 0.3, key: key)
    XCTAssertEqual(y.doubles, dropout(x, rate: 0.3, key: key).doubles)
    XCTAssertNotEqual(y.doubles, dropout(x, rate: 0.3, key: key["other"]).doubles)
    for threads in 1...4 {
      XCTAssertEqual(Compute.$threads.withValue(threads) { dropout(x, rate: 0.3, key: key) }.doubles, y.doubles)
    }
    let wide = dropout(x.cast(to: .float64), rate: 0.3, key: key)
    XCTAssertEqual(wide.doubles.map { $0 == 0 }, y.doubles.map { $0 == 0 })
  }

  func testGradientUsesTheSameMask() {
    let key = RandomKey(seed: 9)
    for type in [ElementType.float32, .float64] {
      let x = random([33, 7], in: 1..<2).cast(to: type)
      let (_, gradients) = valueWithGradients(at: [x]) { dropout($0[0], rate: 0.4, key: key).sum() }
      XCTAssertEqual(gradients[0].doubles, dropout(.ones(x.shape, type: type), rate: 0.4, key: key).doubles)
    }
    checkGradients("dropout", at: [random([3, 5])]) { square(dropout($0[0], rate: 0.4, key: key)) }
  }

  func testNothingToDrop() {
    let x = random([3])
    XCTAssertEqual(dropout(x, rate: 0, key: RandomKey(seed: 1)).doubles, x.doubles)
    XCTAssertEqual(dropout(.zeros([0, 2]), rate: 0.5, key: RandomKey(seed: 1)).shape, [0, 2])
  }

  func testCheckpointsDropTheSame() {
    let (x, key) = (random([20, 5]).cast(to: .float32), RandomKey(seed: 3))
    let function: @Sendable ([Tensor]) -> [Tensor] = { [square(dropout($0[0], rate: 0.5, key: key))] }
    let (_, a) = valueWithGradients(at: [x]) { checkpointed($0, function)[0].sum() }
    let (_, b) = valueWithGradients(at: [x]) { function($0)[0].sum() }
    XCTAssertEqual(a[0].doubles, b[0].doubles)
  }
}
