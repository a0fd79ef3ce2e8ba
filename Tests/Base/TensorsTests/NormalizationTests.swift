import Basics
import Checks
import Tensors
import XCTest

/// Layer, root-mean-square and group normalisation.
final class NormalizationTests: XCTestCase {
  private let shapes = [[1], [6], [0, 4], [1, 1], [5, 3], [2, 3, 17], [33, 40], [700, 65], [3, 5_001]]

  /// x and vectors of its row's length, away from 0.
  private func operands(_ shape: [Int], rows: Int = 1, vectors: Int) -> [Tensor] {
    let width = shape[shape.count - 1]
    return (0..<rows).map { random(shape, seed: 3 + UInt64($0)) }
      + (0..<vectors).map { random([width], in: 0.5..<2, seed: 20 + UInt64($0)) }
  }

  func testKnownAnswers() {
    // Mean 2, variance 2/3; root mean square sqrt(14/3).
    let x = Tensor([1.0, 2, 3])
    for type in [ElementType.float32, .float64] {
      let layer = layerNorm(x.cast(to: type), epsilon: 0).doubles
      for (a, b) in zip(layer, [-1.5.squareRoot(), 0, 1.5.squareRoot()]) { XCTAssertEqual(a, b, accuracy: 1e-6) }
      let root = rmsNorm(x.cast(to: type), epsilon: 0).doubles
      for (a, b) in zip(root, [1.0, 2, 3].map { $0 / (14.0 / 3).squareRoot() }) { XCTAssertEqual(a, b, accuracy: 1e-6) }
    }
  }

  func testFusedAgreesWithComposition() {
    for shape in shapes {
      checkFused("layerNorm", at: operands(shape, vectors: 2)) { [layerNorm($0[0], gain: $0[1], bias: $0[2])] }
      checkFused("layerNorm alone", at: operands(shape, vectors: 0)) { [layerNorm($0[0], epsilon: 0.1)] }
      checkFused("rmsNorm", at: operands(shape, vectors: 1)) { [rmsNorm($0[0], gain: $0[1])] }
      // A row of one number has no variance, so its gradient is 0 times 1 / sqrt(epsilon): with a small epsilon only
      // rounding would be compared.
      let epsilon = shape.last == 1 ? 0.1 : 1e-5
      checkFused("addLayerNorm", at: operands(shape, rows: 2, vectors: 2)) {
        let result = addLayerNorm($0[0], $0[1], gain: $0[2], bias: $0[3], epsilon: epsilon)
        return [result.sum, result.normalized]
      }
      checkFused("addLayerNorm, normalized alone", at: operands(shape, rows: 2, vectors: 2)) {
        [addLayerNorm($0[0], $0[1], gain: $0[2], bias: $0[3]).normalized]
      }
    }
  }

  func testFusedGroupNormAgreesWithComposition() {
    for (shape, groups) in [
      ([0, 4], 2), ([2, 0, 4], 2), ([1, 1], 1), ([3, 6], 2), ([2, 5, 4], 4), ([2, 3, 3, 6], 3), ([4, 7, 9, 32], 8),
      ([2, 40, 40, 16], 1),
    ] {
      checkFused("groupNorm, \(groups) groups", at: operands(shape, vectors: 2)) {
        [groupNorm($0[0], groups: groups, gain: $0[1], bias: $0[2])]
      }
    }
  }

  func testRowsGetMeanZeroAndVarianceOne() {
    let y = layerNorm(random([8, 100]).cast(to: .float32) * 5 + 3)
    for mean in y.mean(axes: [1]).doubles { XCTAssertEqual(mean, 0, accuracy: 1e-5) }
    for variance in y.variance(axes: [1]).doubles { XCTAssertEqual(variance, 1, accuracy: 1e-4) }
  }

  func testFarFromZeroLosesFewDigits() {
    // A variance as the mean of squares minus the square of the mean would be lost in rounding: 1e8 against 1.
    let x = Tensor((0..<64).map { 10_000 + Float($0 % 2) }, shape: [1, 64])
    for (index, value) in layerNorm(x, epsilon: 0).doubles.enumerated() {
      XCTAssertEqual(value, index % 2 == 0 ? -1 : 1, accuracy: 1e-3)
    }
  }

  func testGroupsAreNormalisedOverPositions() {
    let x = random([2, 5, 6])
    let y = groupNorm(x, groups: 2).reshaped(to: [2, 5, 2, 3])
    for mean in y.mean(axes: [1, 3]).doubles { XCTAssertEqual(mean, 0, accuracy: 1e-12) }
    // One group of all channels of a vector is layer normalisation.
    let row = random([4, 6])
    expectClose(groupNorm(row, groups: 1), layerNorm(row), 1e-12, "one group")
  }

  func testGradients() {
    for shape in [[3], [2, 4]] {
      checkGradients("layerNorm", at: operands(shape, vectors: 2)) { layerNorm($0[0], gain: $0[1], bias: $0[2]) }
      checkGradients("rmsNorm", at: operands(shape, vectors: 1)) { rmsNorm($0[0], gain: $0[1]) }
      checkGradients("addLayerNorm", at: operands(shape, rows: 2, vectors: 2)) {
        let result = addLayerNorm($0[0], $0[1], gain: $0[2], bias: $0[3])
        return result.sum * result.normalized
      }
    }
    checkGradients("groupNorm", at: operands([2, 2, 4], vectors: 2)) {
      groupNorm($0[0], groups: 2, gain: $0[1], bias: $0[2])
    }
  }
}
