import Basics

/// The same elements in the same order with another shape; shares memory.
struct Reshape: Operation {
  let shape: [Int]
  var name: String { "reshape" }
  var gradientReads: GradientReads { .nothing }
  var movesElements: Bool { true }

  func run(_ inputs: [Tensor], _ run: inout OperationRun) -> [Tensor] {
    require(
      shape.allSatisfy { $0 >= 0 } && inputs[0].count == shape.reduce(1, *), name,
      "shape \(inputs[0].shape) has other elements than shape \(shape)")
    return [inputs[0].viewed(as: shape)]
  }

  func gradients(_ upstream: [Tensor?], _ call: OperationCall) -> [Tensor?] {
    [upstream[0]?.reshaped(to: call.inputs[0].shape)]
  }
}

extension Tensor {
  /// The same elements in row-major order with another shape. One size may be -1: what remains.
  public func reshaped(to shape: [Int]) -> Tensor {
    var shape = shape
    if let open = shape.firstIndex(of: -1) {
      let known = shape.enumerated().reduce(1) { $1.offset == open ? $0 : $0 * $1.element }
      require(known > 0 && count % known == 0, "reshape", "shape \(self.shape) does not fit \(shape)")
      shape[open] = count / known
    }
    return shape == self.shape ? self : apply(one: Reshape(shape: shape), self)
  }
}
