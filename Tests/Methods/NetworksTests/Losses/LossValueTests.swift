import Basics
import Checks
import Foundation
import Networks
import Tensors
import XCTest

/// Losses at points where their values are known.
final class LossValueTests: XCTestCase {
  private func assert(_ loss: Tensor, _ expected: Double, accuracy: Double = 1e-10, line: UInt = #line) {
    XCTAssertEqual(loss.scalar, expected, accuracy: accuracy, line: line)
  }

  private func assert(_ losses: Tensor, _ expected: [Double], line: UInt = #line) {
    assertClose(losses.doubles, expected, tolerance: 1e-10, line: line)
  }

  func testCrossEntropy() {
    let even = Tensor.zeros([2, 4], type: .float64)
    assert(crossEntropy(even, labels: Tensor([1, 3])), log(4))
    let logits = Tensor([log(0.7), log(0.2), log(0.1)], shape: [1, 3])
    assert(crossEntropy(logits, labels: Tensor([1])), -log(0.2))
    let smooth = -(0.8 * log(0.2) + 0.1 * (log(0.7) + log(0.2) + log(0.1)) * 2 / 3)
    assert(crossEntropy(logits, labels: Tensor([1]), smoothing: 0.2), smooth)
    let both = concatenated([logits, logits], axis: 0)
    let weighted = (2 * -log(0.7) + 5 * -log(0.1)) / 7
    assert(crossEntropy(both, labels: Tensor([0, 2]), classWeights: [2, 3, 5]), weighted)
    assert(crossEntropy(both, labels: Tensor([0, -1]), ignoring: -1), -log(0.7))
    assert(crossEntropy(both, labels: Tensor([-1, -1]), ignoring: -1), 0)
    assert(crossEntropy(both, labels: Tensor([0, -1]), ignoring: -1, reduction: .none), [-log(0.7), 0])
    let half = Tensor([0.5, 0.5, 0], shape: [1, 3])
    assert(crossEntropy(logits, probabilities: half), -0.5 * (log(0.7) + log(0.2)))
    assert(crossEntropy(Tensor([1000.0, 0], shape: [1, 2]), labels: Tensor([1])), 1000)
  }

  func testBinaryCrossEntropy() {
    let logit = Tensor([log(3.0)])  // probability 3/4
    assert(binaryCrossEntropy(logit, targets: Tensor([1.0])), -log(0.75))
    assert(binaryCrossEntropy(logit, targets: Tensor([false])), -log(0.25))
    assert(binaryCrossEntropy(logit, targets: Tensor([1.0]), positiveWeight: Tensor(3.0)), -3 * log(0.75))
    assert(binaryCrossEntropy(logit, targets: Tensor([0.0]), positiveWeight: Tensor(3.0)), -log(0.25))
    let far = Tensor([800.0, -800, 800, -800])
    assert(binaryCrossEntropy(far, targets: Tensor([1.0, 0, 0, 1]), reduction: .none), [0, 0, 800, 800])
    let weight = Tensor(2.0)
    assert(
      binaryCrossEntropy(far, targets: Tensor([1.0, 0, 0, 1]), positiveWeight: weight, reduction: .none),
      [0, 0, 800, 1600])
  }

  func testRegression() {
    let (p, t) = (Tensor([1.0, 2, -4]), Tensor([1.5, 2, 0]))
    assert(meanSquaredError(p, targets: t), (0.25 + 16) / 3)
    assert(meanAbsoluteError(p, targets: t), 4.5 / 3)
    assert(huberLoss(p, targets: t, reduction: .none), [0.125, 0, 3.5])
    assert(huberLoss(p, targets: t, delta: 2, reduction: .none), [0.125, 0, 6])
    let quantiles = pinballLoss(
      Tensor([1.0, 3, 1, 3], shape: [2, 2]), targets: Tensor([2.0, 4]), quantiles: [0.1, 0.9], reduction: .none)
    assert(quantiles, [0.1, 0.1, 0.3, 0.9])
  }

  func testCounts() {
    assert(poissonLoss(Tensor([log(2.0)]), counts: Tensor([3.0])), 2 - 3 * log(2.0))
    // The density of y = 2 under a normal distribution with mean 0.5 and variance 4.
    let density = exp(-1.5 * 1.5 / 8) / (8 * Double.pi).squareRoot()
    assert(gaussianLoss(Tensor([0.5]), logVariances: Tensor([log(4.0)]), targets: Tensor([2.0])), -log(density))
    let cases: [[Double]] = [[0, 2, 0.5], [3, 2, 0.5], [10, 0.1, 7], [500, 480, 30], [2, 1e-3, 1e-3]]
    for item in cases {
      let (y, m, r) = (item[0], item[1], item[2])
      let p: Double = r / (r + m)
      let binomial: Double = lgamma(y + r) - lgamma(r) - lgamma(y + 1)
      let logProbability: Double = binomial + r * log(p) + y * log(1 - p)
      let loss = negativeBinomialLoss(Tensor([log(m)]), logSizes: Tensor([log(r)]), counts: Tensor([y]))
      XCTAssertEqual(loss.scalar / -logProbability, 1, accuracy: 1e-9, "\(y) \(m) \(r)")
    }
  }

  func testSimilarity() {
    let (a, b) = (Tensor([3.0, 4, 0, 0], shape: [2, 2]), Tensor([4.0, 3, 1, 0], shape: [2, 2]))
    assert(cosineLoss(a, b, reduction: .none), [1 - 24.0 / 25, 1])
    let far = Tensor([0.0, 0, 3, 4], shape: [2, 2])
    let near = Tensor([1.0, 0, 3, 0], shape: [2, 2])
    let zero = Tensor.zeros([2, 2], type: .float64)
    // |0 - near| = 1, 3; |0 - far| = 0 (held at 1e-6), 5.
    let triplets = tripletLoss(zero, positives: near, negatives: far, margin: 1.5, reduction: .none)
    assertClose(triplets.doubles, [2.5, 0], tolerance: 2e-6)
    assert(bprLoss(Tensor([2.0]), negatives: Tensor([1.0])), log(1 + exp(-1)))
  }

  func testContrast() {
    let (q, k) = (normal([3, 4], RandomKey(seed: 1)), normal([5, 4], RandomKey(seed: 2)))
    let (x, y) = (q.doubles, k.doubles)
    func cosine(_ i: Int, _ j: Int) -> Double {
      let (a, b) = (x[4 * i..<4 * i + 4], y[4 * j..<4 * j + 4])
      func dot(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
    let losses = (0..<3).map { i in
      let powers = (0..<5).map { exp(cosine(i, $0) / 0.2) }
      return -log(powers[i] / powers.reduce(0, +))
    }
    assert(infoNCE(q, keys: k, temperature: 0.2, reduction: .none), losses)
  }

  /// All ways to spread a label over a short input, summed.
  func testTemporalClassificationAgainstAllAlignments() {
    let logits = normal([1, 4, 3], RandomKey(seed: 8))
    let p = softmax(logits).doubles
    for label in [[1], [2, 1], [1, 1], []] {
      for length in 3...4 {
        var total = 0.0
        for path in 0..<Int(pow(3, Double(length))) {
          let steps = (0..<length).map { path / Int(pow(3, Double($0))) % 3 }
          let merged = steps.enumerated().filter { $0.offset == 0 || steps[$0.offset - 1] != $0.element }.map(\.element)
          guard merged.filter({ $0 != 0 }) == label else { continue }
          total += steps.enumerated().reduce(1) { $0 * p[3 * $1.offset + $1.element] }
        }
        let padded = label + Array(repeating: 0, count: 2 - label.count)
        let loss = temporalClassificationLoss(
          logits, labels: Tensor(padded, shape: [1, 2]), inputLengths: Tensor([length]),
          labelLengths: Tensor([label.count]))
        assert(loss, -log(total), accuracy: 1e-9)
      }
    }
  }

  func testPartialLikelihood() {
    let risks = [0.3, -1, 0.8, 0.1, -0.4, 1.2]
    let times = [5.0, 2, 2, 7, 2, 5]
    let events = [true, true, true, false, false, true]
    let e = risks.map { exp($0) }
    func atRisk(_ time: Double) -> Double { (0..<6).filter { times[$0] >= time }.reduce(0) { $0 + e[$1] } }
    let breslow = 2 * log(atRisk(5)) - 0.3 - 1.2 + 2 * log(atRisk(2)) + 1 - 0.8
    let efron =
      log(atRisk(5)) + log(atRisk(5) - (e[0] + e[5]) / 2) - 0.3 - 1.2 + log(atRisk(2))
      + log(atRisk(2) - (e[1] + e[2]) / 2) + 1 - 0.8
    func loss(_ ties: TiedEvents) -> Tensor {
      coxLoss(Tensor(risks), times: Tensor(times), events: Tensor(events), ties: ties, reduction: .sum)
    }
    assert(loss(.breslow), breslow)
    assert(loss(.efron), efron)
    let censored = Tensor(Array(repeating: false, count: 6))
    assert(coxLoss(Tensor(risks), times: Tensor(times), events: censored), 0)
    XCTAssertEqual(coxLoss(Tensor(risks), times: Tensor(times), events: censored, reduction: .none).shape, [0])
  }

  func testLabelsOutsideAreErrors() throws {
    try checkLabels(Tensor([0, 2, 1]), classes: 3)
    try checkLabels(Tensor([0, -1, 1]), classes: 2, ignoring: -1)
    assertAssayError(.data, saying: ["label 3", "0 ..< 3", "label 1"]) {
      try checkLabels(Tensor([0, 3, 1]), classes: 3)
    }
    assertAssayError(.data, saying: ["label -1"]) { try checkLabels(Tensor([Int32(-1)]), classes: 3) }
    assertAssayError(.data, saying: ["float32"]) { try checkLabels(Tensor([Float(1)]), classes: 3) }
  }
}
