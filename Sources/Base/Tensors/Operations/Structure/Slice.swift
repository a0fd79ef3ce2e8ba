import Basics

/// A box of elements with a step along each axis; shares memory where the elements lie together.
struct Slice: Operation {
  /// The first element along each axis.
  let starts: [Int]
  /// The sizes of the result.
  let sizes: [Int]
  /// From one element to the next along each axis, negative to go backwards.
  let steps: [Int]
  var name: String { "slice" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    checkBox(x.shape, self)
    let (copy, start) = stridedBox(x.shape, self)
    if sizes.contains(0) { return [x.viewed(as: sizes)] }
    if copy.isContiguous { return [x.viewed(as: sizes, offset: start)] }
    let result = Tensor(uninitialized: sizes, x.type, for: name)
    copy.run(from: x, sourceStart: start, to: result)
    return [result]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0].map { apply(one: Place(shape: call.inputs[0].shape, box: self, filler: 0), $0) }]
  }
}

/// A tensor of a given shape that is filled with a number, but for a box with a step along each axis, which takes the
/// input's elements: the reverse of a slice.
struct Place: Operation {
  let shape: [Int]
  let box: Slice
  let filler: Double
  var name: String { "place" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    require(x.shape == box.sizes, name, "shape \(x.shape) does not fill a box of \(box.sizes)")
    checkBox(shape, box)
    let result = Tensor(repeating: filler, shape: shape, type: x.type)
    let (copy, start) = stridedBox(shape, box)
    let reverse = StridedCopy(sizes: copy.sizes, sourceSteps: copy.targetSteps, targetSteps: copy.sourceSteps)
    reverse.run(from: x, to: result, targetStart: start)
    return [result]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0].map { apply(one: box, $0) }]
  }
}

private func checkBox(_ shape: [Int], _ box: Slice) {
  for axis in shape.indices where box.sizes[axis] > 0 {
    let last = box.starts[axis] + (box.sizes[axis] - 1) * box.steps[axis]
    require(
      box.starts[axis] >= 0 && box.starts[axis] < shape[axis] && last >= 0 && last < shape[axis], box.name,
      "a box of \(box.sizes) from \(box.starts) in steps \(box.steps) leaves shape \(shape)")
  }
}

/// The copy from the box to a tensor of its size, and where in a tensor of `shape` the box begins.
private func stridedBox(_ shape: [Int], _ box: Slice) -> (copy: StridedCopy, start: Int) {
  let steps = rowMajorSteps(shape)
  let copy = StridedCopy(
    sizes: box.sizes, sourceSteps: steps.indices.map { steps[$0] * box.steps[$0] },
    targetSteps: rowMajorSteps(box.sizes))
  return (copy, steps.indices.reduce(0) { $0 + steps[$1] * box.starts[$1] })
}

extension Tensor {
  /// Some elements along one axis; shares memory where they lie together, as along the first axis.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the last.
  ///   - range: From the first element to before the last.
  ///   - step: Takes every step-th element of the range, beginning with its first; 1 unless set.
  public func sliced(axis: Int, _ range: Range<Int>, step: Int = 1) -> Tensor {
    let axis = self.axis(axis, "sliced")
    require(
      range.lowerBound >= 0 && range.upperBound <= shape[axis], "sliced",
      "\(range) leaves axis \(axis) of shape \(shape)")
    require(step > 0, "sliced", "a step of \(step) along axis \(axis) of shape \(shape) leads nowhere")
    if range == 0..<shape[axis], step == 1 { return self }
    var (starts, sizes, steps) = (shape.map { _ in 0 }, shape, shape.map { _ in 1 })
    starts[axis] = range.lowerBound
    sizes[axis] = (range.count + step - 1) / step
    steps[axis] = step
    return apply(one: Slice(starts: starts, sizes: sizes, steps: steps), self)
  }

  /// The elements in reverse order along some axes.
  ///
  /// - Parameter axes: Negative ones count from the last.
  public func flipped(axes: [Int]) -> Tensor {
    let chosen = Set(axes.map { axis($0, "flipped") })
    if chosen.allSatisfy({ shape[$0] <= 1 }) { return self }
    let starts = shape.indices.map { chosen.contains($0) ? Swift.max(0, shape[$0] - 1) : 0 }
    let steps = shape.indices.map { chosen.contains($0) ? -1 : 1 }
    return apply(one: Slice(starts: starts, sizes: shape, steps: steps), self)
  }

  /// The tensor with more elements around it.
  ///
  /// - Parameters:
  ///   - widths: For each axis how many elements are added before and after.
  ///   - value: What they are; 0 unless set. No gradient flows to it.
  public func padded(_ widths: [(before: Int, after: Int)], with value: Double = 0) -> Tensor {
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 }, "padded",
      "the widths \(widths.map { [$0.before, $0.after] }) do not fit shape \(shape)")
    if widths.allSatisfy({ $0.before == 0 && $0.after == 0 }) { return self }
    let box = Slice(starts: widths.map(\.before), sizes: shape, steps: shape.map { _ in 1 })
    return apply(one: Place(shape: zip(shape, widths).map { $0 + $1.before + $1.after }, box: box, filler: value), self)
  }

  /// The element at a place of the first axis, without that axis; shares memory.
  ///
  /// - Parameter index: Negative ones count from the end.
  public subscript(_ index: Int) -> Tensor {
    require(rank >= 1, "subscript", "a scalar has no element \(index)")
    let place = index < 0 ? index + shape[0] : index
    require(place >= 0 && place < shape[0], "subscript", "there is no element \(index) in shape \(shape)")
    return sliced(axis: 0, place..<place + 1).reshaped(to: Array(shape.dropFirst()))
  }

  /// Some neighbouring elements of the first axis, as in `x[2..<5]` or `x[2...]`; shares memory.
  public subscript<Span: RangeExpression>(_ span: Span) -> Tensor where Span.Bound == Int {
    require(rank >= 1, "subscript", "a scalar has no elements \(span)")
    // An open end shows itself as the end of the longest axis there could be.
    let range = span.relative(to: 0..<Int.max)
    let end = range.upperBound == Int.max ? shape[0] : range.upperBound
    require(
      range.lowerBound >= 0 && range.lowerBound <= end && end <= shape[0], "subscript",
      "there are no elements \(span) in shape \(shape)")
    return sliced(axis: 0, range.lowerBound..<end)
  }
}
