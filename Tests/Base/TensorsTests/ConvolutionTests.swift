import Basics
import Checks
import Kernels
import Tensors
import XCTest

/// Convolutions, pooling and batch normalisation: float32 kernels against the definitions in float64, gradients against
/// differences.
final class ConvolutionTests: XCTestCase {
  /// Products of some hundred terms of size 1 in single precision.
  private let tolerance = 2e-5

  private struct Case {
    var input: [Int]
    var kernel: [Int]
    var options: ConvolutionOptions
  }

  private let cases = [
    Case(input: [2, 5, 6, 3], kernel: [3, 3, 3, 4], options: .init(padding: .same)),
    Case(input: [1, 8, 8, 16], kernel: [3, 3, 16, 33], options: .init(padding: .all(1))),
    Case(input: [3, 7, 5, 2], kernel: [1, 1, 2, 5], options: .init()),
    Case(input: [2, 9, 8, 2], kernel: [3, 2, 2, 3], options: .init(stride: 2, padding: .same)),
    Case(input: [2, 9, 9, 1], kernel: [2, 3, 1, 7], options: .init(stride: 2, padding: .all(2), dilation: 2)),
    Case(input: [1, 6, 6, 4], kernel: [3, 3, 2, 6], options: .init(padding: .same, groups: 2)),
    Case(input: [2, 6, 5, 5], kernel: [3, 3, 1, 5], options: .init(padding: .same, groups: 5)),
    Case(input: [2, 6, 5, 3], kernel: [3, 3, 1, 6], options: .init(stride: 2, groups: 3)),
    Case(input: [1, 1, 1, 1], kernel: [1, 1, 1, 1], options: .init()),
    Case(input: [0, 4, 4, 2], kernel: [3, 3, 2, 3], options: .init()),
    Case(input: [5, 1, 12, 3], kernel: [1, 4, 3, 8], options: .init(padding: .same)),
    // A stride beyond the kernel leaves pixels out; so many pixels that the weights' gradient is summed in chunks.
    Case(input: [2, 9, 10, 2], kernel: [2, 2, 2, 3], options: .init(stride: 3)),
    Case(input: [1, 9, 9, 6], kernel: [3, 3, 2, 6], options: .init(padding: .all(1), dilation: 2, groups: 3)),
    Case(input: [4, 20, 21, 4], kernel: [3, 3, 4, 5], options: .init(padding: .same)),
    Case(input: [4, 20, 21, 6], kernel: [3, 3, 1, 6], options: .init(padding: .same, groups: 6)),
    // No output channels, with as many groups as channels.
    Case(input: [1, 4, 4, 32], kernel: [3, 3, 1, 0], options: .init(groups: 32)),
  ]

  func testSinglePrecisionFollowsTheDefinition() {
    for (number, item) in cases.enumerated() {
      let key = RandomKey(seed: 7)[number]
      let x = Tensor.normal(item.input, key: key["x"])
      let weight = Tensor.normal(item.kernel, key: key["w"])
      let bias = Tensor.normal([item.kernel[3]], key: key["b"])
      func results(_ type: ElementType) -> [[Double]] {
        let tensors = [x, weight, bias].map { $0.cast(to: type) }
        let (value, gradients) = valueWithGradients(at: tensors) {
          let y = convolution($0[0], $0[1], bias: $0[2], options: item.options, activation: .relu)
          return (y * y).sum() * 0.5
        }
        let y = convolution(tensors[0], tensors[1], bias: tensors[2], options: item.options)
        return [y.doubles, [value.scalar]] + gradients.map(\.doubles)
      }
      for (narrow, wide) in zip(results(.float32), results(.float64)) {
        let size = max(1, wide.map(abs).max() ?? 0)
        XCTAssertEqual(narrow.count, wide.count, "case \(number)")
        for (a, b) in zip(narrow, wide) { XCTAssertEqual(a, b, accuracy: tolerance * size, "case \(number)") }
      }
    }
  }

  func testGradientsOfGradientsFollowDifferences() {
    let key = RandomKey(seed: 3)
    let x = Tensor.normal([1, 4, 4, 2], key: key["x"], type: .float64)
    let weight = Tensor.normal([2, 2, 2, 3], key: key["w"], type: .float64)
    func slope(_ weight: Tensor) -> Tensor {
      let (_, g) = valueWithGradients(at: [x, weight]) {
        let y = convolution($0[0], $0[1], options: .init(stride: 1, padding: .same))
        return (y * y * y).sum()
      }
      return g[0].sum() + (g[1] * g[1]).sum()
    }
    func recorded(_ leaves: [Tensor]) -> Tensor {
      let (_, g) = valueWithGradients(at: [leaves[0], leaves[1]]) {
        let y = convolution($0[0], $0[1], options: .init(stride: 1, padding: .same))
        return (y * y * y).sum()
      }
      return g[0].sum() + (g[1] * g[1]).sum()
    }
    let (_, second) = valueWithGradients(at: [x, weight], recorded)
    let direction = Tensor.normal(weight.shape, key: key["d"], type: .float64)
    let step = 1e-5
    let difference =
      (slope(weight + direction * step).scalar - slope(weight - direction * step).scalar) / (2 * step)
    XCTAssertEqual((second[1] * direction).sum().scalar, difference, accuracy: 1e-5 * max(1, abs(difference)))
  }

  func testTransposedConvolutionIsTheTranspose() {
    let key = RandomKey(seed: 5)
    let options = ConvolutionOptions(stride: 2, padding: .all(1))
    let x = Tensor.normal([2, 7, 9, 3], key: key["x"], type: .float64)
    let weight = Tensor.normal([3, 3, 3, 4], key: key["w"], type: .float64)
    let y = convolution(x, weight, options: options)
    let z = Tensor.normal(y.shape, key: key["z"], type: .float64)
    let back = convolutionTransposed(z, weight, options: options)
    XCTAssertEqual(back.shape, x.shape)
    XCTAssertEqual((y * z).sum().scalar, (x * back).sum().scalar, accuracy: 1e-9)
  }

  func testPoolingPicksAndAverages() {
    let x = Tensor((0..<16).map(Double.init), shape: [1, 4, 4, 1])
    XCTAssertEqual(maxPool(x, size: (2, 2)).doubles, [5, 7, 13, 15])
    XCTAssertEqual(averagePool(x, size: (2, 2)).doubles, [2.5, 4.5, 10.5, 12.5])
    XCTAssertEqual(maxPool(x, size: (3, 3), stride: (2, 2), padding: .same).doubles, [10, 11, 14, 15])
    let (_, g) = valueWithGradients(at: [x]) { maxPool($0[0], size: (2, 2)).sum() }
    XCTAssertEqual(g[0].doubles.enumerated().filter { $1 != 0 }.map(\.offset), [5, 7, 13, 15])
    XCTAssertEqual(averagePool(x, size: (2, 2), stride: (4, 4), padding: .all(1)).doubles, [0, 3, 12, 15].map { $0 })
  }

  func testFusedBatchNormalisationEqualsItsParts() {
    for (number, shape) in [[2, 4, 6, 3], [3, 2, 2, 70], [5, 4, 8, 64], [7, 5]].enumerated() {
      for pools in [false, true] where !pools || shape.count == 4 {
        let key = RandomKey(seed: 11)[number]
        let channels = shape[shape.count - 1]
        let x = Tensor.normal(shape, mean: 3, deviation: 2, key: key["x"])
        let scale = Tensor.uniform([channels], in: -1..<2, key: key["s"])
        let shift = Tensor.normal([channels], key: key["b"])
        func results(_ type: ElementType) -> [[Double]] {
          let tensors = [x, scale, shift].map { $0.cast(to: type) }
          var statistics: [[Double]] = []
          let (value, gradients) = valueWithGradients(at: tensors) { leaves in
            let (y, mean, variance) = batchNorm(
              leaves[0], scale: leaves[1], shift: leaves[2], activation: .relu, poolsByTwo: pools)
            statistics = [y.doubles, mean.doubles, variance.doubles]
            return (y * y).sum()
          }
          return statistics + [[value.scalar]] + gradients.map(\.doubles)
        }
        for (part, (narrow, wide)) in zip(results(.float32), results(.float64)).enumerated() {
          let size = max(1, wide.map(abs).max() ?? 0)
          for (a, b) in zip(narrow, wide) {
            XCTAssertEqual(a, b, accuracy: 5e-5 * size, "shape \(shape), pooled: \(pools), part \(part)")
          }
        }
      }
    }
  }

  func testThreadsChangeNoBit() {
    let key = RandomKey(seed: 13)
    let x = Tensor.normal([6, 16, 16, 8], key: key["x"])
    let weight = Tensor.normal([3, 3, 8, 24], key: key["w"])
    func results() -> [[Double]] {
      let (value, g) = valueWithGradients(at: [x, weight]) {
        let y = convolution($0[0], $0[1], options: .init(padding: .same))
        let ones = Tensor.ones([24])
        return batchNorm(y, scale: ones, shift: ones, activation: .relu, poolsByTwo: true).output.sum()
      }
      return [[value.scalar]] + g.map(\.doubles)
    }
    let alone = Compute.$threads.withValue(1) { results() }
    for threads in 2...4 { XCTAssertEqual(Compute.$threads.withValue(threads) { results() }, alone) }
  }
}
