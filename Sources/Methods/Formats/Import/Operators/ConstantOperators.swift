import Tensors

/// The value of an operator without inputs.
private func constant(_ settings: NodeSettings) throws -> OperatorBody {
  let value: Tensor
  if let tensor = try settings.tensor("value") {
    value = tensor
  } else if settings.node.attributes["value_float"] != nil {
    value = Tensor(Float(try settings.number("value_float", 0)))
  } else if let numbers = try settings.numbers("value_floats") {
    value = Tensor(numbers)
  } else if let number = try settings.integer("value_int") {
    value = Tensor(number)
  } else if let numbers = try settings.integers("value_ints") {
    value = Tensor(numbers)
  } else {
    throw settings.unsupported("a constant of this kind")
  }
  return { _ in [GraphValue(value)] }
}

/// Operators that make tensors.
let constantOperators: [String: OperatorMaker] = [
  "Constant": constant,
  "ConstantOfShape": { settings in
    let value = try settings.tensor("value") ?? Tensor([Float(0)])
    guard value.count == 1 else { throw settings.unsupported("a constant of \(value.count) elements") }
    return { call in
      let shape = try call.checked(call.integers(0), type: value.type)
      return [GraphValue(value.reshaped(to: []).broadcast(to: shape))]
    }
  },
  "Range": { _ in
    { call in
      let bounds = try (0..<3).map { try call.numeric($0) }
      try call.needOneType(bounds)
      try call.need(bounds.allSatisfy { $0.stored.count == 1 }, "a bound is no number")
      let type = bounds[0].type
      if let whole = try wholeRange(bounds.map(\.stored), call) { return [GraphValue(whole.cast(to: type))] }
      let (start, limit, step) = (bounds[0].stored.scalar, bounds[1].stored.scalar, bounds[2].stored.scalar)
      let count = max(0, ((limit - start) / step).rounded(.up))
      try call.need(step != 0 && count < 0x1p40, "there is no range from \(start) to \(limit) by \(step)")
      try call.checked([Int(count)], type: .float64)
      let values = (0..<Int(count)).map { start + Double($0) * step }
      return [GraphValue(Tensor(values).cast(to: type))]
    }
  },
]

/// A range of whole numbers, exact beyond 2^53; nil for other bounds.
private func wholeRange(_ bounds: [Tensor], _ call: ImportedCall) throws -> Tensor? {
  guard bounds[0].type.isInteger else { return nil }
  let numbers = bounds.map { $0.cast(to: .int64).values(Int64.self)[0] }
  let (start, limit, step) = (numbers[0], numbers[1], numbers[2])
  let (room, overflow) = limit.subtractingReportingOverflow(start)
  try call.need(step != 0 && step != .min && !overflow, "there is no range from \(start) to \(limit) by \(step)")
  let count = room == 0 || (room < 0) != (step < 0) ? 0 : Int((room.magnitude - 1) / step.magnitude) + 1
  try call.checked([count], type: .int64)
  return Tensor((0..<Int64(count)).map { start + $0 * step })
}
