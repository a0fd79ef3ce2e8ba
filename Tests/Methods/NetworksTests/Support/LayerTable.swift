import Basics
import Networks
import Tensors

/// A layer or a model with what is needed to run it: the contract's list.
struct LayerCase {
  let name: String
  /// The shape of the input for a batch.
  let input: (_ batch: Int) -> [Int]
  /// The shape of the output for a batch.
  let output: (_ batch: Int) -> [Int]
  /// How many different whole numbers the input holds; nil for normal numbers.
  var symbols: Int?
  /// Whether examples of a batch do not depend on each other, but in training with `BatchNorm`.
  var isByExample = true
  let make: (RandomKey) -> any Module
  let run: (any Module, Tensor, Pass) -> Tensor

  /// A case of a layer that is run as such.
  init(
    _ name: String, input: [Int], output: [Int], symbols: Int? = nil, _ make: @escaping (RandomKey) -> any Layer
  ) {
    self.name = name
    self.input = { [$0] + input }
    self.output = { [$0] + output }
    self.symbols = symbols
    self.make = make
    run = { module, input, pass in (module as? any Layer)?.forward(input, pass) ?? input }
  }

  /// A case of a module that is run in its own way.
  init<Kind: Module>(
    _ name: String, input: @escaping (Int) -> [Int], output: @escaping (Int) -> [Int], isByExample: Bool = true,
    _ make: @escaping (RandomKey) -> Kind, run: @escaping (Kind, Tensor, Pass) -> Tensor
  ) {
    self.name = name
    self.input = input
    self.output = output
    self.isByExample = isByExample
    self.make = make
    self.run = { module, input, pass in (module as? Kind).map { run($0, input, pass) } ?? input }
  }

  /// Input for a batch, float64 unless it holds whole numbers.
  func draw(_ batch: Int, _ key: RandomKey) -> Tensor {
    guard let symbols else { return normal(input(batch), key) }
    var random = key.stream()
    let shape = input(batch)
    return Tensor((0..<shape.reduce(1, *)).map { _ in random.integer(below: symbols) }, shape: shape)
  }
}

private let settings = TransformerSettings(width: 8, heads: 2, hidden: 12, dropout: 0.25)
private let modern = TransformerSettings(
  width: 8, heads: 4, keyValueHeads: 2, hidden: 12, activation: .silu, isGated: true, dropout: 0,
  norm: .rootMeanSquare, isRotary: true, hasBias: false)
private let postNorm = TransformerSettings(width: 8, heads: 2, hidden: 12, dropout: 0.25, normPlace: .after)

/// A ring of nodes with some chords; as many nodes as the batch has rows.
private func ring(_ nodes: Int) -> GraphEdges {
  let sources = (0..<nodes).flatMap { [$0, $0] }
  let targets = (0..<nodes).flatMap { [($0 + 1) % nodes, ($0 * 3 + 2) % nodes] }
  let weights = (0..<2 * nodes).map { 0.5 + Double($0 % 3) / 4 }
  guard let edges = try? GraphEdges(sources: sources, targets: targets, weights: weights, nodes: nodes) else {
    preconditionFailure("a ring is a graph")
  }
  return edges
}

/// Every layer.
var layerCases: [LayerCase] { basicCases + imageCases + sequenceCases + graphCases }

private var basicCases: [LayerCase] {
  [
    LayerCase("Dense", input: [4], output: [3]) { Dense(4, 3, activation: .tanh, key: $0) },
    LayerCase("Dense, relu, more axes", input: [2, 4], output: [2, 3]) { Dense(4, 3, activation: .relu, key: $0) },
    LayerCase("Dense without bias", input: [4], output: [3]) { Dense(4, 3, hasBias: false, key: $0) },
    LayerCase("Sequential", input: [4], output: [2]) { key in
      Sequential {
        Dense(4, 5, activation: .gelu, key: key[0])
        if true { Dropout(0.5) }
        for index in 1...2 { Dense(5, 5, activation: .softplus, key: key[index]) }
        Dense(5, 2, key: key[3])
      }
    },
    LayerCase("Residual", input: [4], output: [3]) { key in
      Residual(
        Dense(4, 3, activation: .sigmoid, key: key[0]), shortcut: Dense(4, 3, key: key[1]), activation: .silu)
    },
    LayerCase("Parallel", input: [4], output: [5]) { Parallel(Dense(4, 2, key: $0[0]), Dense(4, 3, key: $0[1])) },
    LayerCase("Parallel, sum", input: [4], output: [3]) {
      Parallel(Dense(4, 3, key: $0[0]), Dense(4, 3, key: $0[1]), joint: .sum)
    },
    LayerCase("Parallel, mean", input: [4], output: [3]) {
      Parallel(Dense(4, 3, key: $0[0]), Dense(4, 3, key: $0[1]), joint: .mean)
    },
    LayerCase("Checkpointed", input: [4], output: [3]) { key in
      Checkpointed(Sequential(Dense(4, 6, activation: .tanh, key: key[0]), Dropout(0.5), Dense(6, 3, key: key[1])))
    },
    LayerCase("Activate", input: [4], output: [4]) { _ in Activate(.gelu) },
    LayerCase("LeakyReLU", input: [4], output: [4]) { _ in LeakyReLU(slope: 0.1) },
    LayerCase("ELU", input: [4], output: [4]) { _ in ELU(scale: 0.5) },
    LayerCase("PReLU", input: [4], output: [4]) { _ in PReLU(4) },
    LayerCase("PReLU, one slope", input: [4], output: [4]) { _ in PReLU() },
    LayerCase("Softmax", input: [4], output: [4]) { _ in Softmax() },
    LayerCase("Dropout", input: [4], output: [4]) { _ in Dropout(0.4) },
    LayerCase("Flatten", input: [2, 3, 4], output: [24]) { _ in Flatten() },
    LayerCase("Reshape", input: [6], output: [3, 2]) { _ in Reshape([3, -1]) },
    LayerCase("Lambda", input: [4], output: [4]) { _ in Lambda { $0 * 2 } },
    LayerCase("Embedding", input: [5], output: [5, 3], symbols: 7) { Embedding(7, 3, padding: 2, key: $0) },
    LayerCase("BatchNorm", input: [3, 4], output: [3, 4]) { _ in BatchNorm(4, activation: .relu) },
    LayerCase("LayerNorm", input: [3, 4], output: [3, 4]) { _ in LayerNorm(4) },
    LayerCase("RMSNorm", input: [3, 4], output: [3, 4]) { _ in RMSNorm(4) },
    LayerCase("GroupNorm", input: [3, 4], output: [3, 4]) { _ in GroupNorm(groups: 2, 4) },
  ]
}

private var imageCases: [LayerCase] {
  [
    LayerCase("Conv2D", input: [6, 5, 4], output: [3, 3, 6]) {
      Conv2D(4, 6, size: [2, 3], stride: [2, 1], groups: 2, activation: .tanh, key: $0)
    },
    LayerCase("Conv2D, same, dilated", input: [6, 5, 2], output: [6, 5, 3]) {
      Conv2D(2, 3, size: 3, padding: .same, dilation: 2, hasBias: false, key: $0)
    },
    LayerCase("DepthwiseConv2D", input: [5, 5, 3], output: [5, 5, 6]) {
      DepthwiseConv2D(3, multiplier: 2, size: 3, padding: .same, activation: .silu, key: $0)
    },
    LayerCase("Conv1D", input: [7, 3], output: [3, 4]) { Conv1D(3, 4, size: 3, stride: 2, key: $0) },
    LayerCase("Conv1D, causal", input: [7, 3], output: [7, 4]) {
      Conv1D(3, 4, size: 3, dilation: 2, isCausal: true, key: $0)
    },
    LayerCase("ConvTranspose2D", input: [3, 4, 3], output: [6, 8, 2]) {
      ConvTranspose2D(3, 2, size: 3, stride: 2, padding: .all(1), outputPadding: 1, activation: .tanh, key: $0)
    },
    LayerCase("MaxPool2D", input: [6, 4, 2], output: [3, 2, 2]) { _ in MaxPool2D() },
    LayerCase("AveragePool2D", input: [6, 5, 2], output: [3, 5, 2]) { _ in AveragePool2D(size: [2, 1]) },
    LayerCase("MaxPool1D", input: [6, 2], output: [3, 2]) { _ in MaxPool1D() },
    LayerCase("AveragePool1D", input: [6, 2], output: [4, 2]) { _ in AveragePool1D(size: 3, stride: 1) },
    LayerCase("GlobalAveragePool", input: [4, 3, 2], output: [2]) { _ in GlobalAveragePool() },
    LayerCase("GlobalAveragePool, sequences", input: [4, 2], output: [2]) { _ in GlobalAveragePool() },
    LayerCase("GlobalMaxPool", input: [4, 3, 2], output: [2]) { _ in GlobalMaxPool() },
    LayerCase("Upsample", input: [4, 3, 2], output: [8, 6, 2]) { _ in Upsample(2) },
    LayerCase("Upsample, sequences", input: [4, 2], output: [6, 2]) { _ in
      Upsample(1.5, options: ResizeOptions(.linear))
    },
  ]
}

private var sequenceCases: [LayerCase] {
  [
    LayerCase("RNN", input: [4, 3], output: [4, 5]) { RNN(3, 5, key: $0) },
    LayerCase("LSTM", input: [4, 3], output: [4, 5]) { LSTM(3, 5, key: $0) },
    LayerCase("LSTM, two layers, both directions", input: [4, 3], output: [4, 8]) {
      LSTM(3, 4, layers: 2, isBidirectional: true, dropout: 0.25, key: $0)
    },
    LayerCase("LSTM, last state", input: [4, 3], output: [8]) {
      LSTM(3, 4, isBidirectional: true, returnsSequences: false, key: $0)
    },
    LayerCase("GRU, two layers", input: [4, 3], output: [4, 5]) { GRU(3, 5, layers: 2, dropout: 0.25, key: $0) },
    LayerCase("GRU, last state", input: [4, 3], output: [5]) { GRU(3, 5, returnsSequences: false, key: $0) },
    LayerCase("MultiHeadAttention", input: [5, 8], output: [5, 8]) { MultiHeadAttention(8, heads: 2, key: $0) },
    LayerCase("MultiHeadAttention, causal, rotary, shared keys", input: [5, 8], output: [5, 8]) {
      MultiHeadAttention(8, heads: 4, keyValueHeads: 2, isCausal: true, isRotary: true, key: $0)
    },
    LayerCase("LearnedPositions", input: [5, 8], output: [5, 8]) { LearnedPositions(6, 8, key: $0) },
    LayerCase("SinusoidalPositions", input: [5, 8], output: [5, 8]) { _ in SinusoidalPositions(8, longest: 2) },
    LayerCase("FeedForward", input: [5, 8], output: [5, 8]) { FeedForward(8, hidden: 6, dropout: 0.25, key: $0) },
    LayerCase("FeedForward, gated", input: [5, 8], output: [5, 8]) {
      FeedForward(8, hidden: 6, activation: .silu, isGated: true, key: $0)
    },
    LayerCase("TransformerEncoder", input: [5, 8], output: [5, 8]) { TransformerEncoder(settings, blocks: 2, key: $0) },
    LayerCase("TransformerEncoder, norm after", input: [5, 8], output: [5, 8]) {
      TransformerEncoder(postNorm, blocks: 2, key: $0)
    },
    LayerCase("TransformerEncoderBlock", input: [5, 8], output: [5, 8]) { TransformerEncoderBlock(settings, key: $0) },
    LayerCase("TransformerDecoderBlock", input: [5, 8], output: [5, 8]) { TransformerDecoderBlock(postNorm, key: $0) },
    LayerCase("TransformerDecoder, modern", input: [5, 8], output: [5, 8]) {
      TransformerDecoder(modern, blocks: 2, key: $0)
    },
    LayerCase(
      "TransformerDecoder with encoder", input: { [$0, 5, 8] }, output: { [$0, 5, 8] },
      { TransformerDecoder(settings, blocks: 2, memoryWidth: 8, key: $0) },
      run: { $0($1, memory: tanh($1).sliced(axis: 1, 0..<3), $2) }),
  ]
}

private var graphCases: [LayerCase] {
  [
    LayerCase(
      "GraphConvolution", input: { [$0 + 2, 4] }, output: { [$0 + 2, 3] }, isByExample: false,
      { GraphConvolution(4, 3, activation: .tanh, key: $0) },
      run: { layer, x, _ in layer(x, ring(x.shape[0]).addingSelfLoops().normalized()) }),
    LayerCase(
      "GraphConvolution, wider", input: { [$0 + 2, 3] }, output: { [$0 + 2, 4] }, isByExample: false,
      { GraphConvolution(3, 4, hasBias: false, key: $0) }, run: { layer, x, _ in layer(x, ring(x.shape[0])) }),
    LayerCase(
      "GraphAttention", input: { [$0 + 2, 4] }, output: { [$0 + 2, 6] }, isByExample: false,
      { GraphAttention(4, 3, heads: 2, activation: .tanh, key: $0) },
      run: { layer, x, _ in layer(x, ring(x.shape[0]).addingSelfLoops()) }),
    LayerCase(
      "GraphAttention, mean of heads", input: { [$0 + 2, 4] }, output: { [$0 + 2, 3] }, isByExample: false,
      { GraphAttention(4, 3, heads: 2, averagesHeads: true, key: $0) },
      run: { layer, x, _ in layer(x, ring(x.shape[0])) }),
    LayerCase(
      "GraphSAGE", input: { [$0 + 2, 4] }, output: { [$0 + 2, 3] }, isByExample: false,
      { GraphSAGE(4, 3, activation: .silu, key: $0) }, run: { layer, x, _ in layer(x, ring(x.shape[0])) }),
    LayerCase(
      "GraphIsomorphism", input: { [$0 + 2, 4] }, output: { [$0 + 2, 3] }, isByExample: false,
      { GraphIsomorphism(Sequential(Dense(4, 5, activation: .tanh, key: $0[0]), Dense(5, 3, key: $0[1]))) },
      run: { layer, x, pass in layer(x, ring(x.shape[0]), pass) }),
  ]
}
