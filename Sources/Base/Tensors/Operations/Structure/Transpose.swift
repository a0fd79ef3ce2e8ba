import Basics

/// The same elements with the axes in another order.
struct Transpose: Operation {
  /// For each axis of the result, the axis of the input that it is.
  let axes: [Int]
  var name: String { "transpose" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    require(
      axes.sorted() == Array(0..<x.rank), name, "\(axes) is no order of the axes of shape \(x.shape)")
    let shape = axes.map { x.shape[$0] }
    let steps = rowMajorSteps(x.shape)
    let copy = StridedCopy(sizes: shape, sourceSteps: axes.map { steps[$0] }, targetSteps: rowMajorSteps(shape))
    if x.count == 0 || copy.isContiguous { return [x.viewed(as: shape)] }
    let result = Tensor(uninitialized: shape, x.type, for: name)
    copy.run(from: x, to: result)
    return [result]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    var inverse = axes
    for (new, old) in axes.enumerated() { inverse[old] = new }
    return [upstream[0]?.transposed(axes: inverse)]
  }
}

/// The steps from one element to the next along each axis, in elements, for a tensor without gaps.
func rowMajorSteps(_ shape: [Int]) -> [Int] {
  var steps = shape
  var step = 1
  for axis in shape.indices.reversed() {
    steps[axis] = step
    step *= shape[axis]
  }
  return steps
}

extension Tensor {
  /// The same elements with the axes in another order: the result's axis i is this tensor's axis `axes[i]`.
  ///
  /// - Parameter axes: Every axis once; negative ones count from the last.
  public func transposed(axes: [Int]) -> Tensor {
    let order = axes.map { axis($0, "transpose") }
    return order == Array(shape.indices) ? self : apply(one: Transpose(axes: order), self)
  }

  /// The same elements with the last two axes exchanged: each matrix transposed.
  public func transposed() -> Tensor {
    require(rank >= 2, "transpose", "shape \(shape) has no two last axes")
    return transposed(axes: Array(0..<rank - 2) + [rank - 1, rank - 2])
  }
}
