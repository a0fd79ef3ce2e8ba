import Basics
import Kernels

extension Tensor {
  /// For each whole number a row of zeros with a one at the place that it names.
  ///
  /// - Parameters:
  ///   - classes: The length of a row; every number is below it and not negative, or the program stops.
  ///   - type: The type of the result; float32 unless given.
  /// - Returns: This shape and a last axis of `classes`.
  public func oneHot(classes: Int, type: ElementType = .float32) -> Tensor {
    require(classes >= 0, "oneHot", "\(classes) classes for shape \(shape)")
    if node != nil, Recording.keepsAll {
      // For an export, by operations that are recorded.
      return (cast(to: .int64).expanded(axis: -1) .== .range(classes)).cast(to: type)
    }
    let indices = checkedIndices(below: classes, "oneHot")
    let result = Tensor(repeating: 0, shape: shape + [classes], type: type)
    switch type {
    case .float32: Self.mark(indices, result, classes, Float(1))
    case .float64: Self.mark(indices, result, classes, Double(1))
    case .bfloat16: Self.mark(indices, result, classes, BFloat16(1))
    case .int32: Self.mark(indices, result, classes, Int32(1))
    case .int64: Self.mark(indices, result, classes, Int64(1))
    case .uint8: Self.mark(indices, result, classes, UInt8(1))
    case .bool: Self.mark(indices, result, classes, true)
    }
    return result
  }

  private static func mark<Element: TensorElement>(
    _ indices: Tensor, _ result: Tensor, _ classes: Int, _ one: Element
  ) {
    let (places, target) = (indices.pointer(Int64.self), result.pointer(Element.self))
    withExtendedLifetime((indices, result)) {
      for row in 0..<indices.count { target[row * classes + Int(places[row])] = one }
    }
  }
}
