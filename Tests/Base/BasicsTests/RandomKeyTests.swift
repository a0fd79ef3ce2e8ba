import Basics
import Checks
import XCTest

final class RandomKeyTests: XCTestCase {
  func testSameSeedSameNumbers() {
    var a = RandomKey(seed: 7)["folds"][3].stream()
    var b = RandomKey(seed: 7)["folds"][3].stream()
    XCTAssertEqual((0..<100).map { _ in a.next() }, (0..<100).map { _ in b.next() })
  }

  func testTheMixerIsSplitMix64() {
    // The first outputs of SplitMix64 from state 1234567, as its authors' C program prints them.
    let known: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
    var state: UInt64 = 1_234_567
    for value in known {
      state &+= 0x9E37_79B9_7F4A_7C15
      XCTAssertEqual(RandomKey.mix(state), value)
    }
  }

  func testDerivedKeysDiffer() {
    let root = RandomKey(seed: 1)
    var keys: Set<RandomKey> = [root, RandomKey(seed: 2)]
    for i in -1000..<1000 { keys.insert(root[i]) }
    for i in 0..<1000 { keys.insert(root["\(i)"]) }
    keys.insert(root["a"]["b"])
    keys.insert(root["b"]["a"])
    keys.insert(root["ab"])
    XCTAssertEqual(keys.count, 3005)
  }

  func testStreamWalksTheKeysWords() {
    let key = RandomKey(seed: 9)
    var stream = key.stream()
    for position in 0..<50 { XCTAssertEqual(stream.next(), key.word(at: UInt64(position))) }
  }

  /// Means and variances within five standard errors.
  func testUniformAndNormalMoments() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed)["moments"].stream()
      let n = 50_000
      let uniform = (0..<n).map { _ in stream.uniform() }
      let normal = (0..<n).map { _ in stream.normal() }
      XCTAssertTrue(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
      let root = Double(n).squareRoot()
      XCTAssertEqual(uniform.reduce(0, +) / Double(n), 0.5, accuracy: 5 * 0.2887 / root)
      XCTAssertEqual(normal.reduce(0, +) / Double(n), 0, accuracy: 5 / root)
      XCTAssertEqual(normal.map { $0 * $0 }.reduce(0, +) / Double(n), 1, accuracy: 5 * 1.4143 / root)
    }
  }

  func testIntegersFillTheirRangeEvenly() {
    for seed in checkSeeds {
      var stream = RandomKey(seed: seed).stream()
      var counts = [Int](repeating: 0, count: 7)
      for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
      // Five standard deviations of a binomial count around 10,000.
      for count in counts { XCTAssertEqual(Double(count), 10_000, accuracy: 5 * 92.6) }
    }
  }

  func testPermutationsHoldEveryIndexAndReachEveryOrder() {
    var stream = RandomKey(seed: 3).stream()
    XCTAssertEqual(stream.permutation(of: 0), [])
    XCTAssertEqual(stream.permutation(of: 1), [0])
    XCTAssertEqual(stream.permutation(of: 1000).sorted(), Array(0..<1000))
    var orders: [[Int]: Int] = [:]
    for _ in 0..<6000 { orders[stream.permutation(of: 3), default: 0] += 1 }
    XCTAssertEqual(orders.count, 6)
    for count in orders.values { XCTAssertEqual(Double(count), 1000, accuracy: 5 * 28.9) }
  }
}
