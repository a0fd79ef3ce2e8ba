import Basics
import Networks
import Tensors
import XCTest

/// The gradients of losses against central differences, their reductions, and extreme input.
final class LossGradientTests: XCTestCase {
  private struct Case {
    let name: String
    /// Shapes of what the gradient flows to.
    let shapes: [[Int]]
    let loss: ([Tensor], Reduction) -> Tensor
  }

  private let cases: [Case] = {
    let labels = Tensor([2, 0, 1, 2, 1])
    let targets = normal([5, 3], RandomKey(seed: 40))
    let binary = Tensor([1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0.25], shape: [5, 3])
    let counts = Tensor([0, 1, 2, 3, 0, 7, 1, 4, 0, 2, 5, 1, 0, 3, 2], shape: [5, 3])
    let times = Tensor([3, 1, 2, 2, 2.0])
    let events = Tensor([true, false, true, true, true])
    return [
      Case(name: "crossEntropy", shapes: [[5, 3]]) { crossEntropy($0[0], labels: labels, reduction: $1) },
      Case(name: "crossEntropy, smoothed and weighted", shapes: [[5, 3]]) {
        crossEntropy(
          $0[0], labels: labels, smoothing: 0.1, classWeights: [1, 2, 0.5], ignoring: 0, reduction: $1)
      },
      Case(name: "crossEntropy, probabilities", shapes: [[5, 3]]) {
        crossEntropy($0[0], probabilities: softmax(targets), reduction: $1)
      },
      Case(name: "binaryCrossEntropy", shapes: [[5, 3]]) { binaryCrossEntropy($0[0], targets: binary, reduction: $1) },
      Case(name: "binaryCrossEntropy, weighted", shapes: [[5, 3]]) {
        binaryCrossEntropy($0[0], targets: binary, positiveWeight: Tensor([2, 0.5, 3.0]), reduction: $1)
      },
      Case(name: "meanSquaredError", shapes: [[5, 3]]) { meanSquaredError($0[0], targets: targets, reduction: $1) },
      Case(name: "meanAbsoluteError", shapes: [[5, 3]]) { meanAbsoluteError($0[0], targets: targets, reduction: $1) },
      Case(name: "huberLoss", shapes: [[5, 3]]) { huberLoss($0[0], targets: targets, delta: 0.7, reduction: $1) },
      Case(name: "pinballLoss", shapes: [[5, 3, 2]]) {
        pinballLoss($0[0], targets: targets, quantiles: [0.1, 0.6], reduction: $1)
      },
      Case(name: "poissonLoss", shapes: [[5, 3]]) { poissonLoss($0[0], counts: counts, reduction: $1) },
      Case(name: "gaussianLoss", shapes: [[5, 3], [5, 3]]) {
        gaussianLoss($0[0], logVariances: $0[1], targets: targets, reduction: $1)
      },
      Case(name: "negativeBinomialLoss", shapes: [[5, 3], [5, 3]]) {
        negativeBinomialLoss($0[0], logSizes: $0[1], counts: counts, reduction: $1)
      },
      Case(name: "cosineLoss", shapes: [[5, 3], [5, 3]]) { cosineLoss($0[0], $0[1], reduction: $1) },
      Case(name: "tripletLoss", shapes: [[5, 3], [5, 3], [5, 3]]) {
        tripletLoss($0[0], positives: $0[1], negatives: $0[2], reduction: $1)
      },
      Case(name: "infoNCE", shapes: [[5, 3], [7, 3]]) { infoNCE($0[0], keys: $0[1], temperature: 0.5, reduction: $1) },
      Case(name: "infoNCE, symmetric", shapes: [[5, 3], [5, 3]]) {
        infoNCE($0[0], keys: $0[1], temperature: 0.5, isSymmetric: true, reduction: $1)
      },
      Case(name: "bprLoss", shapes: [[5], [5]]) { bprLoss($0[0], negatives: $0[1], reduction: $1) },
      Case(name: "temporalClassificationLoss", shapes: [[2, 6, 4]]) {
        temporalClassificationLoss(
          $0[0], labels: Tensor([1, 2, 2, 3, 0, 0], shape: [2, 3]), inputLengths: Tensor([6, 4]),
          labelLengths: Tensor([3, 1]), reduction: $1)
      },
      Case(name: "coxLoss, Efron", shapes: [[5]]) { coxLoss($0[0], times: times, events: events, reduction: $1) },
      Case(name: "coxLoss, Breslow", shapes: [[5]]) {
        coxLoss($0[0], times: times, events: events, ties: .breslow, reduction: $1)
      },
    ]
  }()

  private func inputs(_ shapes: [[Int]], _ seed: UInt64) -> [Tensor] {
    shapes.enumerated().map { normal($1, RandomKey(seed: seed)[$0]) }
  }

  func testGradients() {
    for seed: UInt64 in [1, 2] {
      for item in cases {
        assertGradients(at: inputs(item.shapes, seed), item.name) { item.loss($0, .mean) }
        assertGradients(at: inputs(item.shapes, seed), item.name) { item.loss($0, .sum) }
      }
    }
  }

  func testReductionsAgree() {
    for item in cases {
      let input = inputs(item.shapes, 3)
      let single = item.loss(input, .none)
      XCTAssertEqual(item.loss(input, .sum).shape, [], item.name)
      XCTAssertEqual(item.loss(input, .mean).shape, [], item.name)
      XCTAssertEqual(item.loss(input, .sum).scalar, single.sum().scalar, accuracy: 1e-10, item.name)
      // The weighted mean divides by the weights of labels 2, 1, 2, 1; label 0 is ignored.
      let count = item.name.contains("weighted") && single.rank == 1 ? 0.5 + 2 + 0.5 + 2 : Double(single.count)
      XCTAssertEqual(item.loss(input, .mean).scalar, single.sum().scalar / count, accuracy: 1e-10, item.name)
    }
  }

  func testSinglePrecisionIsCloseToDouble() {
    for item in cases {
      let input = inputs(item.shapes, 4)
      let narrow = input.map { $0.cast(to: .float32) }
      let wide = valueWithGradients(at: input) { item.loss($0, .mean) }
      let close = valueWithGradients(at: narrow) { item.loss($0.map { $0 }, .mean) }
      // Some tens of roundings of 6e-8 each.
      assertClose([close.value.scalar], [wide.value.scalar], tolerance: 5e-6, item.name)
      for (a, b) in zip(close.gradients, wide.gradients) {
        assertClose(a.doubles, b.doubles, tolerance: 5e-6, item.name)
      }
    }
  }

  /// Input of size 1000 overflows every exponential; losses of such input are large but finite, and so are their slopes.
  func testHugeInputStaysFinite() {
    for item in cases where item.name != "poissonLoss" {
      for (size, type) in [(1000.0, ElementType.float64), (1000, .float32), (0, .float32)] {
        let input = inputs(item.shapes, 5).map { (sign($0) * size).cast(to: type) }
        let (value, gradients) = valueWithGradients(at: input) { item.loss($0, .mean) }
        XCTAssertTrue(value.scalar.isFinite, "\(item.name) at \(size), \(type): \(value.scalar)")
        for gradient in gradients {
          XCTAssertTrue(gradient.doubles.allSatisfy(\.isFinite), "\(item.name) at \(size), \(type)")
        }
      }
    }
  }

  func testEmptyBatchesHaveLossZero() {
    let none = Tensor.zeros([0, 3])
    XCTAssertEqual(meanSquaredError(none, targets: none).scalar, 0)
    XCTAssertEqual(crossEntropy(none, labels: .zeros([0], type: .int64)).scalar, 0)
  }
}
