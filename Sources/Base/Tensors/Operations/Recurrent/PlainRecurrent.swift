import Basics
import CKernels
import Kernels

/// Plain recurrent units over whole sequences.
package struct PlainRecurrent: Operation {
  package let recurrence: Recurrence
  /// Whether the activation is a rectifier, not the hyperbolic tangent.
  package let isRectified: Bool
  package var name: String { "recurrent" }
  package var gradientReads: GradientReads { [.inputs, .outputs] }

  /// Inputs: x [b, t, in], input weight [in, hidden], recurrent weight [hidden, hidden], bias [hidden], perhaps hidden
  /// states [b, hidden], perhaps lengths [b]. Outputs: [b, t, hidden], the last states.
  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let sizes = recurrence.sizes(inputs)
    require(inputs[0].type == .float32, name, "there is no \(name) of \(inputs[0].type) (shape \(inputs[0].shape))")
    let hidden = sizes.hidden
    let parts = RecurrenceParts(recurrence, sizes)
    let outputs = Tensor(uninitialized: [sizes.batch, sizes.steps, hidden], .float32, for: name)
    let last = Tensor(uninitialized: [sizes.batch, hidden], .float32, for: name)
    withScratch(sizes.batch * sizes.steps * hidden) { gates in
      parts.project(inputs, into: gates)
      parts.forEachPart(inputs[2]) { packed, part in
        let first = part.rows.lowerBound
        var shape = parts.shape
        assay_plain_recurrent_forward(
          &shape, part.rows.count, isRectified ? 1 : 0, packed, gates + first * shape.gates_row,
          recurrence.stateCount > 0 ? UnsafePointer(inputs[4].floats + first * hidden) : nil, part.lengths,
          outputs.floats + first * shape.y_row, last.floats + first * hidden, part.scratch)
      }
    }
    return [outputs, last]
  }

  package func composition(_ inputs: [Tensor]) -> [Tensor]? {
    recurrence.unrolled(inputs, recurrence.projection(inputs), states: 1) { step, states in
      let sum = step + recurrence.product(states[0], inputs[2])
      return [isRectified ? relu(sum) : tanh(sum)]
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let sizes = recurrence.sizes(call.inputs)
    let hidden = sizes.hidden
    let parts = RecurrenceParts(recurrence, sizes)
    let outputs = call.outputs[0]
    let dgates = Tensor(uninitialized: outputs.shape, .float32, for: name)
    let initial = recurrence.stateCount > 0 ? call.inputs[4] : nil
    let dinitial = initial.map { Tensor(uninitialized: $0.shape, .float32, for: name) }
    parts.forEachPart(call.inputs[2], isBackward: true) { packed, part in
      let first = part.rows.lowerBound
      func rows(_ tensor: Tensor?, _ width: Int) -> UnsafeMutablePointer<Float>? {
        tensor.map { $0.floats + first * width }
      }
      var shape = parts.shape
      assay_plain_recurrent_backward(
        &shape, part.rows.count, isRectified ? 1 : 0, packed, outputs.floats + first * shape.y_row, part.lengths,
        rows(upstream[0], shape.dy_row), rows(upstream[1], hidden), dgates.floats + first * shape.gates_row,
        rows(dinitial, hidden), part.scratch)
    }
    return [call.needs[0] ? parts.inputGradient(call, dgates) : nil] + parts.parameterGradients(call, initial, dgates)
      + (initial == nil ? [] : [dinitial]) + (recurrence.hasLengths ? [nil] : [])
  }
}

/// Plain recurrent units (Elman 1990) over whole sequences: h = activation(x inputWeight + h recurrentWeight + bias).
///
/// - Parameters:
///   - x: [batch, t, in].
///   - inputWeight: [in, hidden].
///   - recurrentWeight: [hidden, hidden].
///   - bias: [hidden].
///   - activation: `.tanh` or `.relu`; `.tanh` unless given.
///   - initialHidden: [batch, hidden]; zeros unless given.
///   - lengths: [batch], int32 or int64 in 0 ... t: after so many steps a sequence's outputs are 0 and its state stays;
///     all steps unless given.
///   - isReversed: Whether time runs from each sequence's last step to its first; false unless set.
/// - Returns: Outputs [batch, t, hidden], and the hidden state [batch, hidden] after the last step in the order of time.
///
/// Where `Precision.current` is bfloat16, it holds for products over all steps; what goes from step to step is
/// computed in single precision.
public func recurrent(
  _ x: Tensor, inputWeight: Tensor, recurrentWeight: Tensor, bias: Tensor, activation: Activation = .tanh,
  initialHidden: Tensor? = nil, lengths: Tensor? = nil, isReversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor) {
  require(activation == .tanh || activation == .relu, "recurrent", "the activation is tanh or relu, not \(activation)")
  var inputs = [x, inputWeight, recurrentWeight, bias]
  if let initialHidden { inputs.append(initialHidden) }
  if let lengths { inputs.append(lengths) }
  let recurrence = Recurrence(
    name: "recurrent", gates: 1, stateCount: initialHidden == nil ? 0 : 1, hasLengths: lengths != nil,
    isReversed: isReversed, precision: Precision.current, biases: 1)
  let results = apply(PlainRecurrent(recurrence: recurrence, isRectified: activation == .relu), inputs)
  return (results[0], results[1])
}
