import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Gathering, scattering, segments and bags against loops.
final class IndexingTests: XCTestCase {
  private func indices(_ shape: [Int], below size: Int, seed: UInt64 = 1) -> Tensor {
    var stream = RandomKey(seed: seed)["indices"].stream()
    return Tensor((0..<shape.reduce(1, *)).map { _ in Int64(stream.integer(below: size)) }, shape: shape)
  }

  func testGatheringEveryType() {
    for shape in SmallShapes.all {
      for axis in shape.indices where shape[axis] > 0 {
        for indexShape in [[], [3], [2, 2], [0]] {
          let at = indices(indexShape, below: shape[axis])
          for type in ElementType.allCases {
            let x = counting(shape, type: type)
            let result = x.gathered(at: at.cast(to: .int32), axis: axis)
            let expectedShape = shape[..<axis] + indexShape + shape[(axis + 1)...]
            XCTAssertEqual(result.shape, Array(expectedShape))
            XCTAssertEqual(result.type, type)
            let (elements, where_) = (x.doubles, at.values(Int64.self))
            let expected = places(result.shape).map { place -> Double in
              let index = Array(place[axis..<axis + indexShape.count])
              let row = Int(where_[number(of: index, in: indexShape)])
              return elements[
                number(of: place[..<axis] + [row] + place[(axis + indexShape.count)...], in: shape)]
            }
            XCTAssertEqual(result.doubles, expected)
          }
        }
      }
    }
  }

  func testScatteringAddsInOrderForAnyNumberOfThreads() {
    for (outer, size, count, inner) in [
      (1, 50, 3_000, 300), (1, 5_000, 30_000, 9), (1, 90_000, 300_000, 1), (12, 7, 500, 40),
    ] {
      for seed in checkSeeds {
        let at = indices([count], below: size, seed: seed)
        let base = random([outer, size, inner], seed: seed).cast(to: .float32)
        let values = random([outer, count, inner], seed: seed + 1).cast(to: .float32)
        var expected = base.values(Float.self)
        let (rows, terms) = (at.values(Int64.self), values.values(Float.self))
        for o in 0..<outer {
          for k in 0..<count {
            for i in 0..<inner { expected[(o * size + Int(rows[k])) * inner + i] += terms[(o * count + k) * inner + i] }
          }
        }
        for threads in 1...4 {
          let result = Compute.$threads.withValue(threads) { base.scatterAdded(values, at: at, axis: 1) }
          XCTAssertEqual(result.values(Float.self), expected, "\(size), \(count), \(inner), \(threads) threads")
        }
      }
    }
  }

  func testGradientOfAnEmbeddingForAnyNumberOfThreads() {
    let table = random([40, 260]).cast(to: .float32)
    let at = indices([60, 50], below: 40)
    let weights = random([60, 50, 260], seed: 2).cast(to: .float32)
    var first: [Float]?
    for threads in 1...4 {
      let gradient = Compute.$threads.withValue(threads) {
        valueWithGradients(at: [table]) { (embedding(at, table: $0[0]) * weights).sum() }.gradients[0]
      }
      XCTAssertEqual(gradient.shape, [40, 260])
      first = first ?? gradient.values(Float.self)
      XCTAssertEqual(gradient.values(Float.self), first)
    }
    let wide = valueWithGradients(at: [table.cast(to: .float64)]) {
      (embedding(at, table: $0[0]) * weights.cast(to: .float64)).sum()
    }.gradients[0]
    // About 75 terms below 2 each.
    for (a, b) in zip(first ?? [], wide.doubles) { XCTAssertEqual(Double(a), b, accuracy: 2e-5) }
  }

  func testTakingAlongAnAxis() {
    let x = counting([2, 3])
    let at = Tensor([Int64(2), 0, 0, 1], shape: [2, 2])
    XCTAssertEqual(x.taken(along: 1, at: at).doubles, [2, 0, 3, 4])
    XCTAssertEqual(x.taken(along: 0, at: Tensor([Int32(1), 0, 1], shape: [1, 3])).doubles, [3, 1, 5])
    let (_, gradients) = valueWithGradients(at: [x]) {
      $0[0].taken(along: 1, at: Tensor([Int64(1), 1, 0, 2], shape: [2, 2])).sum()
    }
    XCTAssertEqual(gradients[0].doubles, [0, 2, 0, 1, 0, 1])
    XCTAssertEqual(
      Tensor([true, false]).taken(along: 0, at: Tensor([Int64(1), 0, 0])).values(Bool.self), [false, true, true])
  }

  func testOneHot() {
    let labels = Tensor([Int32(2), 0], shape: [2, 1])
    for type in ElementType.allCases {
      let rows = labels.oneHot(classes: 3, type: type)
      XCTAssertEqual(rows.shape, [2, 1, 3])
      XCTAssertEqual(rows.type, type)
      XCTAssertEqual(rows.doubles, [0, 0, 1, 1, 0, 0])
    }
    XCTAssertEqual(Tensor([Int64](), shape: [0]).oneHot(classes: 4).shape, [0, 4])
  }

  func testSegments() {
    let values = Tensor([Float(1), 2, 3, 4, 5, -6, 7, 8], shape: [4, 2])
    let segments = Tensor([Int32(2), 0, 2, 2])
    XCTAssertEqual(segmentSum(values, segments: segments, count: 4).doubles, [3, 4, 0, 0, 13, 4, 0, 0])
    let mean = segmentMean(values, segments: segments, count: 4).doubles
    for (a, b) in zip(mean, [3, 4, 0, 0, 13.0 / 3, 4.0 / 3, 0, 0]) { XCTAssertEqual(a, b, accuracy: 1e-6) }
    XCTAssertEqual(segmentMax(values, segments: segments, count: 4).doubles, [3, 4, 0, 0, 7, 8, 0, 0])
    XCTAssertEqual(segmentMax(-values, segments: segments, count: 3).doubles, [-3, -4, 0, 0, -1, 6])
    XCTAssertEqual(
      segmentSum(values.cast(to: .int64), segments: segments, count: 3).values(Int64.self), [3, 4, 0, 0, 13, 4])
    XCTAssertEqual(segmentSum(.zeros([0, 3]), segments: Tensor([Int64]()), count: 2).doubles, [0, 0, 0, 0, 0, 0])
  }

  func testEqualRowsShareTheGradientOfASegmentsMaximum() {
    let values = Tensor([3.0, 3, 1, 2])
    let (_, gradients) = valueWithGradients(at: [values]) {
      (segmentMax($0[0], segments: Tensor([Int64(0), 0, 0, 1]), count: 3) * Tensor([10.0, 1, 5])).sum()
    }
    XCTAssertEqual(gradients[0].doubles, [5, 5, 0, 1])
  }

  func testBags() {
    let table = counting([4, 2])
    let (at, offsets) = (Tensor([Int64(3), 1, 1, 0]), Tensor([Int64(0), 2, 2]))
    XCTAssertEqual(embeddingBag(at, offsets: offsets, table: table).doubles, [8, 10, 0, 0, 2, 4])
    XCTAssertEqual(embeddingBag(at, offsets: offsets, table: table, mode: .mean).doubles, [4, 5, 0, 0, 1, 2])
    XCTAssertEqual(embeddingBag(at, offsets: offsets, table: table, mode: .max).doubles, [6, 7, 0, 0, 2, 3])
    XCTAssertEqual(embeddingBag(Tensor([Int64]()), offsets: Tensor([Int64(0)]), table: table).doubles, [0, 0])
    let (_, gradients) = valueWithGradients(at: [table]) { embeddingBag(at, offsets: offsets, table: $0[0]).sum() }
    XCTAssertEqual(gradients[0].doubles, [1, 1, 2, 2, 0, 0, 1, 1])
  }
}
