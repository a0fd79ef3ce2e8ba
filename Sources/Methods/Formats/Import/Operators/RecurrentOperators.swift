import Tensors

/// The settings and inputs that recurrent operators share.
private struct Recurrence: Sendable {
  let directions: [Bool]
  let isBatchFirst: Bool

  /// - Parameter activations: What the operator has for one direction; other functions are not supported.
  init(_ settings: NodeSettings, activations: [String]) throws {
    switch try settings.text("direction", "forward") {
    case "forward": directions = [false]
    case "reverse": directions = [true]
    case "bidirectional": directions = [false, true]
    default: throw settings.unsupported("this direction")
    }
    isBatchFirst = try settings.flag("layout", false)
    if let given = try settings.texts("activations") {
      let expected = directions.flatMap { _ in activations }.map { $0.lowercased() }
      guard given.map({ $0.lowercased() }) == expected else {
        throw settings.unsupported("a recurrent network with the functions \(given.joined(separator: ", "))")
      }
    }
    if settings.node.attributes["clip"] != nil { throw settings.unsupported("clipping inside a recurrent network") }
    if try settings.flag("input_forget", false) { throw settings.unsupported("an input gate that is the forget gate") }
  }

  /// The inputs of a run.
  struct Run {
    /// [batch, time, features].
    let x: Tensor
    let lengths: Tensor?
    let hiddenSize: Int
    var batch: Int { x.shape[0] }
  }

  func inputs(_ call: ImportedCall, gates: Int, statesFrom: Int, states: Int) throws -> Run {
    let given = try call.floating(0).plain
    try call.need(given.rank == 3 && given.count > 0, "the input has shape \(given.shape), not three axes")
    let x = isBatchFirst ? given : given.transposed(axes: [1, 0, 2])
    let recurrent = try call.tensor(2)
    let hidden = recurrent.rank == 3 ? recurrent.shape[2] : 0
    let (count, rows) = (directions.count, gates * hidden)
    try call.need(
      hidden > 0 && recurrent.shape == [count, rows, hidden], "recurrent weights of shape \(recurrent.shape)")
    let weight = try call.tensor(1)
    try call.need(weight.shape == [count, rows, x.shape[2]], "weights of shape \(weight.shape)")
    var typed = [weight, recurrent]
    if let bias = call.optional(3) {
      try call.need(bias.shape == [count, 2 * rows], "a bias of shape \(bias.shape)")
      typed.append(bias)
    }
    let stateShape = isBatchFirst ? [x.shape[0], count, hidden] : [count, x.shape[0], hidden]
    for index in statesFrom..<statesFrom + states {
      guard let state = call.optional(index) else { continue }
      try call.need(state.shape == stateShape, "a first state of shape \(state.shape), not \(stateShape)")
      typed.append(state)
    }
    try call.need(typed.allSatisfy { $0.type == x.type }, "the inputs have several types")
    try call.checked([x.shape[0], x.shape[1], count, rows], type: x.type)
    var lengths: Tensor?
    if call.has(4) {
      let values = try call.integers(4)
      try call.need(
        values.count == x.shape[0] && values.allSatisfy { $0 >= 0 && $0 <= x.shape[1] },
        "the lengths \(values) do not fit \(x.shape[0]) sequences of \(x.shape[1])")
      lengths = Tensor(values)
    }
    return Run(x: x, lengths: lengths, hiddenSize: hidden)
  }

  /// The part of an input for a direction.
  func part(_ call: ImportedCall, _ index: Int, _ direction: Int) -> Tensor? {
    call.optional(index).map { $0[direction] }
  }

  /// The first state for a direction, [batch, hidden].
  func state(_ call: ImportedCall, _ index: Int, _ direction: Int) -> Tensor? {
    call.optional(index).map { (isBatchFirst ? $0.transposed(axes: [1, 0, 2]) : $0)[direction] }
  }

  /// Outputs [batch, time, hidden] and last states [batch, hidden] of all directions as ONNX has them.
  func results(outputs: [Tensor], states: [[Tensor]]) -> [GraphValue] {
    let all =
      isBatchFirst ? stacked(outputs, axis: 2) : stacked(outputs.map { $0.transposed(axes: [1, 0, 2]) }, axis: 1)
    return [GraphValue(all)] + states.map { GraphValue(stacked($0, axis: isBatchFirst ? 1 : 0)) }
  }
}

/// Blocks of rows, one for each gate, in another order.
private func reordered(_ x: Tensor, _ order: [Int]) -> Tensor {
  let size = x.shape[0] / order.count
  return concatenated(order.map { x.sliced(axis: 0, $0 * size..<($0 + 1) * size) }, axis: 0)
}

private func lstmOperator(_ settings: NodeSettings) throws -> OperatorBody {
  let recurrence = try Recurrence(settings, activations: ["Sigmoid", "Tanh", "Tanh"])
  return { call in
    try call.need(!call.has(7), "an LSTM with peepholes is not supported")
    let run = try recurrence.inputs(call, gates: 4, statesFrom: 5, states: 2)
    let size = 4 * run.hiddenSize
    // The gates i, o, f, c become i, f, c, o.
    let order = [0, 2, 3, 1]
    var (outputs, hidden, cells): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
    for (direction, isReversed) in recurrence.directions.enumerated() {
      guard let weight = recurrence.part(call, 1, direction), let inner = recurrence.part(call, 2, direction) else {
        continue
      }
      let bias = recurrence.part(call, 3, direction).map { reordered($0[0..<size] + $0[size..<2 * size], order) }
      let result = lstm(
        run.x, inputWeight: reordered(weight, order).transposed(),
        recurrentWeight: reordered(inner, order).transposed(),
        bias: bias ?? .zeros([size], type: run.x.type), initialHidden: recurrence.state(call, 5, direction),
        initialCell: recurrence.state(call, 6, direction), lengths: run.lengths, isReversed: isReversed)
      outputs.append(result.outputs)
      hidden.append(result.hidden)
      cells.append(result.cell)
    }
    return recurrence.results(outputs: outputs, states: [hidden, cells])
  }
}

private func gruOperator(_ settings: NodeSettings) throws -> OperatorBody {
  let recurrence = try Recurrence(settings, activations: ["Sigmoid", "Tanh"])
  guard try settings.flag("linear_before_reset", false) else {
    throw settings.unsupported("a GRU that resets before the product (linear_before_reset = 0)")
  }
  return { call in
    let run = try recurrence.inputs(call, gates: 3, statesFrom: 5, states: 1)
    let size = 3 * run.hiddenSize
    // The gates z, r, h become r, z, h.
    let order = [1, 0, 2]
    let zeros = Tensor.zeros([size], type: run.x.type)
    var (outputs, hidden): ([Tensor], [Tensor]) = ([], [])
    for (direction, isReversed) in recurrence.directions.enumerated() {
      guard let weight = recurrence.part(call, 1, direction), let inner = recurrence.part(call, 2, direction) else {
        continue
      }
      let bias = recurrence.part(call, 3, direction)
      let result = gru(
        run.x, inputWeight: reordered(weight, order).transposed(),
        recurrentWeight: reordered(inner, order).transposed(),
        inputBias: bias.map { reordered($0[0..<size], order) } ?? zeros,
        recurrentBias: bias.map { reordered($0[size..<2 * size], order) } ?? zeros,
        initialHidden: recurrence.state(call, 5, direction), lengths: run.lengths, isReversed: isReversed)
      outputs.append(result.outputs)
      hidden.append(result.hidden)
    }
    return recurrence.results(outputs: outputs, states: [hidden])
  }
}

private func simpleOperator(_ settings: NodeSettings) throws -> OperatorBody {
  let names = try settings.texts("activations") ?? ["Tanh"]
  let isRelu = names.first?.lowercased() == "relu"
  let recurrence = try Recurrence(settings, activations: [isRelu ? "Relu" : "Tanh"])
  return { call in
    let run = try recurrence.inputs(call, gates: 1, statesFrom: 5, states: 1)
    let size = run.hiddenSize
    var (outputs, hidden): ([Tensor], [Tensor]) = ([], [])
    for (direction, isReversed) in recurrence.directions.enumerated() {
      guard let weight = recurrence.part(call, 1, direction), let inner = recurrence.part(call, 2, direction) else {
        continue
      }
      let bias = recurrence.part(call, 3, direction).map { $0[0..<size] + $0[size..<2 * size] }
      let result = recurrent(
        run.x, inputWeight: weight.transposed(), recurrentWeight: inner.transposed(),
        bias: bias ?? .zeros([size], type: run.x.type), activation: isRelu ? .relu : .tanh,
        initialHidden: recurrence.state(call, 5, direction), lengths: run.lengths, isReversed: isReversed)
      outputs.append(result.outputs)
      hidden.append(result.hidden)
    }
    return recurrence.results(outputs: outputs, states: [hidden])
  }
}

/// Recurrent networks.
let recurrentOperators: [String: OperatorMaker] = [
  "LSTM": lstmOperator,
  "GRU": gruOperator,
  "RNN": simpleOperator,
]
