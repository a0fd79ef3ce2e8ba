import Basics
import Kernels

/// Takes slices along an axis in an order that indices give; the indices' axes stand in its place.
struct Gather: Operation {
  let axis: Int
  var name: String { "gathered" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    let indices = inputs[1].checkedIndices(below: x.shape[axis], name)
    run.keep(indices)
    let result = Tensor(
      uninitialized: Array(x.shape[..<axis]) + inputs[1].shape + Array(x.shape[(axis + 1)...]), x.type, for: name)
    switch x.type.byteCount {
    case 8: walk(x, indices, result, UInt64.self)
    case 4: walk(x, indices, result, UInt32.self)
    case 2: walk(x, indices, result, UInt16.self)
    default: walk(x, indices, result, UInt8.self)
    }
    return [result]
  }

  private func walk<Word: BitwiseCopyable>(_ x: Tensor, _ indices: Tensor, _ result: Tensor, _ word: Word.Type) {
    let source = x.storage.pointer.assumingMemoryBound(to: word) + x.offset
    let target = result.storage.pointer.assumingMemoryBound(to: word)
    let places = indices.pointer(Int64.self)
    let extent = AxisExtent(x.shape, axis...axis)
    let (rows, count, inner) = (extent.middle, indices.count, extent.inner)
    withExtendedLifetime(indices) {
      forEachPart(of: extent.outer * count, grain: max(1, 16_384 / max(1, inner))) { part in
        for index in part {
          let row = source + (index / count * rows + Int(places[index % count])) * inner
          if inner < 16 {
            for i in 0..<inner { target[index * inner + i] = row[i] }
          } else {
            (target + index * inner).update(from: row, count: inner)
          }
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0], call.needs[0] else { return [nil, nil] }
    let scatter = ScatterAdd(axis: axis, size: call.inputs[0].shape[axis])
    return [apply(one: scatter, g, call.indices(1)), nil]
  }
}

/// Adds slices along an axis to the slices that indices name: the reverse of `Gather`. A third input is what they are added
/// to, zeros without it.
///
/// Each element of the result takes what comes to it in the order of the indices, whatever the number of threads.
struct ScatterAdd: Operation {
  let axis: Int
  /// The size of the result along the axis.
  let size: Int
  var name: String { "scatterAdded" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let values = inputs[0]
    let indices = inputs[1].checkedIndices(below: size, name)
    run.keep(indices)
    let last = axis + inputs[1].rank
    require(
      values.rank >= last && Array(values.shape[axis..<last]) == inputs[1].shape, name,
      "values of shape \(values.shape) do not have the indices' shape \(inputs[1].shape) at axis \(axis)")
    let shape = Array(values.shape[..<axis]) + [size] + Array(values.shape[last...])
    let result: Tensor
    if inputs.count == 3 {
      require(
        inputs[2].shape == shape && inputs[2].type == values.type, name,
        "\(values.type) values of shape \(values.shape) at indices of shape \(inputs[1].shape) along axis \(axis) do not"
          + " fit \(inputs[2].type) \(inputs[2].shape)")
      result = Tensor(uninitialized: shape, values.type, for: name)
      StridedCopy(sizes: [result.count], sourceSteps: [1], targetSteps: [1]).run(from: inputs[2], to: result)
    } else {
      result = Tensor(repeating: 0, shape: shape, type: values.type)
    }
    switch values.type {
    case .float32: walk(values, indices, result, Float.self)
    case .float64: walk(values, indices, result, Double.self)
    case .int32: walk(values, indices, result, Int32.self)
    case .int64: walk(values, indices, result, Int64.self)
    case .uint8, .bool, .bfloat16: stop(name, "there are no sums of \(values.type); cast first")
    }
    return [result]
  }

  private func walk<Element: AddableElement>(
    _ values: Tensor, _ indices: Tensor, _ result: Tensor, _ type: Element.Type
  ) {
    let (source, target, places) = (values.pointer(type), result.pointer(type), indices.pointer(Int64.self))
    let plan = ScatterPlan(result.shape, axis: axis, count: indices.count)
    let (inner, size) = (plan.inner, size)
    withExtendedLifetime(indices) {
      plan.forEachTask { outer, rows, columns in
        let (first, last) = (Int64(rows.lowerBound), Int64(rows.upperBound))
        let width = columns.count
        for index in 0..<plan.count where places[index] >= first && places[index] < last {
          let from = source + (outer * plan.count + index) * inner + columns.lowerBound
          let to = target + (outer * size + Int(places[index])) * inner + columns.lowerBound
          for i in 0..<width { to[i] = Element.sum(to[i], from[i]) }
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    let values = call.needs[0] ? upstream[0]?.gathered(at: call.indices(1), axis: axis) : nil
    return call.inputs.count == 3 ? [values, nil, upstream[0]] : [values, nil]
  }
}

/// A number that can be added to another; whole numbers wrap around.
protocol AddableElement: TensorElement {
  static func sum(_ a: Self, _ b: Self) -> Self
}

extension Float: AddableElement {
  @inline(__always)
  static func sum(_ a: Float, _ b: Float) -> Float { a + b }
}

extension Double: AddableElement {
  @inline(__always)
  static func sum(_ a: Double, _ b: Double) -> Double { a + b }
}

extension Int32: AddableElement {
  @inline(__always)
  static func sum(_ a: Int32, _ b: Int32) -> Int32 { a &+ b }
}

extension Int64: AddableElement {
  @inline(__always)
  static func sum(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }
}

extension Tensor {
  /// Slices along an axis in the order of indices, also more than once.
  ///
  /// - Parameters:
  ///   - indices: Whole numbers of any shape, each a place along the axis; another one stops the program, naming it.
  ///   - axis: Negative ones count from the last; the first unless given.
  /// - Returns: The indices' axes stand in place of the axis: `[4, 9]` at indices of shape `[2, 3]` gives `[2, 3, 9]`.
  public func gathered(at indices: Tensor, axis: Int = 0) -> Tensor {
    apply(one: Gather(axis: self.axis(axis, "gathered")), self, indices)
  }

  /// This tensor with slices added at places along an axis; where indices repeat, all are added, in their order.
  ///
  /// - Parameters:
  ///   - values: This shape with the indices' axes in place of the axis.
  ///   - indices: Whole numbers of any shape, each a place along the axis.
  ///   - axis: Negative ones count from the last; the first unless given.
  public func scatterAdded(_ values: Tensor, at indices: Tensor, axis: Int = 0) -> Tensor {
    let axis = self.axis(axis, "scatterAdded")
    return apply(one: ScatterAdd(axis: axis, size: shape[axis]), values, indices, self)
  }
}
