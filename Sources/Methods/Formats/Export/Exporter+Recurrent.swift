import Basics
import Tensors

extension Exporter {
  /// Writes a recurrent layer; false if its weights are computed, not given.
  mutating func writeRecurrent(_ form: RecurrentForm, _ inputs: [Int], _ outputs: [Int]) throws -> Bool {
    let constants = inputs[1..<3 + form.biases].compactMap { fixedConstant($0) }
    guard constants.count == 2 + form.biases else { return false }
    // ONNX has the gates of long short-term memory as i, o, f, c and those of gated units as z, r, h.
    let order: [Int]
    let kind: String
    switch form.unit {
    case .lstm: (kind, order) = ("LSTM", [0, 3, 1, 2])
    case .gru: (kind, order) = ("GRU", [1, 0, 2])
    case .tanh, .relu: (kind, order) = ("RNN", [0])
    }
    let hidden = constants[1].shape[0]
    func rows(_ tensor: Tensor) -> Tensor {
      let parts = order.map { tensor.sliced(axis: -1, $0 * hidden..<($0 + 1) * hidden) }
      return concatenated(parts, axis: -1)
    }
    let weights = constants[..<2].map { weight in
      builder.constant(weight, change: "gates") { rows($0).transposed().expanded(axis: 0) }
    }
    let bias = builder.constant(constants[2], change: "biases") { first in
      let second = constants.count > 3 ? constants[3] : Tensor.zeros(first.shape, type: first.type)
      return concatenated([rows(first), rows(second)], axis: 0).expanded(axis: 0)
    }
    var operands = [try timeFirst(inputs[0]), weights[0], weights[1], bias, ""]
    if form.hasLengths, let lengths = inputs.last {
      operands[4] = builder.add("Cast", [try name(lengths)], ["to": .integer(ONNXTensor.Kind.int32.rawValue)])[0]
    }
    for state in inputs[(3 + form.biases)..<(3 + form.biases + form.states)] {
      operands.append(builder.add("Unsqueeze", [try name(state), builder.integers([0])])[0])
    }
    var settings: [String: ONNXAttribute] = [
      "hidden_size": .integer(hidden), "direction": .text(form.isReversed ? "reverse" : "forward"),
    ]
    if form.unit == .gru { settings["linear_before_reset"] = .integer(1) }
    if form.unit == .relu { settings["activations"] = .texts(["Relu"]) }
    let results = builder.add(kind, operands, outputs: outputs.count, settings)
    // [time, directions, batch, hidden] and [directions, batch, hidden].
    let sequence = builder.add("Squeeze", [results[0], builder.integers([1])])[0]
    values[outputs[0]].transposed = (sequence, [1, 0, 2])
    set(outputs[0], builder.add("Transpose", [sequence], ["perm": .integers([1, 0, 2])])[0])
    for (output, result) in zip(outputs, results).dropFirst() {
      set(output, builder.add("Squeeze", [result, builder.integers([0])])[0])
    }
    return true
  }

  /// The name of a sequence [batch, time, features] with time in front.
  private mutating func timeFirst(_ index: Int) throws -> String {
    if let (source, order) = values[index].transposed {
      let here = [1, 0, 2].map { order[$0] }
      return here == [0, 1, 2] ? source : builder.add("Transpose", [source], ["perm": .integers(here)])[0]
    }
    return builder.add("Transpose", [try name(index)], ["perm": .integers([1, 0, 2])])[0]
  }
}
