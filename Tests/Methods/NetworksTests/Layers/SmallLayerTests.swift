import Basics
import Networks
import Tensors
import XCTest

/// What small layers compute.
final class SmallLayerTests: XCTestCase {
  func testDropoutActsInTrainingAlone() {
    let layer = Dropout(0.3)
    let x = Tensor.ones([200, 100])
    XCTAssertEqual(layer(x).doubles, x.doubles)
    let values = layer(x, .training(RandomKey(seed: 3))).doubles
    XCTAssertEqual(Set(values.map { Float($0) }), [0, Float(1 / 0.7)])
    let share = Double(values.filter { $0 == 0 }.count) / 20_000
    // Four standard errors of sqrt(0.21 / 20000).
    XCTAssertEqual(share, 0.3, accuracy: 0.013)
    let pass = Pass.training(RandomKey(seed: 3))
    XCTAssertNotEqual(layer(x, pass).doubles, layer(x, pass).doubles)
  }

  func testPaddingHasZerosAndDoesNotLearn() {
    let layer = Embedding(4, 2, padding: 1, key: RandomKey(seed: 1))
    let indices = Tensor([0, 1, 1, 3])
    XCTAssertEqual(layer(indices)[1].doubles, [0, 0])
    let (_, gradients) = valueWithGradients(of: layer) { layer(indices).sum() }
    XCTAssertEqual(gradients[layer.weight]?.doubles, [1, 1, 0, 0, 0, 0, 1, 1])
  }

  func testScoresOfAnEmbedding() {
    let layer = Embedding(4, 2, key: RandomKey(seed: 1))
    let table = layer.weight.value.doubles
    let scores = layer.scores(Tensor([1, 10] as [Float], shape: [1, 1, 2]))
    XCTAssertEqual(scores.shape, [1, 1, 4])
    let expected = (0..<4).map { row -> Double in table[2 * row] + 10 * table[2 * row + 1] }
    assertClose(scores.doubles, expected, tolerance: 1e-6)
  }

  func testBagsOfEmbeddings() {
    for (mode, expected) in [(EmbeddingBagMode.sum, [4.0, 0, 3]), (.mean, [2, 0, 3]), (.max, [3, 0, 3])] {
      let layer = EmbeddingBag(4, 1, mode: mode, key: RandomKey(seed: 1))
      layer.weight.value = Tensor([0, 1, 2, 3] as [Float], shape: [4, 1])
      XCTAssertEqual(layer(Tensor([1, 3, 3]), offsets: Tensor([0, 2, 2])).doubles, expected)
    }
  }

  func testCheckpointedLayersGiveTheSameGradients() {
    let key = RandomKey(seed: 4)
    let inner = Sequential(Dense(3, 8, activation: .tanh, key: key[0]), Dropout(0.5), Dense(8, 2, key: key[1]))
    let layer = Checkpointed(inner)
    let x = Tensor.normal([5, 3], key: key["x"])
    let (value, gradients) = valueWithGradients(of: layer) { square(layer(x, .training(key["pass"]))).sum() }
    // The layer's own pass has a key of the outer one.
    let own = Pass.training(key["pass"]).nextKey()
    let (same, plain) = valueWithGradients(of: inner) { square(inner(x, .training(own))).sum() }
    XCTAssertEqual(value.scalar, same.scalar)
    XCTAssertEqual(
      gradients.parameters.map { gradients[$0.parameter]?.doubles },
      plain.parameters.map { plain[$0.parameter]?.doubles })
    XCTAssertEqual(gradients.parameters.map(\.path).first, "layer.layers.0.weight")
  }

  func testCausalConvolutionsDoNotSeeTheFuture() {
    let layer = Conv1D(2, 3, size: 3, dilation: 2, isCausal: true, key: RandomKey(seed: 2))
    layer.cast(to: .float64)
    let x = normal([1, 9, 2], RandomKey(seed: 3))
    let later = concatenated([x.sliced(axis: 1, 0..<5), normal([1, 4, 2], RandomKey(seed: 4))], axis: 1)
    assertClose(
      layer(x).sliced(axis: 1, 0..<5).doubles, layer(later).sliced(axis: 1, 0..<5).doubles, tolerance: 1e-12)
    XCTAssertNotEqual(layer(x).doubles.last, layer(later).doubles.last)
  }

  func testPositionsAreWaves() {
    let layer = SinusoidalPositions(4, longest: 1)
    let waves = layer(Tensor.zeros([1, 3, 4], type: .float64)).doubles
    let expected = (0..<3).flatMap { position -> [Double] in
      let p = Double(position)
      return [sin(p), cos(p), sin(p / 100), cos(p / 100)]
    }
    assertClose(waves, expected, tolerance: 1e-12)
    let learned = LearnedPositions(4, 2, key: RandomKey(seed: 1))
    let table = learned.weight.value
    XCTAssertEqual(learned(.zeros([1, 2, 2]), start: 1).doubles, table[1..<3].doubles)
  }
}
