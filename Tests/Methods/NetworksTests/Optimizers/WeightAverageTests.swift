import Basics
import Checks
import Networks
import Tensors
import XCTest

/// Running means of weights.
final class WeightAverageTests: XCTestCase {
  func testMeansFollowTheFormula() {
    let p = Parameter(Tensor([1.0]))
    let model = [NamedParameter(path: "p", parameter: p)]
    var average = WeightAverage(model, decay: 0.3)
    p.value = Tensor([2.0])
    average.update()
    // The decay of the first step is 2 / 11, then 3 / 12, then 0.3.
    var mean = 2.0 / 11 + 2 * 9 / 11
    XCTAssertEqual(average.weights["p"]?.scalar ?? 0, mean, accuracy: 1e-12)
    for (step, value) in [5.0, -1, 4].enumerated() {
      p.value = Tensor([value])
      average.update()
      let decay = [0.25, 0.3, 0.3][step]
      mean = decay * mean + (1 - decay) * value
    }
    XCTAssertEqual(average.weights["p"]?.scalar ?? 0, mean, accuracy: 1e-12)
    XCTAssertEqual(p.value.scalar, 4)
    XCTAssertEqual(average { p.value.scalar }, mean, accuracy: 1e-12)
    XCTAssertEqual(p.value.scalar, 4)
  }

  func testStateGoesOn() throws {
    let model = Dense(3, 2, key: RandomKey(seed: 1))
    var first = WeightAverage(model.parameters)
    model.weight.value = model.weight.value * 2
    first.update()
    var second = WeightAverage(model.parameters)
    try second.restore(first.state)
    model.weight.value = model.weight.value * 3
    first.update()
    second.update()
    XCTAssertEqual(first.weights.mapValues(\.doubles), second.weights.mapValues(\.doubles))
    XCTAssertEqual(second.steps, 2)
    assertAssayError(.bundle, saying: ["mean/weight"]) {
      try second.restore(["steps": Tensor(Int64(1)), "mean/weight": .zeros([2])])
    }
    for steps in [Tensor(Double.nan), Tensor(Int64.max), Tensor(Int64(-1))] {
      var state = first.state
      state["steps"] = steps
      assertAssayError(.bundle, saying: ["steps"]) { try second.restore(state) }
    }
  }
}
