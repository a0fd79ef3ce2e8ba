import Basics
import Tensors

/// Gated recurrent units (Cho and others 2014), with the reset gate behind the recurrent product.
///
/// Input [batch, time, inputs]. As a layer it gives the last layer's hidden state at each step, [batch, time, units], or
/// with `returnsSequences: false` at the end, [batch, units]; twice the units with both directions. Input weights begin
/// by Glorot, recurrent weights orthogonal, biases with zeros.
public struct GRU: Layer {
  /// The weights of one layer in one direction. Gates stand in the order reset, update, candidate.
  public struct Cell: Module {
    /// [inputs, 3 units].
    public let inputWeight: Parameter
    /// [units, 3 units].
    public let recurrentWeight: Parameter
    /// [3 units].
    public let inputBias: Parameter
    /// [3 units].
    public let recurrentBias: Parameter
  }

  /// The cells by layer and direction.
  public let layers: [Directions<Cell>]
  /// Whether the layer's output has a step for each step of the input.
  public let returnsSequences: Bool
  private let stack: RecurrentStack<Cell>

  /// Layers of GRU.
  ///
  /// - Parameters:
  ///   - inputs: The size of the input's last axis.
  ///   - units: The size of the state.
  ///   - layers: How many lie on top of each other; 1 unless given.
  ///   - isBidirectional: Whether each layer also runs backward; false unless set.
  ///   - dropout: The rate of dropout between layers; 0 unless given.
  ///   - returnsSequences: Whether `forward` gives all steps or the end; true unless set.
  ///   - key: Same key, same first weights.
  public init(
    _ inputs: Int, _ units: Int, layers: Int = 1, isBidirectional: Bool = false, dropout: Double = 0,
    returnsSequences: Bool = true, key: RandomKey
  ) {
    stack = RecurrentStack(
      "GRU", inputs, units, layers: layers, isBidirectional: isBidirectional, dropout: dropout, key: key
    ) { inputs, key in
      Cell(
        inputWeight: Parameter(gateWeights(.glorotUniform, inputs, units, gates: 3, key: key["input"])),
        recurrentWeight: Parameter(gateWeights(.orthogonal(), units, units, gates: 3, key: key["recurrent"])),
        inputBias: Parameter(.zeros([3 * units])), recurrentBias: Parameter(.zeros([3 * units])))
    }
    self.layers = stack.layers
    self.returnsSequences = returnsSequences
  }

  /// Runs over sequences.
  ///
  /// - Parameters:
  ///   - input: [batch, time, inputs].
  ///   - state: What to begin with; zeros unless given.
  ///   - lengths: Whole numbers [batch]: how many steps of each sequence count; all unless given. The result is as if each
  ///     were run alone.
  ///   - pass: Whether this is training.
  /// - Returns: All outputs and the states at the end of each sequence.
  public func run(
    _ input: Tensor, state: RecurrentState? = nil, lengths: Tensor? = nil, _ pass: Pass = .inference
  ) -> RecurrentOutput {
    stack.run(input, state, lengths, pass) { cell, input, hidden, _, isReversed in
      let result = gru(
        input, inputWeight: cell.inputWeight.value, recurrentWeight: cell.recurrentWeight.value,
        inputBias: cell.inputBias.value, recurrentBias: cell.recurrentBias.value, initialHidden: hidden,
        lengths: lengths, isReversed: isReversed)
      return (result.outputs, result.hidden, nil)
    }
  }

  /// Computes [batch, time, units] or [batch, units].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let result = run(input, pass)
    return returnsSequences ? result.outputs : result.last
  }
}
