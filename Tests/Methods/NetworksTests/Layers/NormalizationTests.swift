import Basics
import Networks
import Tensors
import XCTest

/// Statistics of normalising layers.
final class NormalizationTests: XCTestCase {
  func testBatchStatisticsAndTheirRunningMeans() {
    let layer = BatchNorm(2, momentum: 0.75, epsilon: 1e-9)
    layer.cast(to: .float64)
    let x = Tensor([1, 10, 3, 30, 5, 50, 7, 20.0], shape: [2, 2, 2])
    let output = layer(x, .training(RandomKey(seed: 1)))
    // Column 0: mean 4, variance 5 (20/3 unbiased); column 1: mean 27.5, variance 218.75 (875/3).
    assertClose(
      output.sliced(axis: -1, 0..<1).doubles, [-3, -1, 1, 3].map { $0 / 5.0.squareRoot() }, tolerance: 1e-8)
    assertClose(layer.mean.value.doubles, [1, 27.5 / 4], tolerance: 1e-12)
    assertClose(layer.variance.value.doubles, [0.75 + 5.0 / 3, 0.75 + 875.0 / 12], tolerance: 1e-12)
    let still = layer(x)
    assertClose(
      still.sliced(axis: -1, 0..<1).doubles, [0, 2, 4, 6].map { $0 / (0.75 + 5.0 / 3).squareRoot() }, tolerance: 1e-8)
    assertClose(layer.mean.value.doubles, [1, 27.5 / 4], tolerance: 1e-12)
  }

  func testRunningStatisticsComeToThoseOfTheData() {
    let layer = BatchNorm(3)
    for step in 0..<200 {
      let x = Tensor.normal([64, 3], key: RandomKey(seed: 5)[step]) * Tensor([1, 2, 3] as [Float]) + 4
      _ = layer(x, .training(RandomKey(seed: 1)))
    }
    // A running mean over about 19 batches of 64 rows: an error of 3 / sqrt(1200) at one deviation.
    assertClose(layer.mean.value.doubles, [4, 4, 4], tolerance: 0.09)
    for (variance, expected) in zip(layer.variance.value.doubles, [1.0, 4, 9]) {
      XCTAssertEqual(variance / expected, 1, accuracy: 0.17)
    }
  }

  func testStatisticsAreWeightsButNotTrained() {
    let layer = BatchNorm(3)
    XCTAssertEqual(Set(layer.weights.keys), ["scale", "shift", "mean", "variance"])
    let x = Tensor.normal([8, 3], key: RandomKey(seed: 1))
    let (_, gradients) = valueWithGradients(of: layer) { square(layer(x, .training(RandomKey(seed: 2)))).sum() }
    XCTAssertEqual(gradients.parameters.map(\.path), ["scale", "shift"])
  }

  func testRowsAndGroupsAreNormalised() {
    let x = normal([4, 5, 6], RandomKey(seed: 3)) * 3 + 2
    let (layer, root, group) = (LayerNorm(6), RMSNorm(6), GroupNorm(groups: 2, 6))
    for module in [layer, root, group] as [any Module] { module.cast(to: .float64) }
    assertClose(layer(x).mean(axes: [-1]).doubles, Array(repeating: 0, count: 20), tolerance: 1e-10)
    assertClose(layer(x).variance(axes: [-1]).doubles, Array(repeating: 1, count: 20), tolerance: 1e-4)
    assertClose(square(root(x)).mean(axes: [-1]).doubles, Array(repeating: 1, count: 20), tolerance: 1e-4)
    let parts = group(x).reshaped(to: [4, 5, 2, 3])
    assertClose(parts.mean(axes: [1, 3]).doubles, Array(repeating: 0, count: 8), tolerance: 1e-10)
    assertClose(parts.variance(axes: [1, 3]).doubles, Array(repeating: 1, count: 8), tolerance: 1e-4)
  }

  func testPoolingInPassingChangesNothing() {
    let key = RandomKey(seed: 6)
    for activation in [Activation.relu, .tanh] {
      for size in [6, 7] {
        let (norm, same) = (BatchNorm(3, activation: activation), BatchNorm(3, activation: activation))
        let x = Tensor.normal([4, size, size, 3], key: key)
        let joined = Sequential(norm, MaxPool2D())
        for pass in [Pass.training(key), .inference] {
          assertClose(joined(x, pass).doubles, MaxPool2D()(same(x, pass)).doubles, tolerance: 1e-6)
        }
        XCTAssertEqual(norm.weights.mapValues(\.doubles), same.weights.mapValues(\.doubles))
      }
    }
  }
}
