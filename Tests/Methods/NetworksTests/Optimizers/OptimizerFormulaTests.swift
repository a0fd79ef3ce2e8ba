import Basics
import Networks
import Tensors
import XCTest

/// The steps of optimisers against their formulas, written out for single numbers.
final class OptimizerFormulaTests: XCTestCase {
  /// One weight with what is remembered about it.
  private struct Scalar {
    var w: Double
    var m = 0.0
    var v = 0.0
  }

  /// Runs five steps of an optimiser and of a rule for single numbers.
  private func check(
    _ optimizer: any Optimizer, line: UInt = #line, _ rule: (_ s: inout Scalar, _ g: Double, _ t: Int) -> Void
  ) {
    for type in [ElementType.float64, .float32] {
      var optimizer = optimizer
      let model = Weights(type)
      var scalars = model.values.map { Scalar(w: $0) }
      for step in 1...5 {
        let gradients = model.gradients(step)
        let slopes = (gradients[model.matrix]?.doubles ?? []) + (gradients[model.vector]?.doubles ?? [])
        for index in scalars.indices { rule(&scalars[index], slopes[index], step) }
        optimizer.update(model, with: gradients)
        // Single precision: five steps of a few roundings each.
        assertClose(
          model.values, scalars.map(\.w), tolerance: type == .float64 ? 1e-12 : 3e-6, "\(optimizer), step \(step)",
          line: line)
      }
    }
  }

  func testGradientDescent() {
    check(SGD(learningRate: 0.1, weightDecay: 0.5)) { s, g, _ in s.w -= 0.1 * (g + 0.5 * s.w) }
  }

  func testMomentum() {
    check(SGD(learningRate: 0.1, momentum: 0.9)) { s, g, _ in
      s.v = 0.9 * s.v + g
      s.w -= 0.1 * s.v
    }
    check(SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true)) { s, g, _ in
      s.v = 0.9 * s.v + g
      s.w -= 0.1 * (g + 0.9 * s.v)
    }
  }

  private func adam(_ s: inout Scalar, _ g: Double, _ t: Int, epsilon: Double = 1e-8) -> Double {
    s.m = 0.8 * s.m + 0.2 * g
    s.v = 0.95 * s.v + 0.05 * g * g
    let (m, v) = (s.m / (1 - pow(0.8, Double(t))), s.v / (1 - pow(0.95, Double(t))))
    return m / (v.squareRoot() + epsilon)
  }

  func testAdam() {
    check(Adam(learningRate: 0.1, beta1: 0.8, beta2: 0.95, weightDecay: 0.5)) { s, g, t in
      s.w -= 0.1 * adam(&s, g + 0.5 * s.w, t)
    }
    check(AdamW(learningRate: 0.1, beta1: 0.8, beta2: 0.95, weightDecay: 0.5)) { s, g, t in
      s.w *= 1 - 0.1 * 0.5
      s.w -= 0.1 * adam(&s, g, t)
    }
  }

  func testRMSProp() {
    check(RMSProp(learningRate: 0.1, smoothing: 0.9, weightDecay: 0.5)) { s, g, _ in
      let g = g + 0.5 * s.w
      s.v = 0.9 * s.v + 0.1 * g * g
      s.w -= 0.1 * g / (s.v.squareRoot() + 1e-8)
    }
    check(RMSProp(learningRate: 0.1, smoothing: 0.9, momentum: 0.7)) { s, g, _ in
      s.v = 0.9 * s.v + 0.1 * g * g
      s.m = 0.7 * s.m + g / (s.v.squareRoot() + 1e-8)
      s.w -= 0.1 * s.m
    }
  }

  func testAdagrad() {
    check(Adagrad(learningRate: 0.1, weightDecay: 0.5)) { s, g, _ in
      let g = g + 0.5 * s.w
      s.v += g * g
      s.w -= 0.1 * g / (s.v.squareRoot() + 1e-10)
    }
  }

  func testLion() {
    check(Lion(learningRate: 0.1, weightDecay: 0.5)) { s, g, _ in
      let c = 0.9 * s.m + 0.1 * g
      s.m = 0.99 * s.m + 0.01 * g
      s.w = s.w * (1 - 0.1 * 0.5) - 0.1 * (c > 0 ? 1 : -1)
    }
  }

  func testLAMB() {
    var optimizer = LAMB(learningRate: 0.1, beta1: 0.8, beta2: 0.95, weightDecay: 0.5)
    let model = Weights()
    var scalars = model.values.map { Scalar(w: $0) }
    for step in 1...5 {
      let gradients = model.gradients(step)
      let slopes = (gradients[model.matrix]?.doubles ?? []) + (gradients[model.vector]?.doubles ?? [])
      // The matrix decays, the vector does not; each has a rate of its own.
      for (part, decay) in [(0..<4, 0.5), (4..<7, 0)] {
        let changes = part.map { adam(&scalars[$0], slopes[$0], step, epsilon: 1e-6) + decay * scalars[$0].w }
        let weight = part.reduce(0) { $0 + scalars[$1].w * scalars[$1].w }.squareRoot()
        let change = changes.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (index, value) in zip(part, changes) { scalars[index].w -= 0.1 * weight / change * value }
      }
      optimizer.update(model, with: gradients)
      assertClose(model.values, scalars.map(\.w), tolerance: 1e-12)
    }
  }

  func testFirstStepsInNumbers() {
    func first(_ optimizer: any Optimizer) -> Double {
      var optimizer = optimizer
      let w = Parameter(Tensor([2.0]))
      let named = [NamedParameter(path: "w", parameter: w)]
      optimizer.update(named, with: valueWithGradients(of: named) { (w.value * 4).sum() }.gradients)
      return w.value.scalar
    }
    XCTAssertEqual(first(SGD(learningRate: 0.1)), 1.6, accuracy: 1e-12)
    XCTAssertEqual(first(SGD(learningRate: 0.1, momentum: 0.9)), 1.6, accuracy: 1e-12)
    XCTAssertEqual(first(SGD(learningRate: 0.1, momentum: 0.9, isNesterov: true)), 1.24, accuracy: 1e-12)
    XCTAssertEqual(first(Adam(learningRate: 0.1)), 1.9, accuracy: 1e-8)
    XCTAssertEqual(first(AdamW(learningRate: 0.1, weightDecay: 0.5)), 1.8, accuracy: 1e-8)
    XCTAssertEqual(first(RMSProp(learningRate: 0.1)), 1, accuracy: 1e-7)
    XCTAssertEqual(first(Adagrad(learningRate: 0.1)), 1.9, accuracy: 1e-9)
    XCTAssertEqual(first(Lion(learningRate: 0.1, weightDecay: 0.5)), 1.8, accuracy: 1e-12)
    XCTAssertEqual(first(LAMB(learningRate: 0.1, weightDecay: 0)), 1.8, accuracy: 1e-6)
  }

  func testDecayCanLeaveVectorsAlone() {
    var optimizer = AdamW(learningRate: 0.1, weightDecay: 1, decayed: .matrices)
    let model = Weights()
    let zeros = valueWithGradients(of: model) { (model.matrix.value * 0).sum() + (model.vector.value * 0).sum() }
    optimizer.update(model, with: zeros.gradients)
    assertClose(model.values, [0.45, -0.9, 1.8, 0.225, 1, -0.5, 3], tolerance: 1e-12)
  }
}
