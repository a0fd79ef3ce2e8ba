import Basics
import Tensors

/// Numbers with a shape, as an ONNX file holds them.
public struct ONNXTensor: Sendable {
  /// The element types of ONNX, with their numbers.
  public enum Kind: Int, Sendable, Hashable {
    /// Single precision.
    case float32 = 1
    /// Unsigned bytes.
    case uint8 = 2
    /// Signed bytes.
    case int8 = 3
    /// Unsigned 16-bit integers.
    case uint16 = 4
    /// Signed 16-bit integers.
    case int16 = 5
    /// Signed 32-bit integers.
    case int32 = 6
    /// Signed 64-bit integers.
    case int64 = 7
    /// Texts, for which there are no tensors here.
    case text = 8
    /// Truth values.
    case bool = 9
    /// Half precision.
    case float16 = 10
    /// Double precision.
    case float64 = 11
    /// Unsigned 32-bit integers.
    case uint32 = 12
    /// Unsigned 64-bit integers.
    case uint64 = 13
    /// The upper half of single precision.
    case bfloat16 = 16
  }

  /// The name.
  public var name = ""
  /// The sizes of the axes.
  public var shape: [Int] = []
  /// The number of the element type: `Kind`.
  public var kind = 0
  /// The elements.
  var content = Content()

  /// The elements in the one of several fields that the writer chose.
  struct Content: Sendable {
    /// As in memory, little-endian.
    var raw: ArraySlice<UInt8>?
    var floats: [Float] = []
    /// Also narrower integers, truth values, and the bits of half precision.
    var integers: [Int] = []
    var doubles: [Double] = []
    /// Keys "location", "offset", "length", if the elements lie in another file.
    var external: [String: String] = [:]
    var isExternal = false
  }

  /// An empty tensor.
  public init() {}

  /// The numbers of a tensor, with a name, empty unless given.
  public init(_ tensor: Tensor, name: String = "") {
    self.name = name
    shape = tensor.shape
    kind = Kind(tensor.type).rawValue
    content.raw = withExtendedLifetime(tensor) {
      let start = tensor.storage.pointer + tensor.offset * tensor.type.byteCount
      return Array(UnsafeRawBufferPointer(start: start, count: tensor.count * tensor.type.byteCount))[...]
    }
  }
}

extension ONNXTensor.Kind {
  /// The kind that holds elements of a type.
  public init(_ type: ElementType) {
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

  /// The type in which tensors hold such elements: half precision becomes single precision, integers that tensors lack
  /// become wider ones; nil for texts.
  public var elementType: ElementType? {
    switch self {
    case .float32, .float16: .float32
    case .float64: .float64
    case .bfloat16: .bfloat16
    case .int32, .int16, .int8, .uint16: .int32
    case .int64, .uint32, .uint64: .int64
    case .uint8: .uint8
    case .bool: .bool
    case .text: nil
    }
  }

  /// The bytes of an element in a file.
  var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .bfloat16, .float16, .int16, .uint16: 2
    case .uint8, .int8, .bool, .text: 1
    }
  }
}

extension ONNXTensor: ONNXMessage {
  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: shape += try field.integers()
    case 2: kind = try field.integer()
    case 4: content.floats += try field.floats()
    case 5, 7, 11: content.integers += try field.integers()
    case 8: name = try field.text()
    case 9: content.raw = try field.bytes()
    case 10: content.doubles += try field.doubles()
    case 13:
      let entry: ONNXEntry = try field.message()
      content.external[entry.key] = entry.value
    case 14: content.isExternal = try field.integer() == 1
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) throws {
    if content.isExternal {
      throw AssayError(.format, "numbers in another file cannot be written", at: "tensor \"\(name)\"")
    }
    writer.repeated(1, shape)
    writer.integer(2, kind)
    writer.floats(4, content.floats)
    let isUnsigned = kind == Kind.uint32.rawValue || kind == Kind.uint64.rawValue
    writer.integers(kind == Kind.int64.rawValue ? 7 : isUnsigned ? 11 : 5, content.integers)
    writer.text(8, name)
    if let raw = content.raw { writer.data(9, raw) }
    writer.doubles(10, content.doubles)
  }
}

/// A key with a value.
private struct ONNXEntry: ONNXMessage {
  var key = ""
  var value = ""

  mutating func read(_ field: ProtobufField) throws {
    switch field.number {
    case 1: key = try field.text()
    case 2: value = try field.text()
    default: break
    }
  }

  func write(to writer: inout ProtobufWriter) {
    writer.text(1, key)
    writer.text(2, value)
  }
}
