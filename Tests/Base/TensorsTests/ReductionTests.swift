import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Reductions against loops over places, and what they promise about accuracy and order.
final class ReductionTests: XCTestCase {
  /// The groups of elements that reducing axes brings together, in order, for each place of the result.
  private func groups(_ x: Tensor, _ axes: [Int]) -> (shape: [Int], groups: [[Double]]) {
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let shape = kept.map { x.shape[$0] }
    var groups = Array(repeating: [Double](), count: shape.reduce(1, *))
    for (place, value) in zip(places(x.shape), x.doubles) {
      groups[number(of: kept.map { place[$0] }, in: shape)].append(value)
    }
    return (shape, groups)
  }

  private func check(
    _ name: String, _ x: Tensor, _ axes: [Int], accuracy: Double = 0, needsElements: Bool = false,
    _ function: (Tensor, [Int], Bool) -> Tensor, _ reference: ([Double]) -> Double
  ) {
    let (shape, groups) = groups(x, axes)
    if needsElements && groups.contains(where: \.isEmpty) { return }
    let result = function(x, axes, false)
    XCTAssertEqual(result.shape, shape, "\(name) of \(x.shape) over \(axes)")
    for (a, b) in zip(result.doubles, groups.map(reference)) {
      XCTAssertEqual(a, b, accuracy: accuracy * (1 + Swift.abs(b)), "\(name) of \(x.shape) over \(axes)")
    }
    let kept = function(x, axes, true)
    XCTAssertEqual(kept.shape, x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] })
    XCTAssertEqual(kept.doubles.map(\.bitPattern), result.doubles.map(\.bitPattern))
  }

  func testAllSubsetsOfAxes() {
    // Whole numbers below 2^24, for which float32 is exact; their mean and variance are rounded once or twice.
    for shape in SmallShapes.all + [[2, 3, 2, 3], [3, 1, 2, 2]] {
      let x = counting(shape) * 3 - 5
      for axes in axisSubsets(shape.count) {
        for x in [x, x.cast(to: .float64), x.cast(to: .int32), x.cast(to: .int64)] {
          check("sum", x, axes) {
            $0.sum(axes: $1, keepsAxes: $2)
          } _: {
            $0.reduce(0, +)
          }
          check("max", x, axes, needsElements: true) {
            $0.max(axes: $1, keepsAxes: $2)
          } _: {
            $0.max()!
          }
          check("min", x, axes, needsElements: true) {
            $0.min(axes: $1, keepsAxes: $2)
          } _: {
            $0.min()!
          }
        }
        for x in [x, x.cast(to: .float64)] {
          let accuracy = x.type == .float32 ? 1e-6 : 1e-14
          func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
          check("mean", x, axes, accuracy: accuracy, needsElements: true) {
            $0.mean(axes: $1, keepsAxes: $2)
          } _: {
            mean($0)
          }
          check("variance", x, axes, accuracy: accuracy, needsElements: true) {
            $0.variance(axes: $1, keepsAxes: $2)
          } _: { values in
            mean(values.map { ($0 - mean(values)) * ($0 - mean(values)) })
          }
          check("logSumExp", x, axes, accuracy: accuracy, needsElements: true) {
            $0.logSumExp(axes: $1, keepsAxes: $2)
          } _: { values in
            values.max()! + log(values.map { exp($0 - values.max()!) }.reduce(0, +))
          }
          check("product", x * 0.125, axes, accuracy: accuracy) {
            $0.product(axes: $1, keepsAxes: $2)
          } _: {
            $0.reduce(1, *)
          }
        }
        let truths = counting(shape).values(Float.self).map { Int($0) % 3 != 1 }
        let t = Tensor(truths, shape: shape)
        check("all", t, axes) {
          $0.all(axes: $1, keepsAxes: $2)
        } _: {
          $0.allSatisfy { $0 == 1 } ? 1 : 0
        }
        check("any", t, axes) {
          $0.any(axes: $1, keepsAxes: $2)
        } _: {
          $0.contains(1) ? 1 : 0
        }
      }
    }
  }

  func testReductionsOfNothing() {
    let empty = Tensor.zeros([0, 2])
    XCTAssertEqual(empty.sum(axes: [0]).doubles, [0, 0])
    XCTAssertEqual(empty.product(axes: [0]).doubles, [1, 1])
    XCTAssertEqual(empty.cast(to: .float64).product(axes: [0]).doubles, [1, 1])
    XCTAssertTrue(empty.mean(axes: [0]).doubles.allSatisfy(\.isNaN))
    XCTAssertEqual(empty.logSumExp(axes: [0]).doubles, [-.infinity, -.infinity])
    XCTAssertEqual(empty.max(axes: [1]).shape, [0])
    XCTAssertEqual(empty.cast(to: .bool).all(axes: [0]).doubles, [1, 1])
    XCTAssertEqual(empty.cast(to: .bool).any(axes: [0]).doubles, [0, 0])
  }

  func testLongSumsKeepTheirDigits() {
    // A tenth is not exact in float32: a running float32 sum of a million of them is off by several hundred.
    for shape in [[1_000_000], [250_000, 4], [1_000, 1_000], [3, 100_000, 2]] {
      let x = Tensor(repeating: 0.1, shape: shape)
      let expected = Double(Float(0.1)) * Double(shape.reduce(1, *))
      XCTAssertEqual(x.sum().scalar, expected, accuracy: 1e-7 * expected, "\(shape)")
      for axis in shape.indices {
        let part = expected / Double(shape.reduce(1, *)) * Double(shape[axis])
        for value in x.sum(axes: [axis]).doubles {
          XCTAssertEqual(value, part, accuracy: 1e-7 * part, "\(shape), \(axis)")
        }
      }
    }
  }

  func testLargeReductionsAgreeWithDouble() {
    for shape in [[70_001], [5, 40_000], [40_000, 5], [300, 700], [3, 50_000, 3], [1_200, 40, 3]] {
      let x = random(shape).cast(to: .float32)
      let wide = x.cast(to: .float64)
      for axes in axisSubsets(shape.count) where !axes.isEmpty {
        for (a, b) in zip(x.sum(axes: axes).doubles, wide.sum(axes: axes).doubles) {
          // Terms are below 2, so that the sum of their sizes is below 2 per element; 1e-7 of it is one rounding.
          let terms = axes.reduce(1) { $0 * shape[$1] }
          XCTAssertEqual(a, b, accuracy: 1e-7 * 2 * Double(terms), "\(shape), \(axes)")
        }
        XCTAssertEqual(x.max(axes: axes).doubles, wide.max(axes: axes).doubles)
        XCTAssertEqual(x.min(axes: axes).doubles, wide.min(axes: axes).doubles)
      }
    }
  }

  func testEqualElementsShareTheGradientOfTheirMaximum() {
    let x = Tensor([1.0, 3, 3, 2, 2, 0], shape: [2, 3])
    let (_, gradients) = valueWithGradients(at: [x]) { ($0[0].max(axes: [1]) * Tensor([1.0, 10])).sum() }
    XCTAssertEqual(gradients[0].doubles, [0, 0.5, 0.5, 5, 5, 0])
  }

  func testGradientsOfProductsWithZeros() {
    let (_, one) = valueWithGradients(at: [Tensor([2.0, 0, 5])]) { $0[0].product() }
    XCTAssertEqual(one[0].doubles, [0, 10, 0])
    let (_, two) = valueWithGradients(at: [Tensor([Float(2), 0, 0])]) { $0[0].product() }
    XCTAssertEqual(two[0].doubles, [0, 0, 0])
    let (_, second) = valueWithGradients(at: [Tensor([2.0, 0, 0])]) { outer in
      valueWithGradients(at: outer) { $0[0].product() }.gradients[0].sum()
    }
    XCTAssertEqual(second[0].doubles, [0, 2, 2])
  }

  func testLogSumExpOfInfinities() {
    let x = Tensor([Float.infinity, 1, -.infinity, -.infinity, -.infinity, 1_000], shape: [3, 2])
    XCTAssertEqual(x.logSumExp(axes: [1]).doubles, [.infinity, -.infinity, 1_000])
  }

  func testPlacesOfExtremes() {
    let x = Tensor([3.0, 1, 3, 0, 0, 5], shape: [2, 3])
    XCTAssertEqual(x.argMax().values(Int64.self), [0, 2])
    XCTAssertEqual(x.argMin().values(Int64.self), [1, 0])
    XCTAssertEqual(x.argMax(axis: 0).values(Int64.self), [0, 0, 1])
    XCTAssertEqual(x.argMin(axis: 0).values(Int64.self), [1, 1, 0])
    XCTAssertEqual(Tensor([1, .nan, 5, .nan]).argMax().values(Int64.self), [1])
    XCTAssertEqual(Tensor([1, Float.nan, 0]).argMin().values(Int64.self), [1])
    XCTAssertEqual(Tensor([-Float.infinity, -.infinity]).argMax().values(Int64.self), [0])
    XCTAssertEqual(Tensor([UInt8(3), 200, 7]).argMax().values(Int64.self), [1])
    for shape in [[3, 7, 600], [50_000], [20_000, 3]] {
      let x = random(shape).cast(to: .float32)
      for axis in shape.indices {
        let best = x.taken(along: axis, at: x.argMax(axis: axis).expanded(axis: axis))
        XCTAssertEqual(best.doubles, x.max(axes: [axis], keepsAxes: true).doubles)
      }
    }
  }

  func testRunningSums() {
    let x = counting([2, 3], type: .int64)
    XCTAssertEqual(x.cumulativeSum().doubles, [0, 1, 3, 3, 7, 12])
    XCTAssertEqual(x.cumulativeSum(axis: 0).doubles, [0, 1, 2, 3, 5, 7])
    XCTAssertEqual(x.cumulativeSum(isReversed: true).doubles, [3, 3, 2, 12, 9, 5])
    XCTAssertEqual(x.cumulativeSum(isExclusive: true).doubles, [0, 0, 1, 0, 3, 7])
    XCTAssertEqual(x.cumulativeSum(isReversed: true, isExclusive: true).doubles, [3, 2, 0, 9, 5, 0])
    XCTAssertEqual(counting([0, 2]).cumulativeSum(axis: 0).shape, [0, 2])
    XCTAssertEqual(Tensor([Int32.max, 1]).cumulativeSum().values(Int32.self), [.max, .min])
  }

  func testWholeSumsWrapAround() {
    XCTAssertEqual(Tensor([Int32.max, 1]).sum().values(Int32.self), [.min])
    XCTAssertEqual(Tensor([Int32(1) << 16, 1 << 16]).product().values(Int32.self), [0])
  }
}
