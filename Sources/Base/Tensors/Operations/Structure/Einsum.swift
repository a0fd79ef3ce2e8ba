import Basics

/// Sums of products by Einstein's convention: axes with the same letter are walked together, and summed over where the
/// result lacks the letter.
///
///     einsum("bij,bjk->bik", a, b)   // products of matrices
///     einsum("ii->i", a)             // a diagonal
///     einsum("...i,...i->...", a, b) // products of vectors, leading axes broadcast
///
/// Operands are multiplied from the first to the last; order them so that the products in between stay small. Sizes of 1
/// broadcast. Gradients of any order flow through all operands.
///
/// - Parameters:
///   - formula: The letters of each operand's axes, and, behind an arrow, of the result's; without an arrow the letters
///     that occur once, in alphabetical order. "..." stands for all further axes.
///   - operands: One or more tensors of one type.
public func einsum(_ formula: String, _ operands: Tensor...) -> Tensor { einsum(formula, operands) }

/// Sums of products by Einstein's convention, of a list of operands; see the variadic form.
public func einsum(_ formula: String, _ operands: [Tensor]) -> Tensor {
  require(!operands.isEmpty, "einsum", "\"\(formula)\" has no operands")
  let shapes = operands.map(\.shape)
  let plan = EinsumFormula(formula, shapes)
  for operand in operands {
    require(
      operand.type == operands[0].type, "einsum",
      "types \(operands[0].type) and \(operand.type) differ (\"\(formula)\" for shapes \(shapes))")
  }
  var sizes: [Int: Int] = [:]
  for (labels, shape) in zip(plan.operands, shapes) {
    for (label, size) in zip(labels, shape) {
      let known = sizes[label] ?? 1
      require(
        known == size || known == 1 || size == 1, "einsum",
        "\"\(formula)\" for shapes \(shapes): sizes \(known) and \(size) of one letter differ")
      sizes[label] = known == 1 ? size : known
    }
  }
  var terms = zip(operands, plan.operands).map { EinsumTerm($0, $1).diagonal().withoutBroadcastAxes(sizes) }
  var left = terms.removeFirst()
  while !terms.isEmpty {
    let right = terms.removeFirst()
    left = left.times(right, keeping: Set(plan.result).union(terms.flatMap(\.labels)))
  }
  return left.summed(keeping: Set(plan.result)).arranged(plan.result)
}

/// A tensor with a label for each axis.
private struct EinsumTerm {
  let tensor: Tensor
  let labels: [Int]

  init(_ tensor: Tensor, _ labels: [Int]) {
    self.tensor = tensor
    self.labels = labels
  }

  /// With each label once: of axes that share one, only the elements where all are at the same place.
  func diagonal() -> EinsumTerm {
    guard
      let first = labels.indices.first(where: { i in labels[(i + 1)...].contains(labels[i]) }),
      let second = labels.indices.last(where: { labels[$0] == labels[first] })
    else { return self }
    let size = tensor.shape[first]
    require(
      size == tensor.shape[second], "einsum",
      "axes \(first) and \(second) of shape \(tensor.shape) have one letter, but sizes \(size) and"
        + " \(tensor.shape[second])")
    let others = labels.indices.filter { $0 != first && $0 != second }
    let shape = others.map { tensor.shape[$0] }
    // Of a square written as one line, the diagonal is every (size + 1)-th element.
    let lines = tensor.transposed(axes: others + [first, second]).reshaped(to: shape + [size * size])
    let diagonal = lines.sliced(axis: -1, 0..<size * size, step: size + 1)
    return EinsumTerm(diagonal, others.map { labels[$0] } + [labels[first]]).diagonal()
  }

  /// Without axes of size 1 whose label has another size elsewhere: broadcasting takes care of them.
  func withoutBroadcastAxes(_ sizes: [Int: Int]) -> EinsumTerm {
    let dropped = labels.indices.filter { tensor.shape[$0] == 1 && sizes[labels[$0]] != 1 }
    if dropped.isEmpty { return self }
    return EinsumTerm(
      tensor.squeezed(axes: dropped), labels.indices.filter { !dropped.contains($0) }.map { labels[$0] })
  }

  /// Summed over the labels that nobody needs any more.
  func summed(keeping kept: Set<Int>) -> EinsumTerm {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    return axes.isEmpty ? self : EinsumTerm(tensor.sum(axes: axes), labels.filter { kept.contains($0) })
  }

  /// With the axes in the order of labels, all of which it has.
  func arranged(_ order: [Int]) -> Tensor {
    order == labels ? tensor : tensor.transposed(axes: order.compactMap { labels.firstIndex(of: $0) })
  }

  /// The product, summed over shared labels that are not to be kept.
  func times(_ other: EinsumTerm, keeping kept: Set<Int>) -> EinsumTerm {
    let left = summed(keeping: kept.union(other.labels))
    let right = other.summed(keeping: kept.union(labels))
    let shared = left.labels.filter { right.labels.contains($0) }
    let contracted = shared.filter { !kept.contains($0) }
    let batch = shared.filter { kept.contains($0) }
    let rows = left.labels.filter { !shared.contains($0) }
    let columns = right.labels.filter { !shared.contains($0) }
    let order = batch + rows + columns
    if contracted.isEmpty || !left.tensor.type.isFloatingPoint {
      return left.multiplied(right, order + contracted).summed(keeping: kept)
    }
    func size(_ group: [Int], of term: EinsumTerm) -> [Int] {
      group.compactMap { label in term.labels.firstIndex(of: label).map { term.tensor.shape[$0] } }
    }
    // A matrix that already lies the other way round need not be transposed: the product can walk it so.
    let transposesLeft = left.labels == batch + contracted + rows
    let transposesRight = right.labels == batch + columns + contracted
    let (batchShape, inner) = (size(batch, of: left), size(contracted, of: left).reduce(1, *))
    let (rowShape, columnShape) = (size(rows, of: left), size(columns, of: right))
    let (height, width) = (rowShape.reduce(1, *), columnShape.reduce(1, *))
    let a = left.arranged(transposesLeft ? left.labels : batch + rows + contracted)
      .reshaped(to: batchShape + (transposesLeft ? [inner, height] : [height, inner]))
    let b = right.arranged(transposesRight ? right.labels : batch + contracted + columns)
      .reshaped(to: batchShape + (transposesRight ? [width, inner] : [inner, width]))
    let product = matmul(a, b, transposingLeft: transposesLeft, transposingRight: transposesRight)
    return EinsumTerm(product.reshaped(to: batchShape + rowShape + columnShape), order)
  }

  /// The product element by element, over all labels in an order.
  private func multiplied(_ other: EinsumTerm, _ order: [Int]) -> EinsumTerm {
    func spread(_ term: EinsumTerm) -> Tensor {
      let own = order.filter { term.labels.contains($0) }
      let arranged = term.arranged(own)
      return arranged.reshaped(to: order.map { label in own.firstIndex(of: label).map { arranged.shape[$0] } ?? 1 })
    }
    return EinsumTerm(spread(self) * spread(other), order)
  }
}
