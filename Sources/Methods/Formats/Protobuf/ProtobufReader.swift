import Basics

/// The value of one field of a protobuf message, by its type on the wire.
enum ProtobufValue {
  case varint(UInt64)
  case fixed64(UInt64)
  case fixed32(UInt32)
  case bytes(ArraySlice<UInt8>)
}

/// One field of a protobuf message, with the place where it begins.
struct ProtobufField {
  let number: Int
  let value: ProtobufValue
  let position: Int
  /// How deep its message lies in others.
  let depth: Int
}

/// Reads the fields of a protobuf message one after another.
///
/// Slices keep their positions in the file, so errors can name the byte. No length is believed before it was compared
/// with what is there, and messages lie at most `deepest` levels deep, so that no file can exhaust the stack.
struct ProtobufReader {
  private var rest: ArraySlice<UInt8>
  private let depth: Int

  static let deepest = 64

  init(_ bytes: ArraySlice<UInt8>, depth: Int = 0) {
    rest = bytes
    self.depth = depth
  }

  /// The next field, or nil at the end of the message.
  mutating func next() throws -> ProtobufField? {
    guard !rest.isEmpty else { return nil }
    let position = rest.startIndex
    let tag = try varint()
    let number = tag >> 3
    guard number >= 1, number < 1 << 29 else { throw damage("field number \(number)", position) }
    let value: ProtobufValue
    switch tag & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try fixed(8))
    case 2:
      let length = try varint()
      guard length <= UInt64(rest.count) else {
        throw damage("a field of \(length) bytes where \(rest.count) are left", position)
      }
      value = .bytes(rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
    case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
    default: throw damage("wire type \(tag & 7)", position)
    }
    return ProtobufField(number: Int(number), value: value, position: position, depth: depth)
  }

  private mutating func varint() throws -> UInt64 {
    let position = rest.startIndex
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      if shift == 63, byte > 1 { throw damage("a number of more than 64 bits", position) }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    throw damage("an end in the middle of a number", position)
  }

  private mutating func fixed(_ count: Int) throws -> UInt64 {
    let position = rest.startIndex
    guard rest.count >= count else { throw damage("an end in the middle of a number", position) }
    let result = rest.prefix(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(count)
    return result
  }

  private func damage(_ what: String, _ position: Int) -> AssayError { protobufDamage(what, position) }

  /// All numbers of a packed field of varints.
  fileprivate static func varints(_ bytes: ArraySlice<UInt8>) throws -> [UInt64] {
    var reader = ProtobufReader(bytes)
    var result: [UInt64] = []
    while !reader.rest.isEmpty { result.append(try reader.varint()) }
    return result
  }
}

private func protobufDamage(_ what: String, _ position: Int) -> AssayError {
  AssayError(.format, "the file is damaged: \(what)", at: "byte \(position)", remedy: "get the file again")
}

extension ProtobufField {
  /// A whole number; negative ones are written in 64 bits.
  func integer() throws -> Int {
    guard case .varint(let bits) = value else { throw mismatch("a whole number") }
    return Int(truncatingIfNeeded: Int64(bitPattern: bits))
  }

  /// A float32.
  func float() throws -> Float {
    guard case .fixed32(let bits) = value else { throw mismatch("a float") }
    return Float(bitPattern: bits)
  }

  /// Bytes.
  func bytes() throws -> ArraySlice<UInt8> {
    guard case .bytes(let bytes) = value else { throw mismatch("bytes") }
    return bytes
  }

  /// Text in UTF-8; what is not UTF-8 is replaced.
  func text() throws -> String { String(decoding: try bytes(), as: UTF8.self) }

  /// A reader of the message in this field.
  func message() throws -> ProtobufReader {
    guard depth < ProtobufReader.deepest else { throw protobufDamage("messages nested too deep", position) }
    return ProtobufReader(try bytes(), depth: depth + 1)
  }

  /// One whole number or a packed list of them: a writer may choose.
  func integers() throws -> [Int] {
    if case .varint = value { return [try integer()] }
    return try ProtobufReader.varints(try bytes()).map { Int(truncatingIfNeeded: Int64(bitPattern: $0)) }
  }

  /// One float32 or a packed list of them.
  func floats() throws -> [Float] {
    if case .fixed32 = value { return [try float()] }
    return try words(of: 4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }

  /// One float64 or a packed list of them.
  func doubles() throws -> [Double] {
    if case .fixed64(let bits) = value { return [Double(bitPattern: bits)] }
    return try words(of: 8).map { Double(bitPattern: $0) }
  }

  private func words(of size: Int) throws -> [UInt64] {
    let bytes = try bytes()
    guard bytes.count % size == 0 else { throw mismatch("a list of numbers of \(size) bytes") }
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
      bytes[start..<start + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
  }

  private func mismatch(_ expected: String) -> AssayError {
    protobufDamage("field \(number) is not \(expected)", position)
  }
}
