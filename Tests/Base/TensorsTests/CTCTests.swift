import Basics
import Checks
import Tensors
import XCTest

/// Connectionist temporal classification against sums over all paths.
final class CTCTests: XCTestCase {
  /// Minus the logarithm of the sum of the probabilities of all paths that collapse to the labels.
  private func reference(_ scores: [[Double]], _ labels: [Int], blank: Int) -> Double {
    let classes = scores.first?.count ?? 1
    var total = 0.0
    for path in places(Array(repeating: classes, count: scores.count)) {
      var collapsed: [Int] = []
      for (index, label) in path.enumerated() where label != blank && (index == 0 || label != path[index - 1]) {
        collapsed.append(label)
      }
      if collapsed == labels { total += exp(zip(scores, path).reduce(0) { $0 + $1.0[$1.1] }) }
    }
    return -log(total)
  }

  private let examples: [[Int]] = [[1, 2], [2, 2], [1], [], [1, 2, 1], [3, 3, 3], [2, 1, 1]]
  private let frameCounts = [5, 4, 1, 3, 5, 4, 0]

  private var labels: Tensor {
    Tensor(examples.flatMap { $0 + Array(repeating: -1, count: 3 - $0.count) }.map(Int32.init), shape: [7, 3])
  }

  private func loss(_ scores: Tensor) -> Tensor {
    ctcLoss(
      scores, labels: labels, inputLengths: Tensor(frameCounts), labelLengths: Tensor(examples.map { Int64($0.count) }))
  }

  func testAgreesWithTheSumOverAllPaths() {
    for seed in checkSeeds {
      let scores = logSoftmax(random([7, 5, 4], seed: seed))
      let expected = (0..<7).map { row in
        reference((0..<frameCounts[row]).map { scores[row][$0].doubles }, examples[row], blank: 0)
      }
      // Three equal labels need five frames; the last has labels and no frames.
      XCTAssertEqual(expected.map(\.isInfinite), [false, false, false, false, false, true, true])
      expectClose(loss(scores), Tensor(expected), 1e-12, "float64")
      expectClose(loss(scores.cast(to: .float32)), Tensor(expected), 1e-6, "float32")
    }
  }

  func testOtherBlanks() {
    let scores = logSoftmax(random([1, 4, 3]))
    let expected = reference((0..<4).map { scores[0][$0].doubles }, [0, 1], blank: 2)
    for type in [ElementType.float32, .float64] {
      let result = ctcLoss(
        scores.cast(to: type), labels: Tensor([Int64(0), 1], shape: [1, 2]), inputLengths: Tensor([Int32(4)]),
        labelLengths: Tensor([Int32(2)]), blank: 2)
      XCTAssertEqual(result.doubles[0], expected, accuracy: 1e-6)
    }
  }

  /// Rows of examples that have an alignment.
  private func possible(_ loss: Tensor) -> Tensor { loss[0..<5] }

  func testFusedAgreesWithComposition() {
    for seed in checkSeeds {
      checkFused("ctcLoss", at: [logSoftmax(random([7, 5, 4], seed: seed))]) { [possible(loss($0[0]))] }
      // Not only of distributions: the gradient is that with respect to the numbers as they are.
      checkFused("ctcLoss", at: [random([7, 5, 4], seed: seed)]) { [possible(loss($0[0]))] }
    }
  }

  func testLongSequences() {
    let (batch, frames, classes, count) = (3, 120, 11, 25)
    let labels = Tensor((0..<batch * count).map { Int64(1 + $0 * 7 / 2 % 10) }, shape: [batch, count])
    let scores = logSoftmax(random([batch, frames, classes], in: -6..<6))
    // Losses of about 300 whose float32 has steps of 3e-5.
    checkFused("ctcLoss, long", at: [scores]) {
      [
        ctcLoss(
          $0[0], labels: labels, inputLengths: Tensor([Int64(120), 100, 77]), labelLengths: Tensor([Int64(25), 20, 25]))
      ]
    }
  }

  func testNothingToCompute() {
    for (batch, frames, count) in [(0, 3, 2), (2, 0, 0), (2, 3, 0)] {
      checkFused("ctcLoss", at: [random([batch, frames, 3])]) {
        [
          ctcLoss(
            $0[0], labels: Tensor([Int64](repeating: 1, count: batch * count), shape: [batch, count]),
            inputLengths: Tensor(Array(repeating: Int64(frames), count: batch)),
            labelLengths: Tensor([Int64](repeating: 0, count: batch)))
        ]
      }
    }
  }

  func testGradients() {
    checkGradients("ctcLoss", at: [random([7, 5, 4])]) { possible(loss($0[0])) }
    checkGradients("ctcLoss behind logSoftmax", at: [random([7, 5, 4])]) { possible(loss(logSoftmax($0[0]))) }
  }

  func testGradientsOfEachFrameSumToMinusOne() {
    // Every alignment passes through one class in each frame.
    let x = random([7, 5, 4]).cast(to: .float32)
    let (_, gradients) = valueWithGradients(at: [x]) { possible(loss($0[0])).sum() }
    for row in 0..<5 {
      for frame in 0..<5 {
        let sum = gradients[0][row][frame].sum().scalar
        XCTAssertEqual(sum, frame < frameCounts[row] ? -1 : 0, accuracy: 1e-6)
      }
    }
  }

  func testImpossibleAlignmentsHaveNoGradient() {
    for type in [ElementType.float32, .float64] {
      let x = logSoftmax(random([7, 5, 4])).cast(to: type)
      let (value, gradients) = valueWithGradients(at: [x]) { loss($0[0]).sum() }
      XCTAssertEqual(value.scalar, .infinity)
      XCTAssertTrue(gradients[0][5...].doubles.allSatisfy { $0 == 0 })
      XCTAssertTrue(gradients[0].doubles.allSatisfy(\.isFinite))
      // The only class that would do has probability 0.
      let certain = Tensor([0.0, -.infinity, 0, -.infinity], shape: [1, 2, 2]).cast(to: type)
      let (infinite, slopes) = valueWithGradients(at: [certain]) {
        ctcLoss(
          $0[0], labels: Tensor([Int64(1)], shape: [1, 1]), inputLengths: Tensor([Int64(2)]),
          labelLengths: Tensor([Int64(1)])
        ).sum()
      }
      XCTAssertEqual(infinite.scalar, .infinity)
      XCTAssertEqual(slopes[0].doubles, [0, 0, 0, 0])
    }
  }
}
