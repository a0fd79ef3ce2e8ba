import Basics
import Kernels

extension Tensor {
  /// A tensor of given elements in row-major order.
  ///
  /// - Parameter shape: As many elements as given; one axis over all of them unless given.
  public init<Element: TensorElement>(_ values: [Element], shape: [Int]? = nil) {
    let shape = shape ?? [values.count]
    require(shape.reduce(1, *) == values.count, "Tensor", "\(values.count) values do not fill shape \(shape)")
    self.init(uninitialized: shape, Element.elementType)
    let target = pointer(Element.self)
    values.withUnsafeBufferPointer { if let base = $0.baseAddress { target.update(from: base, count: $0.count) } }
  }

  /// A scalar.
  public init<Element: TensorElement>(_ value: Element) { self.init([value], shape: []) }

  /// A tensor with every element equal to a number.
  ///
  /// - Parameters:
  ///   - value: For whole numbers one that the type can hold, its fraction cut off; any but 0 is true.
  ///   - shape: The sizes of the axes, outermost first; empty for a scalar.
  ///   - type: float32 unless given.
  public init(repeating value: Double, shape: [Int], type: ElementType = .float32) {
    self.init(uninitialized: shape, type)
    let count = self.count
    switch type {
    case .float32: pointer(Float.self).update(repeating: Float(value), count: count)
    case .float64: pointer(Double.self).update(repeating: value, count: count)
    case .bfloat16: pointer(BFloat16.self).update(repeating: BFloat16(Float(value)), count: count)
    case .int32: pointer(Int32.self).update(repeating: whole(value), count: count)
    case .int64: pointer(Int64.self).update(repeating: whole(value), count: count)
    case .uint8: pointer(UInt8.self).update(repeating: whole(value), count: count)
    case .bool: pointer(Bool.self).update(repeating: value != 0, count: count)
    }
  }

  /// A number without its fraction; stops where the type does not hold it.
  private func whole<Element: FixedWidthInteger>(_ value: Double) -> Element {
    guard let result = Element(exactly: value.rounded(.towardZero)) else { stop("init", "\(value) is no \(type)") }
    return result
  }

  /// Whether a number is one of this tensor's type, apart from rounding where the type has fractions.
  func holds(_ value: Double) -> Bool {
    switch type {
    case .float32, .float64, .bfloat16, .bool: true
    case .int32: Int32(exactly: value) != nil
    case .int64: Int64(exactly: value) != nil
    case .uint8: UInt8(exactly: value) != nil
    }
  }

  /// Zeros; float32 unless another type is given.
  public static func zeros(_ shape: [Int], type: ElementType = .float32) -> Tensor {
    Tensor(repeating: 0, shape: shape, type: type)
  }

  /// Ones; float32 unless another type is given.
  public static func ones(_ shape: [Int], type: ElementType = .float32) -> Tensor {
    Tensor(repeating: 1, shape: shape, type: type)
  }

  /// 0, 1, 2, ... as one axis of `count` elements; int64 unless int32, float32 or float64 is given.
  public static func range(_ count: Int, type: ElementType = .int64) -> Tensor {
    switch type {
    case .int64: Tensor((0..<count).map(Int64.init))
    case .int32: Tensor((0..<count).map(Int32.init))
    case .float32: Tensor((0..<count).map(Float.init))
    case .float64: Tensor((0..<count).map(Double.init))
    case .bfloat16, .uint8, .bool: stop("range", "there is no range of \(type)")
    }
  }

  /// The elements in row-major order.
  ///
  /// The element type must be the tensor's: `values(Float.self)` of a float32 tensor. It is the one that the result is
  /// used as unless given.
  public func values<Element: TensorElement>(_ type: Element.Type = Element.self) -> [Element] {
    require(Element.elementType == self.type, "values", "the tensor holds \(self.type), not \(Element.elementType)")
    return withExtendedLifetime(self) {
      Array(UnsafeBufferPointer(start: pointer(Element.self), count: count))
    }
  }

  /// The elements as double-precision numbers, whatever their type; truth values become 0 and 1.
  public var doubles: [Double] {
    switch type {
    case .float32: values(Float.self).map(Double.init)
    case .float64: values(Double.self)
    case .bfloat16: values(BFloat16.self).map { Double(Float($0)) }
    case .int32: values(Int32.self).map(Double.init)
    case .int64: values(Int64.self).map(Double.init)
    case .uint8: values(UInt8.self).map(Double.init)
    case .bool: values(Bool.self).map { $0 ? 1 : 0 }
    }
  }

  /// The only element of a tensor that has one, as a double-precision number.
  public var scalar: Double {
    require(count == 1, "scalar", "a tensor of shape \(shape) is no scalar")
    return withExtendedLifetime(self) {
      switch type {
      case .float32: Double(pointer(Float.self).pointee)
      case .float64: pointer(Double.self).pointee
      case .bfloat16: Double(Float(pointer(BFloat16.self).pointee))
      case .int32: Double(pointer(Int32.self).pointee)
      case .int64: Double(pointer(Int64.self).pointee)
      case .uint8: Double(pointer(UInt8.self).pointee)
      case .bool: pointer(Bool.self).pointee ? 1 : 0
      }
    }
  }
}
