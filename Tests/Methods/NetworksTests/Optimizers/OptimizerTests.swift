import Basics
import Checks
import Kernels
import Networks
import Tensors
import XCTest

/// What all optimisers have in common.
final class OptimizerTests: XCTestCase {
  func testTheyFindTheBottomOfAParabola() {
    for (name, optimizer) in optimizers(learningRate: 0.02) {
      var optimizer = optimizer
      let x = Parameter(Tensor([3.0, -2, 1], shape: [3]))
      let named = [NamedParameter(path: "x", parameter: x)]
      let scale = Tensor([1.0, 0.5, 3])
      func loss() -> Tensor { (square(x.value) * scale).sum() }
      let start = loss().scalar
      for step in 0..<800 {
        // Steps of one size need a falling rate to come to rest.
        optimizer.learningRate = 0.02 * Schedule.linear(steps: 800).factor(at: step)
        optimizer.update(named, with: valueWithGradients(of: named, loss).gradients)
      }
      // Adagrad's steps shrink from the beginning.
      XCTAssertLessThan(loss().scalar, start * (name == "Adagrad" ? 0.95 : 0.01), name)
    }
  }

  func testTheyFollowACurvedValley() {
    let rates = [
      "SGD": 0.005, "momentum": 0.002, "Nesterov": 0.002, "Adagrad": 0.3, "RMSProp": 0.01,
      "RMSProp with momentum": 0.005,
    ]
    for (name, optimizer) in optimizers() {
      var optimizer = optimizer
      let rate = rates[name] ?? 0.02
      let x = Parameter(Tensor([-1.0, 1.5]))
      let named = [NamedParameter(path: "x", parameter: x)]
      func loss() -> Tensor {
        let (a, b) = (x.value[0], x.value[1])
        return square(1 - a) + 10 * square(b - a * a)
      }
      let start = loss().scalar
      for step in 0..<1500 {
        optimizer.learningRate = rate * Schedule.cosine(steps: 1500).factor(at: step)
        optimizer.update(named, with: valueWithGradients(of: named, loss).gradients)
      }
      XCTAssertLessThan(loss().scalar, 0.05 * start, name)
    }
  }

  func testStateGoesOnAsIfThereHadBeenNoBreak() throws {
    for ((name, optimizer), (_, fresh)) in zip(optimizers(), optimizers()) {
      var (first, second) = (optimizer, fresh)
      let model = Weights()
      for step in 0..<5 { first.update(model, with: model.gradients(step)) }
      let copy = Weights()
      try copy.load(model.weights)
      try second.restore(first.state, for: copy.parameters)
      for step in 5..<9 {
        first.update(model, with: model.gradients(step))
        second.update(copy, with: copy.gradients(step))
      }
      XCTAssertEqual(model.values, copy.values, name)
      XCTAssertEqual(first.state.mapValues(\.doubles), second.state.mapValues(\.doubles), name)
    }
  }

  func testStateThatDoesNotFitIsAnError() {
    var adam = Adam()
    let model = Weights()
    adam.update(model, with: model.gradients(0))
    var state = adam.state
    state["firstMoment/matrix"] = .zeros([3])
    assertAssayError(.bundle, saying: ["firstMoment/matrix", "[3]"]) { try adam.restore(state, for: model.parameters) }
    state["firstMoment/matrix"] = nil
    assertAssayError(.bundle, saying: ["missing", "firstMoment/matrix"]) {
      try adam.restore(state, for: model.parameters)
    }
    var sgd = SGD(momentum: 0.9)
    assertAssayError(.bundle, saying: ["velocity/matrix"]) { try sgd.restore(adam.state, for: model.parameters) }
    assertAssayError(.bundle, saying: ["steps/other"]) {
      try adam.restore(["steps/other": Tensor(Int64(1))], for: model.parameters)
    }
    for steps in [Tensor(Int64.max), Tensor(Int64(-1)), Tensor(Double.nan), Tensor([1, 2])] {
      state = adam.state
      state["steps/matrix"] = steps
      assertAssayError(.bundle, saying: ["steps/matrix"]) { try adam.restore(state, for: model.parameters) }
    }
  }

  func testOptimisersAreValues() {
    for (name, optimizer) in optimizers() {
      let model = Weights()
      var first = optimizer
      first.update(model, with: model.gradients(0))
      let saved = first.state.mapValues(\.doubles)
      let second = first
      first.update(model, with: model.gradients(1))
      XCTAssertEqual(second.state.mapValues(\.doubles), saved, name)
    }
  }

  func testTensorsTakenFromParametersStay() {
    for (name, optimizer) in optimizers() {
      var optimizer = optimizer
      let model = Weights()
      let (held, values) = (model.matrix.value, model.matrix.value.doubles)
      optimizer.update(model, with: model.gradients(0))
      XCTAssertEqual(held.doubles, values, name)
      XCTAssertNotEqual(model.matrix.value.doubles, values, name)
    }
  }

  func testFactorsOfGradientsCount() {
    for ((name, optimizer), (_, fresh)) in zip(optimizers(), optimizers()) {
      var (first, second) = (optimizer, fresh)
      let (a, b) = (Weights(), Weights())
      first.update(a, with: a.gradients(0).scaled(by: 0.25))
      let quarter = b.gradients(0).scaled(by: 0.25)
      second.update(
        b,
        with: valueWithGradients(of: b) {
          (b.matrix.value * (quarter[b.matrix] ?? b.matrix.value)).sum()
            + (b.vector.value * (quarter[b.vector] ?? b.vector.value)).sum()
        }.gradients)
      XCTAssertEqual(a.values, b.values, name)
    }
  }

  func testUntrainableAndUntouchedParametersStay() {
    for (name, optimizer) in optimizers() {
      var optimizer = optimizer
      let model = Weights()
      let vector = model.vector.value.doubles
      let part = valueWithGradients(of: model) { square(model.matrix.value).sum() }.gradients
      let all = model.gradients(0)
      optimizer.update(model, with: part)
      XCTAssertEqual(model.vector.value.doubles, vector, name)
      model.vector.isTrainable = false
      optimizer.update(model, with: all)
      XCTAssertEqual(model.vector.value.doubles, vector, name)
    }
  }

  func testStepsTakeNoMemoryAndGiveTheSameOnAnyThreads() {
    for (name, optimizer) in optimizers() {
      let results = (1...4).map { threads in
        Compute.$threads.withValue(threads) { () -> [Double] in
          var optimizer = optimizer
          let parameter = Parameter(Tensor.normal([100_003], key: RandomKey(seed: 2)))
          let named = [NamedParameter(path: "p", parameter: parameter)]
          let slope = Tensor.normal([100_003], key: RandomKey(seed: 3))
          for step in 0..<3 {
            let gradients = valueWithGradients(of: named) { (parameter.value * slope).sum() }.gradients
            MemoryPool.shared.resetPeak()
            let before = MemoryPool.shared.usage.peak
            optimizer.update(named, with: gradients)
            // The first step makes what is remembered.
            if step > 0 { XCTAssertLessThan(MemoryPool.shared.usage.peak - before, 100_000, name) }
          }
          return parameter.value.doubles
        }
      }
      for result in results { XCTAssertEqual(result, results[0], name) }
    }
  }
}
