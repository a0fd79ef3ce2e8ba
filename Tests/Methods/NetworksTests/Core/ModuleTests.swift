import Basics
import Checks
import Networks
import Tensors
import XCTest

/// Parameters found by looking through models, their values by path, and the scopes in which they are tracked.
final class ModuleTests: XCTestCase {
  private struct Pair: Sendable {
    let left: Dense
    let right: Dense
  }

  private enum Choice: Module {
    case dense(Dense)
    case nothing
  }

  private final class Shared: Module {
    let inner: Dense
    init(_ inner: Dense) { self.inner = inner }
  }

  private struct Everything: Module {
    let scale = Parameter(Tensor(Float(2)))
    let list: [any Layer]
    let named: [String: Dense]
    let absent: Dense?
    let present: Dense?
    let pair: Pair
    let choice: Choice
    let other = Choice.nothing
    let shared: Shared
    let again: Shared
    let sizes = [1, 2, 3]
    let table = Tensor([1.0, 2])

    init(_ key: RandomKey) {
      func dense(_ index: Int) -> Dense { Dense(2, 3, hasBias: false, key: key[index]) }
      list = [dense(0), Activate(.relu), dense(1)]
      named = ["b": dense(2), "a": dense(3)]
      absent = nil
      present = Dense(2, 1, key: key[4])
      pair = Pair(left: dense(5), right: dense(6))
      choice = .dense(dense(7))
      shared = Shared(dense(8))
      again = shared
    }
  }

  func testPathsLeadThroughAllKindsOfProperties() {
    let model = Everything(RandomKey(seed: 1))
    XCTAssertEqual(
      model.parameters.map(\.path),
      [
        "scale", "list.0.weight", "list.2.weight", "named.a.weight", "named.b.weight", "present.weight",
        "present.bias", "pair.left.weight", "pair.right.weight", "choice.weight", "shared.inner.weight",
      ])
    XCTAssertEqual(model.trainableCount, 1 + 6 * 8 + 2 + 1)
  }

  func testWeightsGoFromModelToModel() throws {
    let (first, second) = (Everything(RandomKey(seed: 1)), Everything(RandomKey(seed: 2)))
    XCTAssertNotEqual(first.weights["list.0.weight"]?.doubles, second.weights["list.0.weight"]?.doubles)
    try second.load(first.weights)
    XCTAssertEqual(first.weights.mapValues(\.doubles), second.weights.mapValues(\.doubles))
  }

  func testLoadedWeightsAreConverted() throws {
    let model = Dense(2, 1, key: RandomKey(seed: 1))
    try model.load(["weight": Tensor([0.5, 0.25], shape: [2, 1]), "bias": Tensor([1.0])])
    XCTAssertEqual(model.weight.type, .float32)
    XCTAssertEqual(model.weight.value.doubles, [0.5, 0.25])
  }

  func testWeightsThatDoNotFitAreNamedAndChangeNothing() {
    let model = Dense(2, 3, key: RandomKey(seed: 1))
    let before = model.weights.mapValues(\.doubles)
    var weights = model.weights
    weights["bias"] = nil
    weights["scale"] = Tensor([1.0])
    assertAssayError(.bundle, saying: ["missing: bias", "not in the model: scale"]) { try model.load(weights) }
    let other = ["weight": Tensor.zeros([2, 3]), "bias": Tensor.zeros([2])]
    assertAssayError(.bundle, saying: ["bias", "[2]", "[3]"]) { try model.load(other) }
    assertAssayError(.bundle, saying: ["int64"]) {
      try model.load(["weight": Tensor.zeros([2, 3], type: .int64), "bias": .zeros([3])])
    }
    XCTAssertEqual(model.weights.mapValues(\.doubles), before)
  }

  func testAPartOfTheWeightsCanBeLoaded() throws {
    let model = Dense(2, 3, key: RandomKey(seed: 1))
    let loaded = try model.load(["bias": .ones([3]), "head.weight": .ones([1])], isPartial: true)
    XCTAssertEqual(loaded, ["bias"])
    XCTAssertEqual(model.bias?.value.doubles, [1, 1, 1])
  }

  func testFrozenParametersHaveNoGradients() {
    let model = Sequential(Dense(2, 2, key: RandomKey(seed: 1)), Dense(2, 1, key: RandomKey(seed: 2)))
    let frozen = model.layers[0].freeze()
    XCTAssertEqual(frozen.map(\.path), ["weight", "bias"])
    let input = Tensor.ones([3, 2])
    let (_, gradients) = valueWithGradients(of: model) { model(input).sum() }
    XCTAssertEqual(gradients.parameters.map(\.path), ["layers.1.weight", "layers.1.bias"])
    for named in frozen { named.parameter.isTrainable = true }
    let (_, all) = valueWithGradients(of: model) { model(input).sum() }
    XCTAssertEqual(all.parameters.count, 4)
  }

  func testValuesAreTrackedInsideTheScopeAlone() {
    let model = Dense(2, 1, key: RandomKey(seed: 1))
    XCTAssertFalse(model.weight.value.isTracked)
    let (value, gradients) = valueWithGradients(of: model) { () -> Tensor in
      XCTAssertTrue(model.weight.value.isTracked)
      return square(model(.ones([1, 2]))).sum()
    }
    XCTAssertFalse(model.weight.value.isTracked || value.isTracked)
    XCTAssertFalse(gradients[model.weight]?.isTracked ?? true)
    XCTAssertNil(gradients["missing"])
  }

  func testParametersWithoutInfluenceHaveNoGradient() {
    let model = Sequential(Dense(2, 2, key: RandomKey(seed: 1)), Dense(2, 1, key: RandomKey(seed: 2)))
    let (_, gradients) = valueWithGradients(of: model) { model.layers[0](.ones([1, 2])).sum() }
    XCTAssertEqual(gradients.parameters.map(\.path), ["layers.0.weight", "layers.0.bias"])
  }

  func testGradientsOfGradients() {
    // The loss is the squared gradient of w^3 x: (3 w^2 x)^2, whose slope is 36 w^3 x^2.
    let w = Parameter(Tensor(2.0))
    let named = [NamedParameter(path: "w", parameter: w)]
    let x = Tensor(0.5)
    let (value, outer) = valueWithGradients(of: named) { () -> Tensor in
      let (_, inner) = valueWithGradients(of: named) { w.value * w.value * w.value * x }
      return square(inner[w] ?? x)
    }
    XCTAssertEqual(value.scalar, 36)
    XCTAssertEqual(outer[w]?.scalar, 36 * 8 * 0.25)
  }

  func testOtherValuesStandInForParameters() {
    let model = Dense(1, 1, hasBias: false, key: RandomKey(seed: 1))
    let own = model.weight.value.scalar
    let product = withValues(of: model.parameters, [Tensor([3 as Float], shape: [1, 1])]) {
      model(Tensor([2 as Float], shape: [1, 1])).scalar
    }
    XCTAssertEqual(product, 6)
    XCTAssertEqual(model.weight.value.scalar, own)
  }

  func testPassesGiveTheSameKeysInTheSameOrder() {
    let (a, b) = (Pass.training(RandomKey(seed: 4)), Pass.training(RandomKey(seed: 4)))
    let keys = (0..<4).map { _ in a.nextKey() }
    XCTAssertEqual(keys, (0..<4).map { _ in b.nextKey() })
    XCTAssertEqual(Set(keys).count, 4)
    XCTAssertFalse(Pass.inference.isTraining)
  }
}
