import Tensors

/// Products of matrices.
let productOperators: [String: OperatorMaker] = [
  "MatMul": { _ in
    { call in
      let (left, right) = (try call.floatingOrCast(0), try call.floatingOrCast(1))
      try call.need(left.type == right.type, "inputs have types \(left.type) and \(right.type)")
      return [GraphValue(try product(left, right, call))]
    }
  },
  "Gemm": { settings in
    let (alpha, beta) = (try settings.number("alpha", 1), try settings.number("beta", 1))
    let (left, right) = (try settings.flag("transA", false), try settings.flag("transB", false))
    return { call in
      let (a, b) = (try call.floating(0).plain, try call.floating(1).plain)
      try call.need(a.type == b.type, "inputs have types \(a.type) and \(b.type)")
      try call.need(a.rank == 2 && b.rank == 2, "inputs have shapes \(a.shape) and \(b.shape), not two axes")
      try call.need(
        a.shape[left ? 0 : 1] == b.shape[right ? 1 : 0], "matrices of shapes \(a.shape) and \(b.shape) do not fit")
      let shape = try call.checked([a.shape[left ? 1 : 0], b.shape[right ? 0 : 1]], type: a.type)
      let product = matmul(a, b, transposingLeft: left, transposingRight: right)
      let scaled = alpha == 1 ? product : product * alpha
      guard let c = call.optional(2) else { return [GraphValue(scaled)] }
      try call.need(c.type == a.type, "inputs have types \(a.type) and \(c.type)")
      let sum = try call.broadcast([shape, c.shape], type: c.type)
      try call.need(sum == shape, "the summand of shape \(c.shape) does not fit \(shape)")
      return [GraphValue(scaled + (beta == 1 ? c : c * beta))]
    }
  },
  "Einsum": { settings in
    let equation = try settings.text("equation", "")
    return { call in
      let tensors = try call.inputs.indices.map { try call.floatingOrCast($0) }
      try call.need(Set(tensors.map(\.type)).count == 1, "inputs have several types")
      let shape = try einsumShape(equation, tensors.map(\.shape), call)
      try call.checked(shape, type: tensors[0].type)
      return [GraphValue(einsum(equation, tensors))]
    }
  },
]

extension ImportedCall {
  /// An input of floating-point numbers; whole numbers have no fast products, so they are not taken.
  fileprivate func floatingOrCast(_ index: Int) throws -> Tensor { try floating(index).plain }
}

/// The product of NumPy: an operand of one axis is a row on the left, a column on the right, and that axis goes again.
private func product(_ left: Tensor, _ right: Tensor, _ call: ImportedCall) throws -> Tensor {
  try call.need(left.rank >= 1 && right.rank >= 1, "there is no product of shapes \(left.shape) and \(right.shape)")
  let a = left.rank == 1 ? left.reshaped(to: [1, left.count]) : left
  let b = right.rank == 1 ? right.reshaped(to: [right.count, 1]) : right
  let (rows, inner) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
  let (other, columns) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
  try call.need(inner == other, "matrices of shapes \(left.shape) and \(right.shape) do not fit")
  let batch = try call.broadcast([Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2))], type: a.type)
  try call.checked(batch + [rows, columns], type: a.type)
  let result = matmul(a, b)
  if left.rank > 1, right.rank > 1 { return result }
  return result.reshaped(to: batch + (left.rank == 1 ? [] : [rows]) + (right.rank == 1 ? [] : [columns]))
}
