import Basics
import Checks
import Formats
import Networks
import Tensors
import XCTest

/// Networks are written as graphs that compute the same, whatever the number of rows.
final class NetworkExportTests: XCTestCase {
  private let key = RandomKey(seed: 11)

  /// Runs a layer on numbers of a shape, and checks that the weights in the file are the layer's.
  @discardableResult
  private func check(_ name: String, _ layer: any Layer, _ shape: [Int], tolerance: Double = 2e-5) throws -> ONNXModel {
    let model = try XCTUnwrap(
      checkRoundTrip(name, of: layer, tolerance: tolerance, { [numbers([$0] + shape, name)] }) {
        [layer.forward($0[0], .inference)]
      })
    let names = model.graph.initializers.map(\.name)
    let paths = Set(layer.parameters.map(\.path))
    for name in names { XCTAssertTrue(paths.contains { name.hasPrefix($0) }, "\(name) is no weight of the layer") }
    return model
  }

  private func kinds(_ model: ONNXModel) -> [String] {
    model.graph.nodes.map(\.kind).filter { $0 != "Constant" && $0 != "Identity" }
  }

  func testDenseLayers() throws {
    let layer = Sequential(
      Dense(4, 8, activation: .relu, key: key["a"]), LayerNorm(8), Dense(8, 6, activation: .gelu, key: key["b"]),
      RMSNorm(6), Dropout(0.5), Dense(6, 3, hasBias: false, key: key["c"]), Networks.Softmax())
    let model = try check("dense", layer, [4])
    XCTAssertEqual(
      Set(model.graph.initializers.map(\.name)),
      [
        "layers.0.weight", "layers.0.bias", "layers.1.gain", "layers.1.bias", "layers.2.weight", "layers.2.bias",
        "layers.3.gain", "layers.5.weight",
      ])
    XCTAssertEqual(Array(kinds(model)[..<4]), ["Gemm", "Relu", "LayerNormalization", "Gemm"])
  }

  func testConvolutionsStayInOneLayout() throws {
    let layer = Sequential(
      Conv2D(3, 8, size: 3, padding: .same, activation: .relu, key: key["a"]),
      Residual(
        Sequential(
          Conv2D(8, 8, size: 3, padding: .same, hasBias: false, key: key["b"]), BatchNorm(8, activation: .relu),
          Conv2D(8, 8, size: [1, 3], padding: .same, key: key["c"])), activation: .relu),
      MaxPool2D(), Conv2D(8, 4, size: 3, stride: 2, activation: .silu, key: key["d"]), GlobalAveragePool(),
      Dense(4, 2, key: key["e"]))
    let model = try check("convolutions", layer, [12, 10, 3])
    XCTAssertEqual(kinds(model).count { $0 == "Conv" }, 4)
    // The images come with channels last, and leave as rows.
    XCTAssertEqual(kinds(model).count { $0 == "Transpose" }, 1, kinds(model).joined(separator: " "))
  }

  func testKindsOfConvolutions() throws {
    try check("strided", Conv2D(4, 6, size: [3, 2], stride: [2, 1], key: key), [9, 8, 4])
    try check("dilated", Conv2D(4, 6, size: 3, dilation: [2, 1], key: key), [9, 8, 4])
    try check("groups", Conv2D(4, 6, size: 3, groups: 2, key: key), [6, 7, 4])
    try check("depthwise", DepthwiseConv2D(4, size: 3, padding: .same, key: key), [6, 7, 4])
    try check("line", Conv1D(3, 5, size: 3, key: key), [8, 3])
    try check("causal line", Conv1D(3, 5, size: 3, dilation: 2, isCausal: true, key: key), [8, 3])
    try check("transposed", ConvTranspose2D(3, 4, size: 3, stride: 2, padding: .same, key: key), [5, 4, 3])
    try check(
      "transposed, larger",
      ConvTranspose2D(4, 6, size: 3, stride: 2, padding: .all(1), outputPadding: 1, groups: 2, key: key), [5, 4, 4])
  }

  func testPooling() throws {
    try check("max pool", MaxPool2D(size: 3, stride: 2, padding: .same), [7, 8, 3])
    try check("average pool", AveragePool2D(size: 3, stride: 2, padding: .same), [7, 8, 3])
    try check("pools of lines", Sequential(MaxPool1D(), AveragePool1D(size: 3, stride: 1)), [12, 3])
    try check("global pools", Parallel(GlobalAveragePool(), GlobalMaxPool()), [5, 4, 3])
    try check("group norm", GroupNorm(groups: 2, 6), [5, 4, 6])
  }

  func testRecurrentLayers() throws {
    try check("lstm", LSTM(3, 5, layers: 2, key: key), [6, 3])
    try check("lstm both ways", LSTM(3, 5, layers: 2, isBidirectional: true, key: key), [6, 3])
    try check("gru", GRU(3, 5, isBidirectional: true, returnsSequences: false, key: key), [6, 3])
    try check("rnn", RNN(3, 5, key: key), [6, 3])
    try check("rnn with relu", RNN(3, 5, activation: .relu, isBidirectional: true, key: key), [6, 3])
  }

  func testRecurrentLayersWithLengthsAndStates() {
    let (lstm, gru) = (LSTM(3, 5, isBidirectional: true, key: key), GRU(3, 5, key: key))
    func inputs(_ rows: Int) -> [Tensor] {
      [
        numbers([rows, 6, 3]), Tensor((0..<rows).map { Int64(6 - $0 % 4) }),
        numbers([2, rows, 5], "h").transposed(axes: [1, 0, 2]),
      ]
    }
    checkRoundTrip("lstm with lengths", of: lstm, tolerance: 2e-5, inputs) {
      let result = lstm.run($0[0], lengths: $0[1])
      return [result.outputs, result.state.hidden]
    }
    checkRoundTrip("gru from states", of: gru, tolerance: 2e-5, inputs) {
      let state = RecurrentState(hidden: $0[2].sliced(axis: 1, 0..<1).transposed(axes: [1, 0, 2]))
      let result = gru.run($0[0], state: state, lengths: $0[1])
      return [result.outputs, result.state.hidden]
    }
  }

  func testTransformers() throws {
    var settings = TransformerSettings(width: 8, heads: 2)
    try check("encoder", TransformerEncoder(settings, blocks: 2, key: key), [5, 8])
    try check("causal", TransformerEncoder(settings, blocks: 1, isCausal: true, key: key), [5, 8])
    settings.normPlace = .after
    let encoder = TransformerEncoder(settings, blocks: 1, key: key)
    checkRoundTrip(
      "encoder with lengths", of: encoder, tolerance: 2e-5,
      { [numbers([$0, 5, 8]), Tensor((0..<$0).map { Int64(5 - $0 % 3) })] }, { [encoder($0[0], lengths: $0[1])] })
  }

  func testAttention() {
    func inputs(_ rows: Int) -> [Tensor] { ["q", "k", "v"].map { numbers([rows, 4, $0 == "q" ? 8 : 4], $0) } }
    checkRoundTrip("shared keys", tolerance: 2e-5, inputs) {
      [attention($0[0], $0[1], $0[2], heads: 4, keyValueHeads: 2)]
    }
    let mask = Tensor([true, true, false, true])
    checkRoundTrip("masked", tolerance: 2e-5, inputs) {
      [attention($0[0], $0[1], $0[2], heads: 2, keyValueHeads: 1, isCausal: true, mask: mask, scale: 0.3)]
    }
  }

  func testRecomputedLayers() throws {
    try check("recomputed", Checkpointed(Dense(4, 3, activation: .tanh, key: key)), [4])
  }

  func testEmbeddingsOfWords() {
    let layer = Embedding(11, 6, key: key)
    checkRoundTrip(
      "embedding", of: layer, { [Tensor((0..<$0 * 4).map { Int32($0 % 11) }, shape: [$0, 4])] },
      { [layer.forward($0[0], .inference).mean(axes: [1])] })
  }

  /// What was imported can be trained and exported again.
  func testImportedModelsTrainAndExport() throws {
    let layer = Sequential(Dense(4, 8, activation: .tanh, key: key["a"]), Dense(8, 1, key: key["b"]))
    let model = try ONNXModel(tracing: [numbers([2, 4])], named: ["x"], of: layer) { [layer($0[0])] }
    let imported = try ImportedModel(model)
    let (x, y) = (numbers([32, 4]), numbers([32, 1], "y"))
    func loss() throws -> Tensor { square(try imported(x)[0] - y).mean() }
    let before = try loss().scalar
    let (_, gradients) = try valueWithGradients(of: imported) { try loss() }
    XCTAssertEqual(imported.parameters.count, 4)
    for named in imported.parameters {
      let gradient = try XCTUnwrap(gradients[named.parameter], named.path)
      named.parameter.value = named.parameter.value - gradient * 0.1
    }
    XCTAssertLessThan(try loss().scalar, before)
    let again = try ONNXModel(tracing: [x], named: ["x"], of: imported) { [try imported($0[0])[0]] }
    let twice = try ImportedModel(again)
    XCTAssertLessThan(largestDifference(try twice(x)[0].doubles, try imported(x)[0].doubles), 2e-6)
  }
}
