import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Attention against its formula, and what it promises about lengths, masks and queries that see nothing.
final class AttentionTests: XCTestCase {
  private struct Sizes {
    var batch = 2
    var queries: Int
    var keys: Int
    var heads = 2
    var shared: Int?
    var width: Int
  }

  private func operands(_ s: Sizes, seed: UInt64 = 1) -> [Tensor] {
    let shared = (s.shared ?? s.heads) * s.width
    return [
      random([s.batch, s.queries, s.heads * s.width], seed: seed), random([s.batch, s.keys, shared], seed: seed + 1),
      random([s.batch, s.keys, shared], seed: seed + 2),
    ]
  }

  /// The formula, head by head and query by query, in double precision.
  private func reference(
    _ x: [Tensor], _ s: Sizes, isCausal: Bool = false, lengths: [Int]? = nil,
    mask: (Int, Int, Int, Int) -> Double = { _, _, _, _ in 0 }
  ) -> Tensor {
    let shared = s.shared ?? s.heads
    let (q, k, v) = (x[0].doubles, x[1].doubles, x[2].doubles)
    var result = Array(repeating: 0.0, count: q.count)
    for b in 0..<s.batch {
      for h in 0..<s.heads {
        for i in 0..<s.queries {
          let query = ((b * s.queries + i) * s.heads + h) * s.width
          func key(_ j: Int) -> Int { ((b * s.keys + j) * shared + h * shared / s.heads) * s.width }
          let seen = (0..<s.keys).filter {
            $0 < lengths?[b] ?? s.keys && (!isCausal || $0 <= i + s.keys - s.queries)
              && mask(b, h, i, $0) > -.infinity
          }
          let scores = seen.map { j in
            (0..<s.width).reduce(0) { $0 + q[query + $1] * k[key(j) + $1] } / Double(s.width).squareRoot()
              + mask(b, h, i, j)
          }
          let powers = scores.map { exp($0 - (scores.max() ?? 0)) }
          let total = powers.reduce(0, +)
          for (j, power) in zip(seen, powers) {
            for d in 0..<s.width { result[query + d] += power / total * v[key(j) + d] }
          }
        }
      }
    }
    return Tensor(result, shape: x[0].shape)
  }

  private let sizes = [
    Sizes(batch: 1, queries: 1, keys: 1, heads: 1, width: 1), Sizes(queries: 3, keys: 5, width: 7),
    Sizes(queries: 5, keys: 3, heads: 3, width: 1), Sizes(queries: 7, keys: 7, heads: 4, shared: 2, width: 5),
    Sizes(queries: 6, keys: 9, heads: 6, shared: 1, width: 3), Sizes(batch: 1, queries: 25, keys: 129, width: 33),
    Sizes(batch: 1, queries: 251, keys: 262, heads: 1, width: 9), Sizes(batch: 3, queries: 50, keys: 31, width: 16),
  ]

  func testAgreesWithTheFormula() {
    for s in sizes {
      let x = operands(s)
      for isCausal in [false, true] {
        let expected = reference(x, s, isCausal: isCausal)
        for type in [ElementType.float32, .float64] {
          let narrow = x.map { $0.cast(to: type) }
          let result = attention(
            narrow[0], narrow[1], narrow[2], heads: s.heads, keyValueHeads: s.shared, isCausal: isCausal)
          expectClose(result, expected, type == .float32 ? 1e-5 : 1e-12, "\(type) \(s), causal: \(isCausal)")
        }
      }
    }
  }

  func testFusedAgreesWithComposition() {
    for s in sizes {
      let x = operands(s, seed: 4)
      let lengths = Tensor((0..<s.batch).map { Int32((s.keys * ($0 + 1) + 1) / (s.batch + 1)) })
      for isCausal in [false, true] {
        checkFused("attention, causal: \(isCausal)", at: x) {
          [attention($0[0], $0[1], $0[2], heads: s.heads, keyValueHeads: s.shared, isCausal: isCausal)]
        }
        checkFused("attention with lengths, causal: \(isCausal)", at: x) {
          [
            attention(
              $0[0], $0[1], $0[2], heads: s.heads, keyValueHeads: s.shared, isCausal: isCausal, keyLengths: lengths,
              scale: 0.3)
          ]
        }
      }
    }
  }

  func testNothingToCompute() {
    for s in [
      Sizes(batch: 0, queries: 2, keys: 3, width: 4), Sizes(queries: 0, keys: 3, width: 4),
      Sizes(queries: 2, keys: 0, width: 4), Sizes(queries: 2, keys: 3, width: 0),
    ] {
      checkFused("attention", at: operands(s)) { [attention($0[0], $0[1], $0[2], heads: s.heads)] }
    }
  }

  func testMasks() {
    let s = Sizes(queries: 5, keys: 6, heads: 4, shared: 2, width: 3)
    let x = operands(s, seed: 7)
    for shape in [
      [6], [5, 6], [1, 5, 6], [4, 1, 6], [4, 5, 6], [2, 1, 1, 6], [2, 4, 5, 6], [5, 1], [2, 1, 5, 6],
    ] {
      let mask = random(shape, seed: 9).cast(to: .float32).cast(to: .float64)
      let values = mask.broadcast(to: [2, 4, 5, 6]).doubles
      let expected = reference(x, s) { b, h, i, j in values[((b * 4 + h) * 5 + i) * 6 + j] }
      expectClose(
        attention(x[0], x[1], x[2], heads: 4, keyValueHeads: 2, mask: mask), expected, 1e-12, "mask \(shape)")
      checkFused("attention, mask \(shape)", at: x) {
        [attention($0[0], $0[1], $0[2], heads: 4, keyValueHeads: 2, mask: mask.cast(to: $0[0].type))]
      }
      checkFused("attention, learned mask \(shape)", at: x + [mask]) {
        [attention($0[0], $0[1], $0[2], heads: 4, keyValueHeads: 2, mask: $0[3])]
      }
    }
  }

  func testTruthValuesAsMask() {
    let s = Sizes(queries: 4, keys: 5, width: 3)
    let x = operands(s)
    // The third query sees nothing.
    let seen = (0..<20).map { ($0 / 5 != 2) && ($0 * 7 % 3 != 0) }
    let mask = Tensor(seen, shape: [4, 5])
    let expected = reference(x, s) { _, _, i, j in seen[i * 5 + j] ? 0 : -.infinity }
    for type in [ElementType.float32, .float64] {
      let y = x.map { $0.cast(to: type) }
      let result = attention(y[0], y[1], y[2], heads: 2, mask: mask)
      expectClose(result, expected, 1e-6, "\(type)")
      XCTAssertEqual(Array(result.doubles[12..<18]), Array(repeating: 0, count: 6))
    }
    checkFused("attention, truth values", at: x) { [attention($0[0], $0[1], $0[2], heads: 2, mask: mask)] }
  }

  func testQueriesThatSeeNothing() {
    // More causal queries than keys: the first ones see none. And an example without keys.
    let s = Sizes(queries: 5, keys: 2, width: 4)
    let x = operands(s)
    let lengths = Tensor([Int64(2), 0])
    for type in [ElementType.float32, .float64] {
      let inputs = x.map { $0.cast(to: type) }
      let result = attention(inputs[0], inputs[1], inputs[2], heads: 2, isCausal: true, keyLengths: lengths)
      XCTAssertEqual(Array(result.doubles[0..<24]), Array(repeating: 0, count: 24))
      XCTAssertEqual(Array(result.doubles[40..<80]), Array(repeating: 0, count: 40))
      XCTAssertNotEqual(result.doubles[24], 0)
      let (_, gradients) = valueWithGradients(at: inputs) {
        attention($0[0], $0[1], $0[2], heads: 2, isCausal: true, keyLengths: lengths).sum()
      }
      for gradient in gradients { XCTAssertTrue(gradient.doubles.allSatisfy(\.isFinite)) }
      XCTAssertEqual(Array(gradients[0].doubles[0..<24]), Array(repeating: 0, count: 24))
      XCTAssertEqual(Array(gradients[1].doubles[16..<32]), Array(repeating: 0, count: 16))
    }
  }

  func testLengthsAreLikeFewerKeys() {
    let s = Sizes(batch: 3, queries: 4, keys: 7, width: 5)
    let x = operands(s).map { $0.cast(to: .float32) }
    let lengths = [7, 1, 4]
    let together = attention(x[0], x[1], x[2], heads: 2, keyLengths: Tensor(lengths))
    for (row, length) in lengths.enumerated() {
      let alone = attention(
        x[0][row..<row + 1], x[1][row..<row + 1].sliced(axis: 1, 0..<length),
        x[2][row..<row + 1].sliced(axis: 1, 0..<length), heads: 2)
      expectClose(together[row..<row + 1], alone, 1e-6, "example \(row)")
    }
  }

  func testNothingBehindALengthIsRead() {
    var values = random([1, 4, 2]).doubles
    values[6] = .nan
    values[7] = .infinity
    let x = Tensor(values, shape: [1, 4, 2]).cast(to: .float32)
    let query = random([1, 2, 2]).cast(to: .float32)
    let result = attention(query, x, x, heads: 1, keyLengths: Tensor([Int32(3)]))
    XCTAssertTrue(result.doubles.allSatisfy(\.isFinite))
  }

  func testGradients() {
    let s = Sizes(queries: 3, keys: 2, heads: 2, shared: 1, width: 2)
    checkGradients("attention", at: operands(s)) { attention($0[0], $0[1], $0[2], heads: 2, keyValueHeads: 1) }
    checkGradients("causal attention", at: operands(s)) {
      attention($0[0], $0[1], $0[2], heads: 2, keyValueHeads: 1, isCausal: true, keyLengths: Tensor([Int64(2), 1]))
    }
    let mask = random([2, 3, 2], seed: 5)
    checkGradients("attention with mask", at: operands(s) + [mask]) {
      attention($0[0], $0[1], $0[2], heads: 2, keyValueHeads: 1, mask: $0[3])
    }
  }

  func testMemoryIsLinear() {
    let x = operands(Sizes(batch: 1, queries: 2_048, keys: 2_048, heads: 2, width: 16)).map { $0.cast(to: .float32) }
    let pool = MemoryPool.shared
    pool.resetPeak()
    let before = pool.usage.inUse
    // Each thread has scratch of its own, so the bound is for two.
    _ = Compute.$threads.withValue(2) {
      valueWithGradients(at: x) { attention($0[0], $0[1], $0[2], heads: 2).sum() }
    }
    // The matrix of weights alone has 2 * 2048 * 2048 * 4 bytes = 33.5 MB; one tensor of queries has 262 kB.
    XCTAssertLessThan(pool.usage.peak - before, 8_000_000)
  }
}
