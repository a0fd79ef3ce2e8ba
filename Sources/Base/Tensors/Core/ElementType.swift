/// The type of a tensor's elements; a value, so that one `Tensor` type serves all.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  /// IEEE 754 single precision: what networks compute in.
  case float32
  /// IEEE 754 double precision: for checking gradients and where exactness matters more than speed.
  case float64
  /// The upper half of a float32: storage and matrix products with less precision.
  case bfloat16
  /// Signed 32-bit integers: labels, indices.
  case int32
  /// Signed 64-bit integers: indices.
  case int64
  /// Unsigned bytes: images.
  case uint8
  /// Truth values, a byte each.
  case bool

  /// The bytes of an element.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .bfloat16: 2
    case .uint8, .bool: 1
    }
  }

  /// Whether elements are floating-point numbers, for which there are gradients.
  public var isFloatingPoint: Bool { self == .float32 || self == .float64 || self == .bfloat16 }

  /// Whether elements are whole numbers.
  public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }
}

/// A Swift type that tensors can hold.
public protocol TensorElement: BitwiseCopyable, Sendable, Equatable {
  /// The element type of tensors of these values.
  static var elementType: ElementType { get }
}

extension Float: TensorElement {
  /// `float32`.
  public static var elementType: ElementType { .float32 }
}

extension Double: TensorElement {
  /// `float64`.
  public static var elementType: ElementType { .float64 }
}

extension Int32: TensorElement {
  /// `int32`.
  public static var elementType: ElementType { .int32 }
}

extension Int64: TensorElement {
  /// `int64`.
  public static var elementType: ElementType { .int64 }
}

extension Int: TensorElement {
  /// `int64`.
  public static var elementType: ElementType { .int64 }
}

extension UInt8: TensorElement {
  /// `uint8`.
  public static var elementType: ElementType { .uint8 }
}

extension Bool: TensorElement {
  /// `bool`.
  public static var elementType: ElementType { .bool }
}

/// A number of the bfloat16 format: sign, 8 bits of exponent, 7 bits of fraction.
public struct BFloat16: TensorElement {
  /// The 16 bits.
  public var bits: UInt16

  /// A number with these bits.
  public init(bits: UInt16) { self.bits = bits }

  /// The nearest number, ties to even; not-a-number stays not-a-number.
  public init(_ value: Float) {
    let word = value.bitPattern
    if value.isNaN {
      bits = UInt16(truncatingIfNeeded: word >> 16) | 0x40
    } else {
      bits = UInt16(truncatingIfNeeded: (word &+ 0x7FFF &+ ((word >> 16) & 1)) >> 16)
    }
  }

  /// `bfloat16`.
  public static var elementType: ElementType { .bfloat16 }
}

extension Float {
  /// The same number in single precision, exact.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bits) << 16) }
}
