import Basics
import CKernels
import Kernels

/// Long short-term memory over whole sequences.
package struct LSTM: Operation {
  package let recurrence: Recurrence
  package var name: String { "lstm" }
  package var gradientReads: GradientReads { [.inputs, .outputs] }

  /// Inputs: x [b, t, in], input weight [in, 4 hidden], recurrent weight [hidden, 4 hidden], bias [4 hidden], perhaps
  /// hidden states and cells [b, hidden], perhaps lengths [b]. Outputs: [b, t, hidden], and the last states and cells.
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let sizes = recurrence.sizes(inputs)
    require(inputs[0].type == .float32, name, "there is no \(name) of \(inputs[0].type) (shape \(inputs[0].shape))")
    let (batch, steps, hidden) = (sizes.batch, sizes.steps, sizes.hidden)
    let parts = RecurrenceParts(recurrence, sizes)
    let outputs = Tensor(uninitialized: [batch, steps, hidden], .float32, for: name)
    let last = (0..<2).map { _ in Tensor(uninitialized: [batch, hidden], .float32, for: name) }
    let gates = parts.gates(inputs, isRecorded: run.isRecorded)
    let cells = run.isRecorded ? Tensor(uninitialized: [batch, steps, hidden], .float32, for: name) : nil
    if let gates, let cells { run.keep(gates, cells) }
    parts.forEachPart(inputs[2]) { packed, part in
      let (first, count) = (part.rows.lowerBound, part.rows.count)
      func state(_ index: Int) -> UnsafePointer<Float>? {
        recurrence.stateCount > 0 ? UnsafePointer(inputs[recurrence.firstState + index].floats + first * hidden) : nil
      }
      var shape = parts.shape
      // Where nobody asks for the cells of all steps, one step's memory serves all.
      if cells == nil { (shape.cells_row, shape.cells_step) = (hidden, 0) }
      let room = gates == nil ? count * shape.gates_row : 0
      withScratch(room + (cells == nil ? count * hidden : 0)) { memory in
        if gates == nil { parts.project(inputs, rows: part.rows, into: memory) }
        assay_lstm_forward(
          &shape, count, packed, gates.map { $0.floats + first * shape.gates_row } ?? memory, state(0), state(1),
          part.lengths, outputs.floats + first * shape.y_row,
          cells.map { $0.floats + first * shape.cells_row } ?? memory + room, last[0].floats + first * hidden,
          last[1].floats + first * hidden, part.scratch)
      }
    }
    return [outputs] + last
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let hidden = recurrence.sizes(inputs).hidden
    return recurrence.unrolled(inputs, recurrence.projection(inputs), states: 2) { step, states in
      let gates = (step + recurrence.product(states[0], inputs[2])).split(
        sizes: [hidden, hidden, hidden, hidden], axis: 1)
      let cell = sigmoid(gates[1]) * states[1] + sigmoid(gates[0]) * tanh(gates[2])
      return [sigmoid(gates[3]) * tanh(cell), cell]
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let sizes = recurrence.sizes(call.inputs)
    let (hidden, firstState) = (sizes.hidden, recurrence.firstState)
    let parts = RecurrenceParts(recurrence, sizes)
    let (gates, cells) = (call.kept[0], call.kept[1])
    let dgates = Tensor(uninitialized: gates.shape, .float32, for: name)
    let initial = recurrence.stateCount > 0 ? Array(call.inputs[firstState..<firstState + 2]) : []
    let dinitial = initial.map { Tensor(uninitialized: $0.shape, .float32, for: name) }
    parts.forEachPart(call.inputs[2], isBackward: true) { packed, part in
      let first = part.rows.lowerBound
      func rows(_ tensor: Tensor?, _ width: Int) -> UnsafeMutablePointer<Float>? {
        tensor.map { $0.floats + first * width }
      }
      var shape = parts.shape
      assay_lstm_backward(
        &shape, part.rows.count, packed, gates.floats + first * shape.gates_row, cells.floats + first * shape.cells_row,
        rows(initial.last, hidden), part.lengths, rows(upstream[0], shape.dy_row), rows(upstream[1], hidden),
        rows(upstream[2], hidden), dgates.floats + first * shape.gates_row, rows(dinitial.first, hidden),
        rows(dinitial.last, hidden), part.scratch)
    }
    return [call.needs[0] ? parts.inputGradient(call, dgates) : nil]
      + parts.parameterGradients(call, initial.first, dgates) + dinitial + (recurrence.hasLengths ? [nil] : [])
  }
}

/// Long short-term memory (Hochreiter and Schmidhuber 1997; with forget gates, Gers, Schmidhuber and Cummins 2000) over
/// whole sequences. With z = x inputWeight + h recurrentWeight + bias, cut into i, f, g and o:
/// c = sigmoid(f) c + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c).
///
/// - Parameters:
///   - x: [batch, t, in].
///   - inputWeight: [in, 4 hidden], columns in the order of the gates i, f, g, o.
///   - recurrentWeight: [hidden, 4 hidden].
///   - bias: [4 hidden].
///   - initialHidden: [batch, hidden]; zeros unless given.
///   - initialCell: [batch, hidden]; zeros unless given.
///   - lengths: [batch], int32 or int64 in 0 ... t: after so many steps a sequence's outputs are 0 and its state stays;
///     all steps unless given.
///   - isReversed: Whether time runs from each sequence's last step to its first; false unless set.
/// - Returns: Outputs [batch, t, hidden], and the hidden state and the cell [batch, hidden] after the last step in the
///   order of time.
///
/// Where `Precision.current` is bfloat16, it holds for products over all steps; what goes from step to step is
/// computed in single precision.
public func lstm(
  _ x: Tensor, inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, initialHidden: Tensor? = nil,
  initialCell: Tensor? = nil, lengths: Tensor? = nil, isReversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor, cell: Tensor) {
  var inputs = [x, inputWeight, recurrentWeight, bias]
  let hasState = initialHidden != nil || initialCell != nil
  if hasState, x.rank == 3, recurrentWeight.rank == 2 {
    let zeros = Tensor.zeros([x.shape[0], recurrentWeight.shape[0]], type: x.type)
    inputs += [initialHidden ?? zeros, initialCell ?? zeros]
  }
  if let lengths { inputs.append(lengths) }
  let recurrence = Recurrence(
    name: "lstm", gates: 4, stateCount: hasState ? 2 : 0, hasLengths: lengths != nil, isReversed: isReversed,
    precision: Precision.current, biases: 1)
  let results = apply(LSTM(recurrence: recurrence), inputs)
  return (results[0], results[1], results[2])
}
