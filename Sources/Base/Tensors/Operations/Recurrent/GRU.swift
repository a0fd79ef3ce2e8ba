import Basics
import CKernels
import Kernels

/// Gated recurrent units over whole sequences.
package struct GRU: Operation {
  package let recurrence: Recurrence
  package var name: String { "gru" }
  package var gradientReads: GradientReads { [.inputs, .outputs] }

  /// Inputs: x [b, t, in], input weight [in, 3 hidden], recurrent weight [hidden, 3 hidden], input bias and recurrent
  /// bias [3 hidden], perhaps hidden states [b, hidden], perhaps lengths [b]. Outputs: [b, t, hidden], the last states.
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let sizes = recurrence.sizes(inputs)
    require(inputs[0].type == .float32, name, "there is no \(name) of \(inputs[0].type) (shape \(inputs[0].shape))")
    let (batch, steps, hidden) = (sizes.batch, sizes.steps, sizes.hidden)
    // The fourth block of a row takes what the reset gate multiplies.
    let parts = RecurrenceParts(recurrence, sizes, gateWidth: 4 * hidden)
    let outputs = Tensor(uninitialized: [batch, steps, hidden], .float32, for: name)
    let last = Tensor(uninitialized: [batch, hidden], .float32, for: name)
    let gates = parts.gates(inputs, isRecorded: run.isRecorded)
    if let gates { run.keep(gates) }
    parts.forEachPart(inputs[2]) { packed, part in
      let first = part.rows.lowerBound
      var shape = parts.shape
      withScratch(gates == nil ? part.rows.count * shape.gates_row : 0) { memory in
        if gates == nil { parts.project(inputs, rows: part.rows, into: memory) }
        assay_gru_forward(
          &shape, part.rows.count, packed, inputs[4].floats,
          gates.map { $0.floats + first * shape.gates_row } ?? memory,
          recurrence.stateCount > 0 ? UnsafePointer(inputs[5].floats + first * hidden) : nil, part.lengths,
          outputs.floats + first * shape.y_row, last.floats + first * hidden, part.scratch)
      }
    }
    return [outputs, last]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    let hidden = recurrence.sizes(inputs).hidden
    let blocks = [hidden, hidden, hidden]
    return recurrence.unrolled(inputs, recurrence.projection(inputs), states: 1) { step, states in
      let own = step.split(sizes: blocks, axis: 1)
      let before = (recurrence.product(states[0], inputs[2]) + inputs[4]).split(sizes: blocks, axis: 1)
      let reset = sigmoid(own[0] + before[0])
      let update = sigmoid(own[1] + before[1])
      let candidate = tanh(own[2] + reset * before[2])
      return [(1 - update) * candidate + update * states[0]]
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let sizes = recurrence.sizes(call.inputs)
    let hidden = sizes.hidden
    let parts = RecurrenceParts(recurrence, sizes, gateWidth: 4 * hidden)
    let (gates, outputs) = (call.kept[0], call.outputs[0])
    let dgates = Tensor(uninitialized: gates.shape, .float32, for: name)
    let initial = recurrence.stateCount > 0 ? call.inputs[5] : nil
    let dinitial = initial.map { Tensor(uninitialized: $0.shape, .float32, for: name) }
    parts.forEachPart(call.inputs[2], isBackward: true) { packed, part in
      let first = part.rows.lowerBound
      func rows(_ tensor: Tensor?, _ width: Int) -> UnsafeMutablePointer<Float>? {
        tensor.map { $0.floats + first * width }
      }
      var shape = parts.shape
      assay_gru_backward(
        &shape, part.rows.count, packed, gates.floats + first * shape.gates_row, outputs.floats + first * shape.y_row,
        rows(initial, hidden), part.lengths, rows(upstream[0], shape.dy_row), rows(upstream[1], hidden),
        dgates.floats + first * shape.gates_row, rows(dinitial, hidden), part.scratch)
    }
    let x = call.needs[0] ? parts.inputGradient(call, dgates) : nil
    // The gradients of r, z and n belong to the input's product, those of r, z and the fourth block to the state's.
    let input = parts.weightGradients(.init(inputs: call.inputs[0]), dgates, blocks: [0..<3 * hidden])
    let state = parts.weightGradients(
      .init(outputs: outputs, initial: initial), dgates, blocks: [0..<2 * hidden, 3 * hidden..<4 * hidden])
    return [x, input[0..<sizes.inputs], state[0..<hidden], input[sizes.inputs], state[hidden]]
      + (initial == nil ? [] : [dinitial]) + (recurrence.hasLengths ? [nil] : [])
  }
}

/// Gated recurrent units (Cho et al. 2014) over whole sequences, with the reset gate behind the product as in most
/// libraries. With u = x inputWeight + inputBias and v = h recurrentWeight + recurrentBias, each cut into r, z and n:
/// r = sigmoid(u_r + v_r), z = sigmoid(u_z + v_z), n = tanh(u_n + r v_n), h = (1 - z) n + z h.
///
/// - Parameters:
///   - x: [batch, t, in].
///   - inputWeight: [in, 3 hidden], columns in the order of the gates r, z, n.
///   - recurrentWeight: [hidden, 3 hidden].
///   - inputBias: [3 hidden].
///   - recurrentBias: [3 hidden].
///   - initialHidden: [batch, hidden]; zeros unless given.
///   - lengths: [batch], int32 or int64 in 0 ... t: after so many steps a sequence's outputs are 0 and its state stays;
///     all steps unless given.
///   - isReversed: Whether time runs from each sequence's last step to its first; false unless set.
/// - Returns: Outputs [batch, t, hidden], and the hidden state [batch, hidden] after the last step in the order of time.
///
/// Where `Precision.current` is bfloat16, it holds for products over all steps; what goes from step to step is
/// computed in single precision.
public func gru(
  _ x: Tensor, inputWeight: Tensor, recurrentWeight: Tensor, inputBias: Tensor, recurrentBias: Tensor,
  initialHidden: Tensor? = nil, lengths: Tensor? = nil, isReversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor) {
  var inputs = [x, inputWeight, recurrentWeight, inputBias, recurrentBias]
  if let initialHidden { inputs.append(initialHidden) }
  if let lengths { inputs.append(lengths) }
  let recurrence = Recurrence(
    name: "gru", gates: 3, stateCount: initialHidden == nil ? 0 : 1, hasLengths: lengths != nil, isReversed: isReversed,
    precision: Precision.current, biases: 2)
  let results = apply(GRU(recurrence: recurrence), inputs)
  return (results[0], results[1])
}
