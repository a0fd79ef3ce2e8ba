import Basics
import Networks
import Tensors
import XCTest

/// The core of networks end to end.
final class FirstTests: XCTestCase {
  func testAPerceptronLearnsExclusiveOr() {
    let key = RandomKey(seed: 3)
    let model = Sequential(Dense(2, 16, activation: .tanh, key: key[0]), Dense(16, 1, key: key[1]))
    let inputs = Tensor([0, 0, 0, 1, 1, 0, 1, 1] as [Float], shape: [4, 2])
    let targets = Tensor([0, 1, 1, 0] as [Float], shape: [4, 1])
    var optimizer = Adam(learningRate: 0.05)
    var last = 1.0
    for _ in 0..<200 {
      let (value, gradients) = valueWithGradients(of: model) { square(model(inputs) - targets).sum() }
      optimizer.update(model, with: gradients)
      last = value.scalar
    }
    XCTAssertLessThan(last, 0.01)
    XCTAssertEqual(
      model.parameters.map(\.path), ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"])
  }
}
