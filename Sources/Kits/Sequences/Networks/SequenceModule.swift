import Basics
import Networks
import Tensors

/// What reads windows: [batch, steps, channels] to [batch, width].
protocol SequenceBody: Module {
  /// The size of what it gives.
  var width: Int { get }

  /// Reads windows; `lengths` are the known steps of each, nil where all windows are full.
  func read(_ windows: Tensor, lengths: Tensor?, _ pass: Pass) -> Tensor
}

/// The sizes that a network is built by.
struct SequenceShape: Sendable, Hashable, Codable {
  let architecture: SequenceArchitecture
  /// The steps of a window.
  let length: Int
  /// The channels of a window as the network sees it.
  let channels: Int
  /// The numbers of a row that belong to no step.
  let statics: Int
  let headWidth: Int
  let dropout: Double
  let outputs: Int
}

/// A body, and a head of dense layers behind it that also sees what belongs to no step.
struct SequenceModule: Module {
  let body: any SequenceBody
  let hidden: Dense
  let output: Dense
  let dropout: Double

  /// A network whose first predictions are `start`, whatever the input.
  init(_ shape: SequenceShape, start: [Float], key: RandomKey) {
    switch shape.architecture {
    case .convolution(let channels, let size):
      body = ConvolutionBody(shape, channels, size: size, key: key["body"])
    case .lstm(let units, let layers):
      body = LSTMBody(
        recurrent: Networks.LSTM(shape.channels, units, layers: layers, dropout: shape.dropout, key: key["body"]),
        width: units)
    case .gru(let units, let layers):
      body = GRUBody(
        recurrent: Networks.GRU(shape.channels, units, layers: layers, dropout: shape.dropout, key: key["body"]),
        width: units)
    case .temporal(let channels, let size, let blocks):
      body = TemporalBody(shape, channels: channels, size: size, blocks: blocks, key: key["body"])
    case .transformer(let width, let heads, let blocks):
      body = TransformerBody(shape, width: width, heads: heads, blocks: blocks, key: key["body"])
    }
    dropout = shape.dropout
    hidden = Dense(body.width + shape.statics, shape.headWidth, activation: .relu, key: key["hidden"])
    output = Dense(shape.headWidth, shape.outputs, key: key["output"])
    output.weight.value = .zeros(output.weight.shape)
    output.bias?.value = Tensor(start)
  }

  /// Computes [batch, outputs].
  func callAsFunction(_ windows: Tensor, lengths: Tensor?, statics: Tensor?, _ pass: Pass) -> Tensor {
    var read = body.read(windows, lengths: lengths, pass)
    if let statics { read = concatenated([read, statics], axis: 1) }
    let layer = Dropout(dropout)
    return output(layer(hidden(layer(read, pass), pass), pass), pass)
  }
}

/// Convolutions one after the other.
struct ConvolutionBody: SequenceBody {
  let layers: [Conv1D]
  let width: Int

  init(_ shape: SequenceShape, _ channels: [Int], size: Int, key: RandomKey) {
    var inputs = shape.channels
    layers = channels.enumerated().map { position, outputs in
      defer { inputs = outputs }
      return Conv1D(inputs, outputs, size: size, padding: .same, activation: .relu, key: key[position])
    }
    width = shape.length * inputs
  }

  func read(_ windows: Tensor, lengths: Tensor?, _ pass: Pass) -> Tensor {
    let result = layers.reduce(windows) { $1($0, pass) }
    return result.reshaped(to: [windows.shape[0], width])
  }
}

/// Long short-term memory.
struct LSTMBody: SequenceBody {
  let recurrent: Networks.LSTM
  let width: Int

  func read(_ windows: Tensor, lengths: Tensor?, _ pass: Pass) -> Tensor {
    recurrent.run(windows, lengths: lengths, pass).last
  }
}

/// Gated recurrent units.
struct GRUBody: SequenceBody {
  let recurrent: Networks.GRU
  let width: Int

  func read(_ windows: Tensor, lengths: Tensor?, _ pass: Pass) -> Tensor {
    recurrent.run(windows, lengths: lengths, pass).last
  }
}

/// Blocks of causal convolutions whose steps lie ever farther apart.
struct TemporalBody: SequenceBody {
  struct Block: Module {
    let first: Conv1D
    let second: Conv1D
    let shortcut: Conv1D?
  }

  let blocks: [Block]
  let width: Int
  let dropout: Double

  init(_ shape: SequenceShape, channels: Int, size: Int, blocks: Int, key: RandomKey) {
    self.blocks = (0..<blocks).map { position in
      let inputs = position == 0 ? shape.channels : channels
      let key = key[position]
      return Block(
        first: Conv1D(
          inputs, channels, size: size, dilation: 1 << position, isCausal: true, activation: .relu, key: key["first"]),
        second: Conv1D(
          channels, channels, size: size, dilation: 1 << position, isCausal: true, activation: .relu,
          key: key["second"]),
        shortcut: inputs == channels ? nil : Conv1D(inputs, channels, size: 1, key: key["shortcut"]))
    }
    width = channels
    dropout = shape.dropout
  }

  func read(_ windows: Tensor, lengths: Tensor?, _ pass: Pass) -> Tensor {
    let layer = Dropout(dropout)
    var steps = windows
    for block in blocks {
      let inner = layer(block.second(layer(block.first(steps, pass), pass), pass), pass)
      steps = relu(inner + (block.shortcut.map { $0(steps, pass) } ?? steps))
    }
    let last = steps.shape[1] - 1
    return steps.sliced(axis: 1, last..<last + 1).squeezed(axes: [1])
  }
}

/// An encoder of a transformer over steps that count back from the row.
struct TransformerBody: SequenceBody {
  let enter: Dense
  let positions: LearnedPositions
  let encoder: TransformerEncoder
  let width: Int

  init(_ shape: SequenceShape, width: Int, heads: Int, blocks: Int, key: RandomKey) {
    enter = Dense(shape.channels, width, key: key["enter"])
    positions = LearnedPositions(shape.length, width, key: key["positions"])
    encoder = TransformerEncoder(
      TransformerSettings(width: width, heads: heads, hidden: 2 * width, dropout: shape.dropout), blocks: blocks,
      key: key["encoder"])
    self.width = width
  }

  func read(_ windows: Tensor, lengths: Tensor?, _ pass: Pass) -> Tensor {
    let steps = encoder(positions(enter(windows, pass), pass), lengths: lengths, pass)
    return steps.sliced(axis: 1, 0..<1).squeezed(axes: [1])
  }
}
