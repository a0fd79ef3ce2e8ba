import Basics
import Kernels

/// The places along an axis in the order of their elements: all, or the first of them.
struct ArgSort: Operation {
  let axis: Int
  let descending: Bool
  let count: Int
  let name: String
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    require(
      x.shape[axis] < 1 << 32, name, "axis \(axis) of shape \(x.shape) is too long to sort")
    var shape = x.shape
    shape[axis] = count
    let result = Tensor(uninitialized: shape, .int64, for: name)
    switch x.type {
    case .float32: walk(x, result, Float.self)
    case .float64: walk(x, result, Double.self)
    case .int32: walk(x, result, Int32.self)
    case .int64: walk(x, result, Int64.self)
    case .uint8: walk(x, result, UInt8.self)
    case .bool, .bfloat16: stop(name, "\(x.type) has no order")
    }
    return [result]
  }

  private func walk<Element: SortableElement>(_ x: Tensor, _ result: Tensor, _ type: Element.Type) {
    let (source, target) = (x.pointer(type), result.pointer(Int64.self))
    let extent = AxisExtent(x.shape, axis...axis)
    let (length, inner) = (extent.middle, extent.inner)
    forEachPart(of: extent.outer * inner, grain: max(1, 1_024 / max(1, length))) { lines in
      for line in lines {
        let (outer, column) = (line / inner, line % inner)
        LineSorter.places(
          source + outer * length * inner + column, length: length, step: inner, descending: descending, count: count,
          into: target + outer * count * inner + column, targetStep: inner)
      }
    }
  }
}

extension Tensor {
  /// The elements in order along an axis, and where they were.
  ///
  /// Equal elements stay in the order of their places. Not-a-number counts as larger than everything.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the last; the last unless given.
  ///   - descending: Whether the largest come first; false unless set.
  /// - Returns: The values, through which gradients flow, and their places (int64) along the axis.
  public func sorted(axis: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let axis = self.axis(axis, "sorted")
    let sort = ArgSort(axis: axis, descending: descending, count: shape[axis], name: "sorted")
    let indices = apply(one: sort, detached())
    return (taken(along: axis, at: indices), indices)
  }

  /// The largest elements along an axis, the largest first, and where they are.
  ///
  /// Of equal elements the first come first. Not-a-number counts as larger than everything.
  ///
  /// - Parameters:
  ///   - count: How many; at most the size of the axis.
  ///   - axis: Negative ones count from the last; the last unless given.
  /// - Returns: The values, through which gradients flow, and their places (int64) along the axis.
  public func top(_ count: Int, axis: Int = -1) -> (values: Tensor, indices: Tensor) {
    let axis = self.axis(axis, "top")
    require(
      count >= 0 && count <= shape[axis], "top", "there are not \(count) elements along axis \(axis) of shape \(shape)")
    let indices = apply(one: ArgSort(axis: axis, descending: true, count: count, name: "top"), detached())
    return (taken(along: axis, at: indices), indices)
  }
}
