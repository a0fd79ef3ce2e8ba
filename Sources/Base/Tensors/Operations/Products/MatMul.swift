import Basics
import Kernels

/// The product of matrices, batched.
package struct MatMul: Operation {
  package let transposesLeft: Bool
  package let transposesRight: Bool
  let precision: Precision
  package var name: String { "matmul" }

  package func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let (a, b) = (inputs[0], inputs[1])
    require(a.type == b.type, name, "types \(a.type) and \(b.type) differ (shapes \(a.shape) and \(b.shape))")
    require(a.rank >= 2 && b.rank >= 2, name, "takes two axes or more, not shapes \(a.shape) and \(b.shape)")
    let (leftRows, leftColumns) = (a.shape[a.rank - 2], a.shape[a.rank - 1])
    let (rightRows, rightColumns) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
    let (rows, inner) = transposesLeft ? (leftColumns, leftRows) : (leftRows, leftColumns)
    let (other, columns) = transposesRight ? (rightColumns, rightRows) : (rightRows, rightColumns)
    require(
      inner == other, name,
      "inner sizes \(inner) and \(other) differ: \(a.shape)\(transposesLeft ? " transposed" : "")"
        + " times \(b.shape)\(transposesRight ? " transposed" : "")")
    let batch = broadcastShape(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2)), name)
    let result = Tensor(uninitialized: batch + [rows, columns], a.type, for: name)
    var product = MatrixProduct(rows: rows, inner: inner, columns: columns)
    product.roundsToBFloat16 = precision == .bfloat16
    if !transposesLeft, b.rank == 2, a.type == .float32 {
      // One matrix on the right serves all: the batch is one product with more rows.
      product.rows = a.count / max(inner, 1)
      if inner == 0 { product.rows = result.count / max(columns, 1) }
      product.run(
        view(a, 0, transposed: false), view(b, 0, transposed: transposesRight), into: result.floats, stride: columns)
      return [result]
    }
    let plan = BroadcastPlan([Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2))], to: batch)
    let count = batch.reduce(1, *)
    func multiply(_ index: Int, _ isAlone: Bool) {
      let (run, i) = (index / plan.runLength, index % plan.runLength)
      let left = (plan.start(0, run: run) + i * plan.runStep(0)) * rows * inner
      let right = (plan.start(1, run: run) + i * plan.runStep(1)) * inner * columns
      if a.type == .float64 { return multiplyDoubles(a, left, b, right, result, index * rows * columns, product) }
      let target = result.floats + index * rows * columns
      let (leftView, rightView) = (
        view(a, left, transposed: transposesLeft), view(b, right, transposed: transposesRight)
      )
      if isAlone {
        product.run(leftView, rightView, into: target, stride: columns)
      } else {
        product.runSmall(leftView, rightView, into: target, stride: columns)
      }
    }
    require(a.type == .float32 || a.type == .float64, name, "there is no product of \(a.type)")
    if count == 1 || rows * inner * columns > 1 << 21 {
      for index in 0..<count { multiply(index, true) }
    } else {
      forEachPart(of: count, grain: max(1, 1 << 18 / max(1, rows * inner * columns))) { part in
        for index in part { multiply(index, false) }
      }
    }
    return [result]
  }

  private func view(_ tensor: Tensor, _ start: Int, transposed: Bool) -> MatrixView {
    let view = MatrixView(tensor.floats + start, width: tensor.shape[tensor.rank - 1])
    return transposed ? view.transposed : view
  }

  private func multiplyDoubles(
    _ a: Tensor, _ aStart: Int, _ b: Tensor, _ bStart: Int, _ c: Tensor, _ cStart: Int, _ size: MatrixProduct
  ) {
    let (aRow, aColumn) = transposesLeft ? (1, size.rows) : (size.inner, 1)
    let (bRow, bColumn) = transposesRight ? (1, size.inner) : (size.columns, 1)
    let (left, right) = (a.pointer(Double.self) + aStart, b.pointer(Double.self) + bStart)
    let target = c.pointer(Double.self) + cStart
    forEachPart(of: size.rows, grain: max(1, 16_384 / max(1, size.inner * size.columns))) { part in
      for i in part {
        for j in 0..<size.columns {
          var sum = 0.0
          for k in 0..<size.inner { sum += left[i * aRow + k * aColumn] * right[k * bRow + j * bColumn] }
          target[i * size.columns + j] = sum
        }
      }
    }
  }

  package func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return [nil, nil] }
    let (a, b) = (call.inputs[0], call.inputs[1])
    func product(_ x: Tensor, _ y: Tensor, left: Bool = false, right: Bool = false) -> Tensor {
      apply(one: MatMul(transposesLeft: left, transposesRight: right, precision: precision), x, y)
    }
    // With A' and B' for what is multiplied: dA' = G B'^T, dB' = A'^T G.
    var (left, right): (Tensor?, Tensor?)
    if call.needs[0] {
      left =
        transposesLeft
        ? product(b, g, left: transposesRight, right: true) : product(g, b, right: !transposesRight)
    }
    if call.needs[1] {
      if !transposesLeft, !transposesRight, b.rank == 2, a.rank > 2 {
        let rows = a.shape.dropLast().reduce(1, *)
        right = product(
          a.reshaped(to: [rows, a.shape[a.rank - 1]]), g.reshaped(to: [rows, g.shape[g.rank - 1]]), left: true)
      } else {
        right =
          transposesRight ? product(g, a, left: true, right: transposesLeft) : product(a, g, left: !transposesLeft)
      }
    }
    return [left?.summed(to: a.shape), right?.summed(to: b.shape)]
  }
}

/// The product of matrices: [..., m, k] times [..., k, n] is [..., m, n]; leading axes broadcast.
///
/// - Parameters:
///   - a: Floating-point numbers, of rank 2 or more.
///   - b: The same type.
///   - transposingLeft: Whether the last two axes of `a` are exchanged first, without a copy; false unless set.
///   - transposingRight: The same for `b`.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Tensor {
  let operation = MatMul(
    transposesLeft: transposingLeft, transposesRight: transposingRight, precision: Precision.current)
  return apply(one: operation, a, b)
}
