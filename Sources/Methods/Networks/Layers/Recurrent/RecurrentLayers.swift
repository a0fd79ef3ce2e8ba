import Basics
import Tensors

/// What a recurrent layer gives.
public struct RecurrentOutput: Sendable {
  /// The last layer's hidden state at each step: [batch, time, units], or twice the units, forward then backward. Zeros
  /// beyond the length of a sequence.
  public let outputs: Tensor
  /// The state at the end of each sequence, of each layer, forward before backward.
  public let state: RecurrentState
  /// The directions of a layer, 1 or 2.
  let directions: Int

  /// The last layer's hidden state at the end of each sequence: [batch, units], or twice the units, forward then backward.
  public var last: Tensor {
    let first = state.hidden.shape[0] - directions
    return directions == 1
      ? state.hidden[first] : concatenated([state.hidden[first], state.hidden[first + 1]], axis: -1)
  }
}

/// The state of recurrent layers between two runs.
public struct RecurrentState: Sendable {
  /// [layers times directions, batch, units].
  public let hidden: Tensor
  /// The same shape, for LSTM alone.
  public let cell: Tensor?

  /// A state of two tensors [layers times directions, batch, units]; without a cell, for all but LSTM, unless given.
  public init(hidden: Tensor, cell: Tensor? = nil) {
    self.hidden = hidden
    self.cell = cell
  }
}

/// The two directions of a layer.
public struct Directions<Cell: Module>: Module {
  /// From the first step to the last.
  public let forward: Cell
  /// From the last step to the first; nil where the layer has one direction.
  public let backward: Cell?
}

/// What RNN, LSTM and GRU have in common: layers on top of each other, directions side by side. Their parameters
/// are found through the layer's own property.
struct RecurrentStack<Cell: Module>: Sendable, WithoutParameters {
  let layers: [Directions<Cell>]
  let units: Int
  let dropout: Double
  let name: String

  init(
    _ name: String, _ inputs: Int, _ units: Int, layers: Int, isBidirectional: Bool, dropout: Double, key: RandomKey,
    _ cell: (_ inputs: Int, _ key: RandomKey) -> Cell
  ) {
    require(
      inputs > 0 && units > 0 && layers > 0, name,
      "sizes must be positive, not \(inputs) inputs, \(units) units and \(layers) layers")
    requireRate(dropout, name)
    self.name = name
    self.units = units
    self.dropout = dropout
    self.layers = (0..<layers).map { layer in
      let width = layer == 0 ? inputs : units * (isBidirectional ? 2 : 1)
      let key = key[layer]
      return Directions(
        forward: cell(width, key["forward"]), backward: isBidirectional ? cell(width, key["backward"]) : nil)
    }
  }

  /// Runs one cell over a sequence.
  typealias Run = (
    _ cell: Cell, _ input: Tensor, _ hidden: Tensor?, _ memory: Tensor?, _ isReversed: Bool
  ) -> (outputs: Tensor, hidden: Tensor, cell: Tensor?)

  func run(_ input: Tensor, _ state: RecurrentState?, _ lengths: Tensor?, _ pass: Pass, _ run: Run) -> RecurrentOutput {
    require(input.rank == 3, name, "takes [batch, time, inputs], not shape \(input.shape)")
    let directions = layers[0].backward == nil ? 1 : 2
    let count = layers.count * directions
    let shape = [count, input.shape[0], units]
    for tensor in [state?.hidden, state?.cell].compactMap({ $0 }) {
      require(tensor.shape == shape, name, "the state has shape \(tensor.shape), not \(shape)")
    }
    if let lengths {
      require(
        lengths.shape == [input.shape[0]] && lengths.type.isInteger, name,
        "lengths are whole numbers of shape \([input.shape[0]]), not \(lengths.type) of shape \(lengths.shape)")
    }
    var current = input
    var (hiddens, cells): ([Tensor], [Tensor]) = ([], [])
    for (index, layer) in layers.enumerated() {
      if index > 0 { current = dropped(current, dropout, pass) }
      var outputs: [Tensor] = []
      for (cell, isReversed) in [(layer.forward, false)] + (layer.backward.map { [($0, true)] } ?? []) {
        let place = hiddens.count
        let result = run(cell, current, state?.hidden[place], state?.cell?[place], isReversed)
        outputs.append(result.outputs)
        hiddens.append(result.hidden)
        if let memory = result.cell { cells.append(memory) }
      }
      current = outputs.count == 1 ? outputs[0] : concatenated(outputs, axis: -1)
    }
    let cell = cells.isEmpty ? nil : stacked(cells)
    return RecurrentOutput(
      outputs: current, state: RecurrentState(hidden: stacked(hiddens), cell: cell), directions: directions)
  }
}

/// Weights for several gates side by side, each drawn by itself: [inputs, gates times units].
func gateWeights(_ initializer: Initializer, _ inputs: Int, _ units: Int, gates: Int, key: RandomKey) -> Tensor {
  let parts = (0..<gates).map { initializer.tensor([inputs, units], fanIn: inputs, fanOut: units, key: key[$0]) }
  return concatenated(parts, axis: 1)
}
