import Basics
import Checks
import Tensors
import XCTest

/// Softmax, its logarithm, and the cross entropy of labels.
final class SoftmaxTests: XCTestCase {
  /// Rows of many lengths: none, one, less and more than a register, and large enough for several tasks.
  private let shapes = [
    [0], [1], [7], [3, 0], [0, 4], [1, 1], [5, 3], [2, 3, 17], [33, 40], [700, 65], [3, 5_001],
  ]

  func testKnownAnswers() {
    let x = Tensor([0.0, log(2.0), log(3.0)])
    for (a, b) in zip(softmax(x).doubles, [1.0 / 6, 2.0 / 6, 3.0 / 6]) { XCTAssertEqual(a, b, accuracy: 1e-15) }
    for (a, b) in zip(logSoftmax(x.cast(to: .float32)).doubles, [log(1.0 / 6), log(2.0 / 6), log(3.0 / 6)]) {
      XCTAssertEqual(a, b, accuracy: 1e-6)
    }
  }

  func testFusedAgreesWithComposition() {
    for shape in shapes {
      let x = random(shape, in: -4..<4, seed: 3)
      checkFused("softmax", at: [x]) { [softmax($0[0])] }
      checkFused("logSoftmax", at: [x]) { [logSoftmax($0[0])] }
    }
    for axis in [0, 1, -2] {
      checkFused("softmax of axis \(axis)", at: [random([4, 5, 6])]) { [softmax($0[0], axis: axis)] }
    }
  }

  func testOtherAxesAreTransposed() {
    let x = random([3, 4, 2])
    expectClose(
      softmax(x, axis: 1), softmax(x.transposed(axes: [0, 2, 1])).transposed(axes: [0, 2, 1]), 1e-15, "softmax")
    for sum in softmax(x, axis: 0).sum(axes: [0]).doubles { XCTAssertEqual(sum, 1, accuracy: 1e-14) }
  }

  func testLargeNumbersDoNotOverflow() {
    for type in [ElementType.float32, .float64] {
      let x = Tensor([1e4, 1e4, -1e4]).cast(to: type)
      XCTAssertEqual(softmax(x).doubles, [0.5, 0.5, 0])
      let y = Tensor([-Double.infinity, 0, 0]).cast(to: type)
      XCTAssertEqual(softmax(y).doubles, [0, 0.5, 0.5])
      XCTAssertEqual(logSoftmax(y).doubles[0], -.infinity)
      XCTAssertEqual(logSoftmax(y).doubles[1], -log(2), accuracy: 1e-7)
    }
  }

  func testGradients() {
    for shape in [[1], [4], [2, 3]] {
      checkGradients("softmax", at: [random(shape)]) { softmax($0[0]) }
      checkGradients("logSoftmax", at: [random(shape)]) { logSoftmax($0[0]) }
    }
  }

  // MARK: - Cross entropy

  private func labels(_ shape: [Int], below classes: Int, type: ElementType = .int64) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { Int64(($0 * 5 + 2) % max(1, classes)) }, shape: shape).cast(to: type)
  }

  func testCrossEntropyKnownAnswers() {
    let logits = Tensor([0.0, log(2.0), log(3.0), log(4.0), 0, log(5.0)], shape: [2, 3])
    let labels = Tensor([Int32(2), 0])
    // The classes' probabilities are 1/6, 2/6, 3/6 and 4/10, 1/10, 5/10.
    for type in [ElementType.float32, .float64] {
      let losses = softmaxCrossEntropy(logits.cast(to: type), labels: labels).doubles
      XCTAssertEqual(losses[0], log(2), accuracy: 1e-6)
      XCTAssertEqual(losses[1], log(2.5), accuracy: 1e-6)
      let smooth = softmaxCrossEntropy(logits.cast(to: type), labels: labels, smoothing: 0.3).doubles
      let even: Double = log(6.0) + log(3.0) + log(2.0)
      XCTAssertEqual(smooth[0], 0.7 * log(2.0) + 0.1 * even, accuracy: 1e-6)
      let weights = Tensor([3.0, 1, 2]).cast(to: type)
      let weighted = softmaxCrossEntropy(logits.cast(to: type), labels: labels, classWeights: weights).doubles
      XCTAssertEqual(weighted[0], 2 * log(2), accuracy: 1e-6)
      XCTAssertEqual(weighted[1], 3 * log(2.5), accuracy: 1e-6)
    }
  }

  func testCrossEntropyIsMinusTheLogarithmOfSoftmax() {
    let x = random([6, 5])
    let labels = labels([6], below: 5)
    let expected = -logSoftmax(x).taken(along: 1, at: labels.expanded(axis: 1)).squeezed(axes: [1])
    expectClose(softmaxCrossEntropy(x, labels: labels), expected, 1e-14, "cross entropy")
  }

  func testFusedCrossEntropyAgreesWithComposition() {
    for shape in [[1], [6], [0, 3], [1, 1], [5, 3], [2, 3, 17], [700, 65], [2, 5_001]] {
      let x = random(shape, in: -4..<4, seed: 5)
      let classes = shape[shape.count - 1]
      for type in [ElementType.int32, .int64] {
        let labels = labels(Array(shape.dropLast()), below: classes, type: type)
        checkFused("cross entropy", at: [x]) { [softmaxCrossEntropy($0[0], labels: labels)] }
        checkFused("cross entropy, smooth", at: [x]) {
          [softmaxCrossEntropy($0[0], labels: labels, smoothing: 0.1, ignoring: 1)]
        }
        checkFused("cross entropy, weighted", at: [x, random([classes], in: 0.5..<2)]) {
          [softmaxCrossEntropy($0[0], labels: labels, smoothing: 0.2, classWeights: $0[1], ignoring: 2)]
        }
      }
    }
  }

  func testIgnoredRowsCountNothing() {
    let x = random([4, 3])
    let labels = Tensor([Int64(1), -100, 2, -100])
    for type in [ElementType.float32, .float64] {
      let input = x.cast(to: type)
      let (_, gradients) = valueWithGradients(at: [input]) {
        softmaxCrossEntropy($0[0], labels: labels, smoothing: 0.1, ignoring: -100).sum()
      }
      let losses = softmaxCrossEntropy(input, labels: labels, smoothing: 0.1, ignoring: -100).doubles
      XCTAssertEqual(losses[1], 0)
      XCTAssertEqual(losses[3], 0)
      XCTAssertGreaterThan(losses[0], 0)
      XCTAssertEqual(Array(gradients[0].doubles[3..<6]), [0, 0, 0])
      XCTAssertNotEqual(gradients[0].doubles[0], 0)
    }
    // Whatever stands in a row that is ignored.
    let broken = Tensor([1.0, 2, 3, .nan, .infinity, 0], shape: [2, 3])
    let some = Tensor([Int64(1), -1])
    for type in [ElementType.float32, .float64] {
      let losses = softmaxCrossEntropy(broken.cast(to: type), labels: some, ignoring: -1).doubles
      XCTAssertEqual(losses[1], 0)
      XCTAssertTrue(losses[0].isFinite)
    }
  }

  func testGradientsOfCrossEntropy() {
    let labels = Tensor([Int64(1), 0, 7])
    checkGradients("cross entropy", at: [random([3, 4]), random([4], in: 0.5..<2, seed: 2)]) {
      softmaxCrossEntropy($0[0], labels: labels, smoothing: 0.2, classWeights: $0[1], ignoring: 7)
    }
    checkGradients("cross entropy", at: [random([2, 3])]) { softmaxCrossEntropy($0[0], labels: labels[0..<2]) }
  }
}
