import Basics
import Kernels

/// Takes, for each place of the result, the element whose place along an axis an index gives.
struct TakeAlong: Operation {
  let axis: Int
  var name: String { "taken" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let x = inputs[0]
    checkShapes(x.shape, inputs[1].shape, axis, name)
    let indices = inputs[1].checkedIndices(below: x.shape[axis], name)
    run.keep(indices)
    let result = Tensor(uninitialized: indices.shape, x.type, for: name)
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
    let (count, rows, inner) = (indices.shape[axis], x.shape[axis], AxisExtent(x.shape, axis...axis).inner)
    withExtendedLifetime(indices) {
      AxisExtent(indices.shape, axis...axis).forEachColumnBlock { outer, columns in
        for k in 0..<count {
          for i in columns {
            let place = (outer * count + k) * inner + i
            target[place] = source[(outer * rows + Int(places[place])) * inner + i]
          }
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    guard let g = upstream[0], call.needs[0] else { return [nil, nil] }
    return [apply(one: PutAlong(axis: axis, size: call.inputs[0].shape[axis]), g, call.indices(1)), nil]
  }
}

/// Adds each element to the place along an axis that its index gives, of zeros: the reverse of `TakeAlong`.
struct PutAlong: Operation {
  let axis: Int
  let size: Int
  var name: String { "gradient of taken" }
  var gradientReads: GradientReads { .nothing }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    let indices = inputs[1].checkedIndices(below: size, name)
    run.keep(indices)
    var shape = inputs[0].shape
    shape[axis] = size
    let result = Tensor(repeating: 0, shape: shape, type: inputs[0].type)
    switch inputs[0].type {
    case .float32: walk(inputs[0], indices, result, Float.self)
    case .float64: walk(inputs[0], indices, result, Double.self)
    default: stop(name, "there are no sums of \(inputs[0].type)")
    }
    return [result]
  }

  private func walk<Element: TensorElement & BinaryFloatingPoint>(
    _ values: Tensor, _ indices: Tensor, _ result: Tensor, _ type: Element.Type
  ) {
    let (source, target, places) = (values.pointer(type), result.pointer(type), indices.pointer(Int64.self))
    let extent = AxisExtent(values.shape, axis...axis)
    let (count, inner) = (extent.middle, extent.inner)
    withExtendedLifetime(indices) {
      extent.forEachColumnBlock { outer, columns in
        for k in 0..<count {
          for i in columns {
            let place = (outer * count + k) * inner + i
            target[(outer * size + Int(places[place])) * inner + i] += source[place]
          }
        }
      }
    }
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0]?.taken(along: axis, at: call.indices(1)), nil]
  }
}

private func checkShapes(_ shape: [Int], _ indices: [Int], _ axis: Int, _ operation: String) {
  let fits =
    shape.count == indices.count && shape.indices.allSatisfy { $0 == axis || shape[$0] == indices[$0] }
  require(fits, operation, "indices of shape \(indices) do not fit shape \(shape) but for axis \(axis)")
}

extension Tensor {
  /// Elements at places along an axis, each chosen for itself: result[i, j] = self[i, indices[i, j]] for the last axis of
  /// two.
  ///
  /// - Parameters:
  ///   - axis: Negative ones count from the last.
  ///   - indices: Whole numbers, each a place along the axis; this shape but for the axis.
  public func taken(along axis: Int, at indices: Tensor) -> Tensor {
    apply(one: TakeAlong(axis: self.axis(axis, "taken")), self, indices)
  }
}
