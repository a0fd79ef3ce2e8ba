import Basics
import Tensors

/// Long short-term memory (Hochreiter and Schmidhuber 1997), with forget gates (Gers, Schmidhuber and Cummins 2000).
///
/// Input [batch, time, inputs]. As a layer it gives the last layer's hidden state at each step, [batch, time, units], or
/// with `returnsSequences: false` at the end, [batch, units]; twice the units with both directions. Input weights begin
/// by Glorot, recurrent weights orthogonal, biases with zeros but for the forget gate's ones (Jozefowicz, Zaremba and
/// Sutskever 2015).
public struct LSTM: Layer {
  /// The weights of one layer in one direction. Gates stand in the order input, forget, candidate, output.
  public struct Cell: Module {
    /// [inputs, 4 units].
    public let inputWeight: Parameter
    /// [units, 4 units].
    public let recurrentWeight: Parameter
    /// [4 units].
    public let bias: Parameter
  }

  /// The cells by layer and direction.
  public let layers: [Directions<Cell>]
  /// Whether the layer's output has a step for each step of the input.
  public let returnsSequences: Bool
  private let stack: RecurrentStack<Cell>

  /// Layers of LSTM.
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
      "LSTM", inputs, units, layers: layers, isBidirectional: isBidirectional, dropout: dropout, key: key
    ) { inputs, key in
      let ones = (0..<4 * units).map { $0 / units == 1 ? Float(1) : 0 }
      return Cell(
        inputWeight: Parameter(gateWeights(.glorotUniform, inputs, units, gates: 4, key: key["input"])),
        recurrentWeight: Parameter(gateWeights(.orthogonal(), units, units, gates: 4, key: key["recurrent"])),
        bias: Parameter(Tensor(ones)))
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
    stack.run(input, state, lengths, pass) { cell, input, hidden, memory, isReversed in
      let result = lstm(
        input, inputWeight: cell.inputWeight.value, recurrentWeight: cell.recurrentWeight.value, bias: cell.bias.value,
        initialHidden: hidden, initialCell: memory, lengths: lengths, isReversed: isReversed)
      return (result.outputs, result.hidden, result.cell)
    }
  }

  /// Computes [batch, time, units] or [batch, units].
  public func forward(_ input: Tensor, _ pass: Pass) -> Tensor {
    let result = run(input, pass)
    return returnsSequences ? result.outputs : result.last
  }
}
