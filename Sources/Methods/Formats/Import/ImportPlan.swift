import Basics
import Tensors

/// The operators of a model in order, with the places of the values that they take and give.
struct ImportPlan: Sendable {
  /// A place of a value that comes in or goes out.
  struct Port: Sendable {
    let value: ONNXValue
    let slot: Int
  }

  /// One operator.
  struct Step: Sendable {
    let label: String
    let body: OperatorBody
    let inputs: [Int?]
    let outputs: [Int?]
    /// Values that nobody needs any more afterwards.
    var releases: [Int] = []
  }

  /// The file, for messages.
  let place: String
  var inputs: [Port] = []
  var outputs: [Port] = []
  var steps: [Step] = []
  /// The number of values.
  var slotCount = 0
  /// Values that are always the same.
  var constants: [(slot: Int, tensor: Tensor)] = []
  /// The weights, whose values are given anew at each run.
  var parameterNames: [String] = []
  var parameterSlots: [Int] = []

  func run(_ tensors: [Tensor], parameters: [Tensor?], byteLimit: Int) throws -> [Tensor] {
    guard tensors.count == inputs.count else {
      throw AssayError(.data, "\(tensors.count) tensors for a model of \(inputs.count) inputs", at: place)
    }
    try check(tensors)
    var slots = [GraphValue?](repeating: nil, count: slotCount)
    for (slot, tensor) in constants { slots[slot] = GraphValue(tensor) }
    for (slot, tensor) in zip(parameterSlots, parameters) { slots[slot] = tensor.map { GraphValue($0) } }
    for (input, tensor) in zip(inputs, tensors) { slots[input.slot] = GraphValue(tensor) }
    for step in steps { try run(step, &slots, byteLimit) }
    return try outputs.map { output in
      guard let value = slots[output.slot] else {
        throw AssayError(.format, "the output \"\(output.value.name)\" was not computed", at: place)
      }
      return value.plain
    }
  }

  private func run(_ step: Step, _ slots: inout [GraphValue?], _ byteLimit: Int) throws {
    let call = ImportedCall(
      inputs: step.inputs.map { $0.flatMap { slots[$0] } }, byteLimit: byteLimit)
    let results: [GraphValue]
    do {
      results = try step.body(call)
    } catch let error as AssayError {
      throw placed(error, step.label)
    }
    for slot in step.releases { slots[slot] = nil }
    for (index, slot) in step.outputs.enumerated() {
      guard let slot else { continue }
      guard index < results.count else {
        throw AssayError(.format, "the operator has no result \(index)", at: placed(step.label))
      }
      slots[slot] = results[index]
    }
  }

  private func placed(_ label: String) -> String { place.isEmpty ? label : "\(place), \(label)" }

  private func placed(_ error: AssayError, _ label: String) -> AssayError {
    AssayError(
      error.kind, error.problem, at: placed(label) + (error.place.isEmpty ? "" : ", \(error.place)"),
      remedy: error.remedy)
  }

  /// Compares tensors with what the model says of its inputs.
  private func check(_ tensors: [Tensor]) throws {
    var sizes: [String: Int] = [:]
    for (input, tensor) in zip(inputs, tensors) {
      let value = input.value
      func problem(_ what: String) -> AssayError { AssayError(.data, what, at: "\(place), input \"\(value.name)\"") }
      let type = ONNXTensor.Kind(rawValue: value.kind)?.elementType
      guard type == nil || type == tensor.type else {
        throw problem("a tensor of \(tensor.type) where \(type?.rawValue ?? "") is needed")
      }
      guard let shape = value.shape else { continue }
      let expected = shape.map { size in
        switch size {
        case .fixed(let value): "\(value)"
        case .named(let name): name.isEmpty ? "any" : name
        }
      }.joined(separator: ", ")
      var fits = shape.count == tensor.rank
      for (size, actual) in zip(shape, tensor.shape) {
        switch size {
        case .fixed(let value): fits = fits && (value == actual || value < 0)
        case .named(let name):
          if !name.isEmpty { fits = fits && sizes[name, default: actual] == actual }
          sizes[name] = actual
        }
      }
      guard fits else { throw problem("a tensor of shape \(tensor.shape) where [\(expected)] is needed") }
    }
  }
}
