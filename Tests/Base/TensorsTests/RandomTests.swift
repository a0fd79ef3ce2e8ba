import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Random tensors: what is drawn, and that it is drawn again.
final class RandomTests: XCTestCase {
  func testSameKeySameNumbersForAnyNumberOfThreads() {
    for type in [ElementType.float32, .float64, .bfloat16] {
      for draw in [
        { Tensor.uniform([100_001], in: -1..<3, key: $0, type: type) },
        { Tensor.normal([100_001], mean: 1, deviation: 2, key: $0, type: type) },
      ] as [(RandomKey) -> Tensor] {
        let first = Compute.$threads.withValue(1) { draw(RandomKey(seed: 5)).doubles }
        for threads in 2...4 {
          XCTAssertEqual(Compute.$threads.withValue(threads) { draw(RandomKey(seed: 5)).doubles }, first)
        }
        XCTAssertNotEqual(draw(RandomKey(seed: 6)).doubles, first)
      }
    }
  }

  func testUniformNumbers() {
    for seed in checkSeeds {
      for type in [ElementType.float32, .float64] {
        let count = 200_000
        let values = Tensor.uniform([count], in: 2..<5, key: RandomKey(seed: seed), type: type).doubles
        XCTAssertTrue(values.allSatisfy { $0 >= 2 && $0 < 5 })
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
        // The mean has a standard error of 0.0019, the variance (3/4) of 0.0015; five of them.
        XCTAssertEqual(mean, 3.5, accuracy: 0.01)
        XCTAssertEqual(variance, 0.75, accuracy: 0.008)
        var bins = Array(repeating: 0, count: 10)
        for value in values { bins[Int((value - 2) / 0.3)] += 1 }
        // Each bin holds 20,000 with a standard deviation of 134; five of them.
        for bin in bins { XCTAssertEqual(bin, 20_000, accuracy: 670) }
        let products = zip(values, values.dropFirst()).map { ($0 - mean) * ($1 - mean) }.reduce(0, +) / Double(count)
        XCTAssertEqual(products, 0, accuracy: 0.01, "neighbours depend on each other")
      }
    }
  }

  func testNormalNumbers() {
    for seed in checkSeeds {
      for type in [ElementType.float32, .float64] {
        let count = 200_001
        let values = Tensor.normal([count], mean: -1, deviation: 2, key: RandomKey(seed: seed), type: type).doubles
        let scaled = values.map { ($0 + 1) / 2 }
        func moment(_ power: Int) -> Double {
          scaled.map { value in (0..<power).reduce(1.0) { product, _ in product * value } }.reduce(0, +) / Double(count)
        }
        // Standard errors are sqrt((E x^2k - (E x^k)^2) / n): 0.0022, 0.0032, 0.0087, 0.022; five of them.
        XCTAssertEqual(moment(1), 0, accuracy: 0.011)
        XCTAssertEqual(moment(2), 1, accuracy: 0.016)
        XCTAssertEqual(moment(3), 0, accuracy: 0.044)
        XCTAssertEqual(moment(4), 3, accuracy: 0.11)
        let beyond = Double(scaled.count { Swift.abs($0) > 1.96 }) / Double(count)
        XCTAssertEqual(beyond, 0.05, accuracy: 0.0025)
        let products = zip(scaled, scaled.dropFirst()).map { $0 * $1 }.reduce(0, +) / Double(count)
        XCTAssertEqual(products, 0, accuracy: 0.011, "neighbours depend on each other")
      }
    }
  }

  func testShapes() {
    XCTAssertEqual(Tensor.uniform([0, 3], key: RandomKey(seed: 1)).shape, [0, 3])
    XCTAssertEqual(Tensor.normal([], key: RandomKey(seed: 1)).shape, [])
    XCTAssertEqual(Tensor.normal([3], deviation: 0, key: RandomKey(seed: 1)).doubles, [0, 0, 0])
    XCTAssertEqual(Tensor.uniform([4], in: 2..<2, key: RandomKey(seed: 1)).doubles, [2, 2, 2, 2])
  }
}
