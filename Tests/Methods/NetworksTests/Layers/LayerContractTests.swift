import Basics
import Kernels
import Networks
import Tensors
import XCTest

/// What every layer of the table keeps to.
final class LayerContractTests: XCTestCase {
  private let inputKey = RandomKey(seed: 21)
  private let weightKey = RandomKey(seed: 22)
  private let passKey = RandomKey(seed: 23)

  /// A weighted sum of outputs: every output has a slope of its own.
  private func score(_ output: Tensor) -> Tensor {
    (output * normal(output.shape, RandomKey(seed: 24)).cast(to: output.type)).sum()
  }

  private func made(_ item: LayerCase, _ type: ElementType) -> any Module {
    let module = item.make(weightKey)
    // Biases and gains begin with constants that hide mistakes.
    for named in module.parameters where named.parameter.isTrainable {
      let noise = normal(named.parameter.shape, weightKey[named.path]) * 0.1
      named.parameter.value = named.parameter.value + noise.cast(to: .float32)
    }
    module.cast(to: type)
    return module
  }

  private func input(_ item: LayerCase, _ batch: Int, _ type: ElementType) -> Tensor {
    let drawn = item.draw(batch, inputKey)
    return drawn.type.isFloatingPoint ? drawn.cast(to: type) : drawn
  }

  func testShapesAndBatchesOfOne() {
    for item in layerCases {
      let module = made(item, .float32)
      for batch in [1, 3] {
        for pass in [Pass.inference, .training(passKey)] {
          let output = item.run(module, input(item, batch, .float32), pass)
          XCTAssertEqual(output.shape, item.output(batch), item.name)
          XCTAssertTrue(output.doubles.allSatisfy(\.isFinite), item.name)
        }
      }
    }
  }

  func testGradientsAgreeWithDifferences() {
    for item in layerCases {
      let module = made(item, .float64)
      let x = input(item, 3, .float64)
      for pass in [Pass.inference, .training(passKey)] {
        // Each run of a pass for training draws anew, so each gets a pass of its own.
        func fresh() -> Pass { pass.isTraining ? .training(passKey) : .inference }
        assertGradients(of: module, item.name) { score(item.run(module, x, fresh())) }
        if x.type.isFloatingPoint {
          assertGradients(at: [x], item.name) { score(item.run(module, $0[0], fresh())) }
        }
      }
    }
  }

  func testSinglePrecisionIsCloseToDouble() {
    for item in layerCases {
      for training in [false, true] {
        func results(_ type: ElementType) -> (output: Tensor, slopes: [Double]) {
          let module = made(item, type)
          let x = input(item, 5, type)
          var output = Tensor.zeros([])
          let (_, gradients) = valueWithGradients(of: module) { () -> Tensor in
            output = item.run(module, x, training ? .training(passKey) : .inference).detached()
            return score(item.run(module, x, training ? .training(passKey) : .inference))
          }
          return (output, gradients.parameters.flatMap { gradients[$0.parameter]?.doubles ?? [] })
        }
        let (narrow, wide) = (results(.float32), results(.float64))
        // Sums of some tens of products, through up to ten layers, each rounded by 6e-8.
        assertClose(narrow.output.doubles, wide.output.doubles, tolerance: 2e-5, "\(item.name), training \(training)")
        assertClose(narrow.slopes, wide.slopes, tolerance: 5e-5, "\(item.name), training \(training)")
      }
    }
  }

  func testSameKeySameNumbers() {
    for item in layerCases {
      let x = input(item, 4, .float32)
      func output(_ key: RandomKey, _ pass: RandomKey) -> [Double] {
        item.run(item.make(key), x, .training(pass)).doubles
      }
      XCTAssertEqual(output(weightKey, passKey), output(weightKey, passKey), item.name)
      let hasDrawnWeights =
        item.make(weightKey).weights.mapValues(\.doubles)
        != item.make(passKey).weights.mapValues(\.doubles)
      let differs = output(weightKey, passKey) != output(passKey, passKey)
      XCTAssertEqual(differs, hasDrawnWeights, item.name)
    }
  }

  func testWeightsGoThroughPaths() throws {
    for item in layerCases {
      let (first, second) = (made(item, .float32), item.make(passKey))
      let paths = first.parameters.map(\.path)
      XCTAssertEqual(Set(paths).count, paths.count, item.name)
      try second.load(first.weights)
      let x = input(item, 2, .float32)
      XCTAssertEqual(item.run(first, x, .inference).doubles, item.run(second, x, .inference).doubles, item.name)
    }
  }

  func testExamplesDoNotDependOnEachOther() {
    for item in layerCases where item.isByExample {
      let module = made(item, .float64)
      let x = input(item, 3, .float64)
      let all = item.run(module, x, .inference)
      for row in 0..<3 {
        let alone = item.run(module, x[row..<row + 1], .inference)
        assertClose(alone.doubles, all[row..<row + 1].doubles, tolerance: 1e-12, item.name)
      }
    }
  }

  func testSameBitsOnAnyThreads() {
    for item in layerCases {
      let module = made(item, .float32)
      let x = input(item, 130, .float32)
      let before = module.weights
      let results = (1...4).map { threads in
        Compute.$threads.withValue(threads) { () -> [[Double]] in
          var output: [Double] = []
          let (_, gradients) = valueWithGradients(of: module) { () -> Tensor in
            let result = item.run(module, x, .training(passKey))
            output = result.doubles
            return score(result)
          }
          let statistics = module.weights.sorted { $0.key < $1.key }.flatMap { $0.value.doubles }
          if (try? module.load(before)) == nil { XCTFail(item.name) }
          return [output, statistics] + gradients.parameters.map { gradients[$0.parameter]?.doubles ?? [] }
        }
      }
      for result in results.dropFirst() { XCTAssertEqual(result, results[0], item.name) }
    }
  }
}
