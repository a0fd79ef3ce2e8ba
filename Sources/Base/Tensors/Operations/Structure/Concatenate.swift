import Basics

/// Tensors behind each other along an axis.
struct Concatenate: Operation {
  let axis: Int
  var name: String { "concatenated" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    var shape = inputs[0].shape
    for x in inputs.dropFirst() {
      var like = x.shape
      if like.count == shape.count { like[axis] = inputs[0].shape[axis] }
      require(
        like == inputs[0].shape && x.type == inputs[0].type, name,
        "\(x.type) \(x.shape) and \(inputs[0].type) \(inputs[0].shape) do not fit along axis \(axis)")
      shape[axis] += x.shape[axis]
    }
    let result = Tensor(uninitialized: shape, inputs[0].type, for: name)
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    var start = 0
    for x in inputs {
      let length = x.shape[axis] * inner
      StridedCopy(sizes: [outer, length], sourceSteps: [length, 1], targetSteps: [shape[axis] * inner, 1])
        .run(from: x, to: result, targetStart: start)
      start += length
    }
    return [result]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0] else { return call.inputs.map { _ in nil } }
    let sizes = call.inputs.map { $0.shape[axis] }
    if call.needs.count(where: { $0 }) > 1 { return g.split(sizes: sizes, axis: axis) }
    var start = 0
    return call.needs.indices.map { index in
      defer { start += sizes[index] }
      return call.needs[index] ? g.sliced(axis: axis, start..<start + sizes[index]) : nil
    }
  }
}

/// The parts of a tensor along an axis; they share memory along the first axis.
struct Split: Operation {
  let sizes: [Int]
  let axis: Int
  var name: String { "split" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let outer = x.shape[..<axis].reduce(1, *)
    let inner = x.shape[(axis + 1)...].reduce(1, *)
    var start = 0
    return sizes.map { size in
      defer { start += size * inner }
      var shape = x.shape
      shape[axis] = size
      if outer == 1 { return x.viewed(as: shape, offset: start) }
      let part = Tensor(uninitialized: shape, x.type, for: name)
      StridedCopy(
        sizes: [outer, size * inner], sourceSteps: [x.shape[axis] * inner, 1], targetSteps: [size * inner, 1]
      ).run(from: x, sourceStart: start, to: part)
      return part
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let parts = upstream.indices.map { index -> Tensor in
      var shape = call.inputs[0].shape
      shape[axis] = sizes[index]
      return upstream[index] ?? .zeros(shape, type: call.inputs[0].type)
    }
    return [concatenated(parts, axis: axis)]
  }
}

/// Tensors behind each other along an axis; all other sizes and the types are equal.
///
/// - Parameters:
///   - tensors: One or more.
///   - axis: Negative ones count from the last.
public func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
  require(!tensors.isEmpty, "concatenated", "there are no tensors to join along axis \(axis)")
  if tensors.count == 1 { return tensors[0] }
  return apply(Concatenate(axis: tensors[0].axis(axis, "concatenated")), tensors)[0]
}

/// Tensors of one shape along a new axis.
///
/// - Parameters:
///   - tensors: One or more.
///   - axis: The place of the new axis in the result, the first unless given; negative ones count from behind the last.
public func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
  require(!tensors.isEmpty, "stacked", "there are no tensors to join along a new axis \(axis)")
  let shape = tensors[0].shape
  for x in tensors {
    require(x.shape == shape, "stacked", "shapes \(shape) and \(x.shape) differ")
  }
  return concatenated(tensors.map { $0.expanded(axis: axis) }, axis: axis)
}

extension Tensor {
  /// The parts of a tensor along an axis; they share memory along the first axis.
  ///
  /// - Parameters:
  ///   - sizes: The parts' sizes, which add up to the axis's.
  ///   - axis: Negative ones count from the last.
  public func split(sizes: [Int], axis: Int) -> [Tensor] {
    let axis = self.axis(axis, "split")
    require(
      sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == shape[axis], "split",
      "sizes \(sizes) do not add up to axis \(axis) of shape \(shape)")
    if sizes.isEmpty { return [] }
    return sizes.count == 1 ? [self] : apply(Split(sizes: sizes, axis: axis), [self])
  }
}
