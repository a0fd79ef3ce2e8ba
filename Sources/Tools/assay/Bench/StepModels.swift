import Basics
import Networks
import Tensors

/// The models that `assay bench step` times, with random data of their shapes; `Benchmarks/steps_peer.py` has the same in
/// PyTorch.
enum StepModel: String, CaseIterable {
  case cnn, depthwise, lstm, gru, transformer, mlp, dqn, gcn

  /// The rows of a batch unless another number is asked for.
  var batch: Int {
    switch self {
    case .cnn, .depthwise, .lstm, .gru: 64
    case .transformer, .dqn: 32
    case .mlp: 256
    case .gcn: 2_708
    }
  }

  /// The number of classes that the labels have.
  var classes: Int { self == .dqn ? 2 : self == .gcn ? 7 : 10 }

  /// A model with fresh weights.
  func make(key: RandomKey) throws -> any Layer {
    switch self {
    case .cnn, .depthwise: convolutional(key: key)
    case .lstm: recurrent(LSTM(32, 128, layers: 2, returnsSequences: false, key: key["cell"]), key: key)
    case .gru: recurrent(GRU(32, 128, layers: 2, returnsSequences: false, key: key["cell"]), key: key)
    case .transformer: TokenClassifier(key: key)
    case .mlp: dense([64, 256, 256, 10], key: key)
    case .dqn: dense([4, 128, 128, 2], key: key)
    case .gcn: try CitationNetwork(key: key)
    }
  }

  /// Random inputs.
  func inputs(batch: Int, key: RandomKey) -> Tensor {
    switch self {
    case .cnn, .depthwise: .normal([batch, 32, 32, 3], key: key)
    case .lstm, .gru: .normal([batch, 100, 32], key: key)
    case .transformer: Tensor.uniform([batch, 64], in: 0..<5_000, key: key).cast(to: .int64)
    case .mlp: .normal([batch, 64], key: key)
    case .dqn: .normal([batch, 4], key: key)
    case .gcn: (Tensor.uniform([2_708, 1_433], key: key) .< 0.0127).cast(to: .float32)
    }
  }

  /// Random labels.
  func labels(batch: Int, key: RandomKey) -> Tensor {
    Tensor.uniform([self == .gcn ? 2_708 : batch], in: 0..<Double(classes), key: key).cast(to: .int64)
  }

  private func dense(_ sizes: [Int], key: RandomKey) -> Sequential {
    Sequential(
      (1..<sizes.count).map { i in
        Dense(sizes[i - 1], sizes[i], activation: i == sizes.count - 1 ? .identity : .relu, key: key[i])
      })
  }

  /// The state at the end of a sequence, classified.
  private func recurrent(_ cell: any Layer, key: RandomKey) -> Sequential {
    Sequential(cell, Dense(128, 10, key: key["head"]))
  }

  /// Three times convolution, batch norm, rectifier and pooling, then a dense layer.
  private func convolutional(key: RandomKey) -> Sequential {
    var layers: [any Layer] = []
    var channels = 3
    for (i, width) in [32, 64, 128].enumerated() {
      if self == .depthwise, i > 0 {
        layers.append(DepthwiseConv2D(channels, size: 3, padding: .same, key: key[i]["depthwise"]))
        layers.append(Conv2D(channels, width, size: 1, key: key[i]))
      } else {
        layers.append(Conv2D(channels, width, size: 3, padding: .same, key: key[i]))
      }
      layers += [BatchNorm(width, activation: .relu), MaxPool2D()]
      channels = width
    }
    layers += [Flatten(), Dense(128 * 16, 10, key: key["head"])]
    return Sequential(layers)
  }
}

/// Four encoder blocks over 64 tokens, averaged, classified.
private struct TokenClassifier: Layer {
  let embedding: Embedding
  let positions: Parameter
  let encoder: TransformerEncoder
  let head: Dense

  init(key: RandomKey) {
    embedding = Embedding(5_000, 128, key: key["embedding"])
    positions = Parameter(.normal([64, 128], deviation: 0.02, key: key["positions"]))
    let settings = TransformerSettings(
      width: 128, heads: 4, hidden: 512, activation: .relu, dropout: 0, normPlace: .after)
    encoder = TransformerEncoder(settings, blocks: 4, key: key["encoder"])
    head = Dense(128, 10, key: key["head"])
  }

  func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    head(encoder(embedding(input, pass) + positions.value, pass).mean(axes: [1]), pass)
  }
}

/// Two graph convolutions on a random graph of the size of the Cora citation graph.
private struct CitationNetwork: Layer {
  let first: GraphConvolution
  let second: GraphConvolution
  let edges: GraphEdges

  init(key: RandomKey) throws {
    var stream = key["edges"].stream()
    let ends = (0..<2 * 5_278).map { _ in stream.integer(below: 2_708) }
    let (some, others) = (Array(ends[..<5_278]), Array(ends[5_278...]))
    // Every number is below the number of nodes.
    edges = try GraphEdges(sources: some + others, targets: others + some, nodes: 2_708)
      .addingSelfLoops().normalized()
    first = GraphConvolution(1_433, 16, activation: .relu, key: key["first"])
    second = GraphConvolution(16, 7, key: key["second"])
  }

  func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    second(first(input, edges), edges)
  }
}
