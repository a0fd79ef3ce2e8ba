import Basics
import Networks
import Tensors

/// A recurrent layer over the patches of a window, and a dense layer from its last state to all steps ahead.
struct RecurrentWindowNetwork: WindowNetwork {
  let entrance: Dense
  let lstm: Networks.LSTM?
  let gru: Networks.GRU?
  let exit: Dense
  let shape: WindowShape
  let patch: Int

  init(_ shape: WindowShape, patch asked: Int?, units: Int, layers: Int, isGated: Bool, key: RandomKey) {
    patch = shape.patch(asked)
    entrance = Dense(patch, units, activation: .silu, key: key["entrance"])
    lstm = isGated ? nil : Networks.LSTM(units, units, layers: layers, returnsSequences: false, key: key["recurrent"])
    gru = isGated ? Networks.GRU(units, units, layers: layers, returnsSequences: false, key: key["recurrent"]) : nil
    exit = lastLayer(units, shape.steps * shape.outputs, key: key["exit"])
    self.shape = shape
  }

  func correction(_ windows: Tensor, _ pass: Pass) -> Tensor? {
    let sequence = entrance(shape.patched(windows, patch), pass)
    let state = lstm.map { $0(sequence, pass) } ?? gru.map { $0(sequence, pass) }
    return state.map { shape.unfolded(exit($0, pass)) }
  }
}

/// Residual blocks of causal convolutions over the patches of a window, with gaps that double until a step sees the
/// whole window, and a dense layer from the last step to all steps ahead.
struct ConvolutionalWindowNetwork: WindowNetwork {
  /// Two convolutions beside a shortcut.
  struct Block: Module {
    let first: Conv1D
    let second: Conv1D

    func callAsFunction(_ input: Tensor, _ pass: Pass) -> Tensor { relu(input + second(first(input, pass), pass)) }
  }

  let entrance: Dense
  let blocks: [Block]
  let exit: Dense
  let shape: WindowShape
  let patch: Int

  init(_ shape: WindowShape, patch asked: Int?, channels: Int, size: Int, key: RandomKey) {
    patch = shape.patch(asked)
    entrance = Dense(patch, channels, activation: .relu, key: key["entrance"])
    let length = shape.inputs / patch
    var blocks: [Block] = []
    var (reach, gap) = (1, 1)
    while reach < length || blocks.isEmpty {
      let key = key["block"][blocks.count]
      blocks.append(
        Block(
          first: Conv1D(
            channels, channels, size: size, dilation: gap, isCausal: true, activation: .relu, key: key["first"]),
          second: Conv1D(channels, channels, size: size, dilation: gap, isCausal: true, key: key["second"])))
      reach += 2 * (size - 1) * gap
      gap *= 2
    }
    self.blocks = blocks
    exit = lastLayer(channels, shape.steps * shape.outputs, key: key["exit"])
    self.shape = shape
  }

  func correction(_ windows: Tensor, _ pass: Pass) -> Tensor? {
    let sequence = blocks.reduce(entrance(shape.patched(windows, patch), pass)) { $1($0, pass) }
    let length = sequence.shape[1]
    let last = sequence.sliced(axis: 1, length - 1..<length).squeezed(axes: [1])
    return shape.unfolded(exit(last, pass))
  }
}
