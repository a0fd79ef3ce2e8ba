import Basics
import Kernels

/// The element types of the safetensors format, as far as tensors can hold them or widen them without loss.
enum StoredType: String, CaseIterable {
  case bool = "BOOL"
  case uint8 = "U8"
  case int8 = "I8"
  case int16 = "I16"
  case uint16 = "U16"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int32 = "I32"
  case uint32 = "U32"
  case float32 = "F32"
  case float64 = "F64"
  case int64 = "I64"

  /// How a tensor's elements are written.
  init(_ type: ElementType) {
    switch type {
    case .float32: self = .float32
    case .float64: self = .float64
    case .bfloat16: self = .bfloat16
    case .int32: self = .int32
    case .int64: self = .int64
    case .uint8: self = .uint8
    case .bool: self = .bool
    }
  }

  /// The type of the tensor that is read: the same, or the next wider one that holds every value.
  var elementType: ElementType {
    switch self {
    case .bool: .bool
    case .uint8: .uint8
    case .int8, .int16, .uint16, .int32: .int32
    case .uint32, .int64: .int64
    case .float16, .float32: .float32
    case .bfloat16: .bfloat16
    case .float64: .float64
    }
  }

  /// The bytes of an element in the file.
  var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .float64, .int64: 8
    }
  }

  /// Whether the file's bytes are the tensor's.
  var isSame: Bool { StoredType(elementType) == self }

  /// Where tensors of this type stand among others in a file: the widest elements first, so that all are aligned.
  var rank: Int { StoredType.allCases.firstIndex(of: self) ?? 0 }

  /// Fills a tensor's memory with the numbers of narrower elements.
  func widen(_ source: UnsafeRawPointer, into target: UnsafeMutableRawPointer, count: Int) {
    switch self {
    case .int8: copy(source, Int8.self, target, Int32.self, count)
    case .int16: copy(source, Int16.self, target, Int32.self, count)
    case .uint16: copy(source, UInt16.self, target, Int32.self, count)
    case .uint32: copy(source, UInt32.self, target, Int64.self, count)
    case .float16:
      let result = target.assumingMemoryBound(to: Float.self)
      for i in 0..<count { result[i] = Float(halfBits: source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self)) }
    default: target.copyMemory(from: source, byteCount: count * byteCount)
    }
  }

  private func copy<Narrow: FixedWidthInteger & BitwiseCopyable, Wide: FixedWidthInteger>(
    _ source: UnsafeRawPointer, _ narrow: Narrow.Type, _ target: UnsafeMutableRawPointer, _ wide: Wide.Type,
    _ count: Int
  ) {
    let result = target.assumingMemoryBound(to: wide)
    let size = MemoryLayout<Narrow>.size
    for i in 0..<count { result[i] = Wide(source.loadUnaligned(fromByteOffset: size * i, as: narrow)) }
  }
}

extension Float {
  /// The number of an IEEE 754 half-precision pattern, exact.
  init(halfBits bits: UInt16) {
    let sign = UInt32(bits >> 15) << 31
    let exponent = UInt32(bits >> 10) & 0x1F
    let fraction = UInt32(bits) & 0x3FF
    switch exponent {
    case 0:
      // Subnormal numbers of half precision are normal in single precision.
      let magnitude = Float(fraction) * 0x1p-24
      self.init(bitPattern: sign | magnitude.bitPattern)
    case 31: self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
