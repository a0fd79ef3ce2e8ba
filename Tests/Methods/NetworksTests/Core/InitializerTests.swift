import Basics
import Checks
import Kernels
import Networks
import Tensors
import XCTest

/// The distributions that weights begin with.
final class InitializerTests: XCTestCase {
  private let (fanIn, fanOut) = (200, 100)

  private func draw(_ initializer: Initializer, seed: UInt64, _ type: ElementType = .float64) -> [Double] {
    initializer.tensor([fanIn, fanOut], fanIn: fanIn, fanOut: fanOut, key: RandomKey(seed: seed), type: type).doubles
  }

  /// 20000 draws: the relative error of the variance is about sqrt(2 / 20000) = 1 % for normal numbers, that of the mean
  /// 0.7 % of the deviation; four times that is allowed.
  func testVariances() {
    let cases: [(Initializer, Double)] = [
      (.uniform(limit: 0.3), 0.03), (.normal(deviation: 0.2), 0.04), (.glorotUniform, 2.0 / 300),
      (.glorotNormal, 2.0 / 300), (.heUniform, 0.01), (.heNormal, 0.01), (.lecunUniform, 0.005), (.lecunNormal, 0.005),
      // The normal distribution cut at two deviations keeps 0.7737 of its variance.
      (.truncatedNormal(deviation: 0.5), 0.25 * 0.773_741),
    ]
    for seed in checkSeeds {
      for (initializer, expected) in cases {
        let values = draw(initializer, seed: seed)
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        XCTAssertEqual(mean / expected.squareRoot(), 0, accuracy: 0.028, "\(initializer)")
        XCTAssertEqual(variance / expected, 1, accuracy: 0.04, "\(initializer)")
      }
    }
  }

  func testBounds() {
    let limit = (6.0 / 300).squareRoot()
    XCTAssertTrue(draw(.glorotUniform, seed: 1).allSatisfy { abs($0) <= limit })
    XCTAssertTrue(draw(.truncatedNormal(deviation: 3), seed: 1).allSatisfy { abs($0) <= 6 })
  }

  func testConstants() {
    XCTAssertEqual(Set(draw(.zeros, seed: 1)), [0])
    XCTAssertEqual(Set(draw(.ones, seed: 1)), [1])
    XCTAssertEqual(Set(draw(.constant(0.25), seed: 1)), [0.25])
  }

  func testOrthogonalMatrices() {
    for (shape, gain) in [([70, 70], 1.0), ([3, 40], 2), ([5, 20, 30], 1), ([1, 1], 1)] {
      for type in [ElementType.float64, .float32] {
        let key = RandomKey(seed: 3)
        let matrix = Initializer.orthogonal(gain: gain).tensor(shape, fanIn: 1, fanOut: 1, key: key, type: type)
        XCTAssertEqual(matrix.shape, shape)
        XCTAssertEqual(matrix.type, type)
        let columns = shape[shape.count - 1]
        let flat = matrix.reshaped(to: [-1, columns])
        let isTall = flat.shape[0] > columns
        let product = matmul(flat, flat, transposingLeft: isTall, transposingRight: !isTall)
        let size = product.shape[0]
        let identity = (0..<size * size).map { $0 / size == $0 % size ? gain * gain : 0 }
        assertClose(product.doubles, identity, tolerance: type == .float64 ? 1e-12 : 2e-6, "\(shape) \(type)")
      }
    }
  }

  func testSameKeySameNumbersOnAnyThreads() {
    for initializer in [Initializer.truncatedNormal(), .orthogonal(), .heNormal, .glorotUniform] {
      let results = (1...4).map { threads in
        Compute.$threads.withValue(threads) { draw(initializer, seed: 5, .float32) }
      }
      for result in results { XCTAssertEqual(result, results[0]) }
      XCTAssertNotEqual(draw(initializer, seed: 6, .float32), results[0])
    }
  }

  func testNames() throws {
    XCTAssertEqual(try Initializer(named: "glorot_uniform"), .glorotUniform)
    XCTAssertEqual(try Initializer(named: "Xavier-Normal"), .glorotNormal)
    XCTAssertEqual(try Initializer(named: "heNormal"), .heNormal)
    XCTAssertEqual(try Initializer(named: "truncated normal"), .truncatedNormal())
    assertAssayError(.configuration, saying: ["\"magic\"", "orthogonal"]) { try Initializer(named: "magic") }
  }
}
