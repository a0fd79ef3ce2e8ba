import Basics
import Checks
import Formats
import Networks
import Tensors
import XCTest

/// Every operation on tensors is written as operators that compute the same.
final class OperationExportTests: XCTestCase {
  private func each(_ name: String, _ shape: [Int] = [2, 3], _ body: (Tensor) -> Tensor) {
    checkRoundTrip(name, { [numbers([$0] + shape, name)] }, { [body($0[0])] })
  }

  func testFunctionsOfEachElement() {
    each("neg") { -$0 }
    each("abs") { abs($0) }
    each("sign") { sign($0) }
    each("square") { square($0) }
    each("sqrt") { sqrt(abs($0)) }
    each("reciprocal") { reciprocal(abs($0) + 1) }
    each("exp") { exp($0) }
    each("log") { log(abs($0) + 0.1) }
    each("log1p") { log1p(abs($0)) }
    each("sin") { sin($0) }
    each("cos") { cos($0) }
    each("tanh") { tanh($0) }
    each("sigmoid") { sigmoid($0) }
    each("erf") { erf($0) }
    each("relu") { relu($0) }
    each("gelu") { gelu($0) }
    each("silu") { silu($0) }
    each("softplus") { softplus($0) }
    each("leakyRelu") { leakyRelu($0, slope: 0.2) }
    each("elu") { elu($0, scale: 0.7) }
    each("floor") { floor($0 * 3) }
    each("ceil") { ceil($0 * 3) }
    each("round") { round($0 * 3) }
  }

  func testArithmeticAndComparisons() {
    let other = numbers([3], "other")
    each("add") { $0 + other }
    each("subtract") { 1 - $0 }
    each("multiply") { $0 * other }
    each("divide") { $0 / (abs(other) + 1) }
    each("pow") { pow(abs($0), 1.5) }
    each("maximum") { maximum($0, other) }
    each("minimum") { minimum($0, 0.3) }
    each("equal") { $0 .== $0 }
    each("not equal") { $0 .!= other }
    each("less") { $0 .< 0.1 }
    each("less or equal") { $0 .<= other }
    each("greater") { $0 .> other }
    each("greater or equal") { $0 .>= 0 }
    each("logic") { ($0 .> 0).and($0 .< 1).or(($0 .< -1).not()) }
    each("select") { select($0 .> 0, $0, other) }
    each("select truths") { select($0 .> 0, $0 .< 1, other .> 0) }
    each("relu of whole numbers") { relu(($0 * 10).cast(to: .int64)) }
    each("softplus in float64") { softplus($0.cast(to: .float64)) }
    each("leakyRelu in float64") { leakyRelu($0.cast(to: .float64), slope: 0.2) }
    each("elu in float64") { elu($0.cast(to: .float64), scale: 0.7) }
    each("cast") { ($0 * 10).cast(to: .int32).cast(to: .float32) + 0.5 }
    each("cast to float64") { $0.cast(to: .float64) }
  }

  func testShapes() {
    each("reshape") { $0.reshaped(to: [$0.shape[0], 6]) }
    each("reshape to one axis") { $0.reshaped(to: [-1]) }
    each("reshape with the batch behind") { $0.reshaped(to: [2, -1, 3]) }
    each("reshape that one batch does not need", [4, 3]) { $0.reshaped(to: [4, -1, 3]) }
    each("reshape with rows in two axes") { $0.reshaped(to: [$0.shape[0], 1, -1]) }
    each("transpose") { $0.transposed(axes: [2, 0, 1]) }
    each("transpose twice") { relu($0.transposed(axes: [2, 0, 1]).transposed(axes: [1, 2, 0])) }
    each("broadcast") { $0.expanded(axis: 1).broadcast(to: [$0.shape[0], 4, 2, 3]) }
    each("tile") { $0.tiled([1, 2, 2]) }
    each("slice") { $0.sliced(axis: 2, 1..<3) }
    each("slice in steps") { $0.sliced(axis: 2, 0..<3, step: 2) }
    each("slice of the batch") { $0[1...] }
    each("slice that leaves out the last") { concatenated([$0, $0[0..<1]], axis: 0)[0..<$0.shape[0]] }
    each("flip") { $0.flipped(axes: [1, 2]) }
    each("pad") { $0.padded([(0, 0), (1, 2), (0, 1)], with: 0.5) }
    each("squeeze") { $0.sliced(axis: 1, 0..<1).squeezed(axes: [1]) }
    each("concatenate") { concatenated([$0, $0 * 2, numbers([1, 2, 3]).broadcast(to: $0.shape)], axis: 1) }
    each("concatenate the batch") { concatenated([$0, $0], axis: 0) }
    each("stack") { stacked([$0, -$0], axis: 1) }
    each("split") { x in
      let parts = x.split(sizes: [1, 2], axis: 2)
      return parts[1] * parts[0]
    }
  }

  func testReductions() {
    each("sum") { $0.sum(axes: [1]) }
    each("sum of the batch") { $0.sum(axes: [0, 2]) }
    each("mean") { $0.mean(axes: [-1], keepsAxes: true) }
    each("mean of the batch") { $0.mean(axes: [0]) }
    each("max") { $0.max(axes: [1, 2]) }
    each("min") { $0.min(axes: [2]) }
    each("product") { $0.product(axes: [2]) }
    each("variance") { $0.variance(axes: [2]) }
    each("logSumExp") { $0.logSumExp(axes: [2]) }
    each("all") { ($0 .> -1).all(axes: [2]) }
    each("any") { ($0 .> 1).any(axes: [2]) }
    each("argMax") { $0.argMax(axis: 2) }
    each("argMin") { $0.argMin(axis: 1) }
    each("cumulativeSum") { $0.cumulativeSum(axis: 2, isReversed: true, isExclusive: true) }
    each("sorted") { $0.sorted(axis: 2).values }
    each("top") { $0.top(2, axis: 2).values }
    each("places of the top") { $0.top(2, axis: 2).indices }
  }

  func testProducts() {
    let weight = numbers([3, 4], "weight")
    let bias = numbers([4], "bias")
    each("matmul") { matmul($0, weight) }
    each("matmul transposed") { matmul($0, numbers([4, 3]), transposingRight: true) }
    each("matmul with itself") { matmul($0, $0, transposingLeft: true) }
    each("linear") { linear($0, weight, bias: bias, activation: .relu) }
    each("linear of rows", [3]) { linear($0, weight, bias: bias, activation: .gelu) }
    each("einsum") { einsum("bij,jk->bki", $0, weight) }
  }

  func testIndexing() {
    let table = numbers([7, 4], "table")
    checkRoundTrip(
      "embedding", { [Tensor((0..<$0 * 2).map { Int64($0 % 7) }, shape: [$0, 2])] },
      { [embedding($0[0], table: table)] })
    checkRoundTrip(
      "oneHot", { [Tensor((0..<$0).map { Int32($0 % 3) })] }, { [$0[0].oneHot(classes: 3)] })
    let rows: (Int) -> [Tensor] = { [numbers([$0, 4]), Tensor((0..<$0).map { Int64(($0 * 2) % 5) })] }
    checkRoundTrip("segmentSum", rows, { [segmentSum($0[0], segments: $0[1], count: 5)] })
    checkRoundTrip("scatterAdded", rows, { [numbers([5, 4], "base").scatterAdded($0[0], at: $0[1])] })
    checkRoundTrip("segmentMax", rows, { [segmentMax($0[0], segments: $0[1], count: 6)] })
    checkRoundTrip("segmentMax of whole numbers", rows) {
      [segmentMax(($0[0] * 10).cast(to: .int64), segments: $0[1].cast(to: .int32), count: 6)]
    }
    checkRoundTrip("segmentMax of one column", { [numbers([$0]), Tensor((0..<$0).map { Int64($0 % 2) })] }) {
      [segmentMax($0[0], segments: $0[1], count: 3)]
    }
    for mode in EmbeddingBagMode.allCases {
      // Two indices a bag, but for an empty bag at the end.
      let bags: (Int) -> [Tensor] = { rows in
        [
          Tensor((0..<rows * 2).map { Int64(($0 * 3) % 7) }),
          Tensor((0..<rows).map { Int64($0 == rows - 1 ? rows * 2 : $0 * 2) }),
        ]
      }
      checkRoundTrip("embeddingBag, \(mode)", batchAxis: nil, bags) {
        [embeddingBag($0[0], offsets: $0[1], table: table, mode: mode)]
      }
    }
    checkRoundTrip("scatterAdded along an inner axis", { [numbers([$0, 3, 2])] }) {
      [numbers([1, 5, 2], "base").tiled([$0[0].shape[0], 1, 1]).scatterAdded($0[0], at: Tensor([4, 0, 4]), axis: 1)]
    }
    checkRoundTrip("cross entropy", rows) {
      [
        softmaxCrossEntropy($0[0], labels: minimum($0[1], Tensor(3)), smoothing: 0.1),
        softmaxCrossEntropy($0[0], labels: $0[1], classWeights: Tensor([1, 2, 0.5, 3] as [Float]), ignoring: 4),
      ]
    }
    each("gathered") { $0.gathered(at: Tensor([2, 0, 0]), axis: 2) }
    checkRoundTrip(
      "taken", { [numbers([$0, 3]), Tensor((0..<$0).map { Int64($0 % 3) }, shape: [$0, 1])] },
      { [$0[0].taken(along: 1, at: $0[1])] })
  }

  func testSeveralInputsAndOutputs() throws {
    let model = try XCTUnwrap(
      checkRoundTrip("several", { [numbers([$0, 2], "a"), numbers([$0, 2], "b")] }) {
        [$0[0] + $0[1], $0[0], Tensor(Float(3)), ($0[0] * $0[1]).sum(axes: [1])]
      })
    XCTAssertEqual(model.graph.outputs.map(\.name), ["output", "output_1", "output_2", "output_3"])
    XCTAssertEqual(model.graph.inputs[0].shape, [.named("batch"), .fixed(2)])
    XCTAssertEqual(model.graph.outputs[0].shape, [.named("batch"), .fixed(2)])
    XCTAssertEqual(model.graph.outputs[2].shape, [])
  }

  func testFixedSizes() throws {
    let model = try XCTUnwrap(
      checkRoundTrip("fixed", batchAxis: nil, { [numbers([$0, 2])] }) {
        [$0[0].reshaped(to: [2, 3]).flipped(axes: [0])]
      })
    XCTAssertEqual(model.graph.inputs[0].shape, [.fixed(3), .fixed(2)])
  }

  func testBatchInAnotherAxis() throws {
    let model = try XCTUnwrap(
      checkRoundTrip("turned", batchAxis: 1, { [numbers([2, $0])] }) { [softmax($0[0], axis: 0).reshaped(to: [-1])] })
    XCTAssertEqual(model.graph.inputs[0].shape, [.fixed(2), .named("batch")])
    XCTAssertEqual(model.graph.outputs[0].shape, [.named("2*batch")])
  }

  func testConstantsWithTheBatchSize() {
    each("zeros of the batch") { $0 + Tensor.zeros($0.shape) + Tensor.ones([$0.shape[0], 1, 1]) }
  }

  func testWhatDependsOnTheRowsIsRefused() {
    let example = [numbers([3, 2])]
    func export(_ body: @escaping ([Tensor]) -> [Tensor]) throws -> ONNXModel {
      try ONNXModel(tracing: example, named: ["x"], body)
    }
    assertAssayError(.configuration, saying: ["number of operations", "batchAxis"]) {
      try export { x in [(0..<x[0].shape[0]).reduce(x[0]) { sum, _ in sum + x[0] }] }
    }
    assertAssayError(.configuration, saying: ["a constant"]) {
      try export { [$0[0] + numbers([$0[0].shape[0], 1])] }
    }
    assertAssayError(.configuration, saying: ["slice"]) { try export { [$0[0].flipped(axes: [0])] } }
    assertAssayError(.configuration, saying: ["2 names"]) {
      try ONNXModel(tracing: example, named: ["x", "y"]) { $0 }
    }
    assertAssayError(.configuration, saying: ["output", "taken"]) {
      try ONNXModel(tracing: example, named: ["output"]) { [$0[0] * 2] }
    }
  }

  func testConstantsThatWereComputedFromTheInputsAreRefused() {
    // The mean leaves the tensors' operations, so it would be written as a constant.
    assertAssayError(.configuration, saying: ["outside of tensors' operations"]) {
      try ONNXModel(tracing: [Tensor([1, 2, 4] as [Float], shape: [3, 1])], named: ["x"]) {
        [$0[0] * $0[0].mean().scalar]
      }
    }
  }
}
