import Foundation

/// Bytes to read CBOR from. Every length is compared with the bytes that are left before anything is allocated.
final class CBORSource: Sendable {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The first byte's kind and the argument after it.
  struct Head {
    var major: CBORMajor
    var argument: UInt64
    /// The first byte after the head.
    var next: Int
  }

  func head(at offset: Int, _ path: CBORPath) throws -> Head {
    guard offset < bytes.count else { throw damaged("the data end too early", path) }
    let first = bytes[offset]
    guard let major = CBORMajor(rawValue: first >> 5) else { throw damaged("an item of unknown kind", path) }
    let short = first & 31
    if short < 24 { return Head(major: major, argument: UInt64(short), next: offset + 1) }
    guard short < 28 else { throw damaged("an item of indefinite length, which is not supported", path) }
    let width = 1 << Int(short - 24)
    guard bytes.count - offset > width else { throw damaged("the data end too early", path) }
    var argument: UInt64 = 0
    for i in 1...width { argument = argument << 8 | UInt64(bytes[offset + i]) }
    return Head(major: major, argument: argument, next: offset + 1 + width)
  }

  /// The length that a head promises, if so many units of at least `size` bytes can follow.
  func length(_ head: Head, size: Int = 1, _ path: CBORPath) throws -> Int {
    let most = (bytes.count - head.next) / size
    guard head.argument <= UInt64(most) else {
      throw damaged("a length of \(head.argument) is more than the data that are left", path)
    }
    return Int(head.argument)
  }

  /// The first byte after the item at an offset, whose whole content is checked to be well formed.
  func skip(_ offset: Int, depth: Int = 0, _ path: CBORPath) throws -> Int {
    // The deepest container's items are one deeper, and a typed array is a block within a tag.
    guard depth <= cborMaximumDepth + 2 else { throw damaged("containers are nested too deeply", path) }
    let head = try head(at: offset, path)
    switch head.major {
    case .unsigned, .negative: return head.next
    case .simple:
      let first = bytes[offset]
      guard
        (CBORSimple.no...CBORSimple.null).contains(first) || first == CBORSimple.float32
          || first == CBORSimple.float64
      else { throw damaged("a simple value that is not supported", path) }
      return head.next
    case .bytes, .text: return head.next + (try length(head, path))
    case .tag: return try skip(head.next, depth: depth + 1, path)
    case .array, .map:
      let items = head.major == .map ? 2 * (try length(head, size: 2, path)) : try length(head, path)
      var position = head.next
      for _ in 0..<items { position = try skip(position, depth: depth + 1, path) }
      return position
    }
  }

  // MARK: Values

  func isNull(at offset: Int) -> Bool { offset < bytes.count && bytes[offset] == CBORSimple.null }

  func isTag(at offset: Int) -> Bool { offset < bytes.count && bytes[offset] >> 5 == CBORMajor.tag.rawValue }

  func text(at offset: Int, _ path: CBORPath) throws -> String {
    let head = try head(at: offset, path)
    guard head.major == .text else { throw mismatch(String.self, "a text", head, path) }
    let length = try length(head, path)
    guard let text = String(validating: bytes[head.next..<head.next + length], as: UTF8.self) else {
      throw damaged("a text that is not UTF-8", path)
    }
    return text
  }

  func integer<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int, _ path: CBORPath) throws -> Value {
    let head = try head(at: offset, path)
    switch head.major {
    case .unsigned:
      if let value = Value(exactly: head.argument) { return value }
    case .negative:
      // The value is -1 - argument, which is the complement of its bits.
      if let magnitude = Int64(exactly: head.argument), let value = Value(exactly: ~magnitude) { return value }
    default: throw mismatch(type, "a whole number", head, path)
    }
    throw damaged("a whole number that does not fit \(type)", path)
  }

  func double(at offset: Int, _ path: CBORPath) throws -> Double {
    let head = try head(at: offset, path)
    switch bytes[offset] {
    case CBORSimple.float64: return Double(bitPattern: head.argument)
    case CBORSimple.float32: return Double(Float(bitPattern: UInt32(head.argument)))
    default: throw mismatch(Double.self, "a number with a fraction", head, path)
    }
  }

  func float(at offset: Int, _ path: CBORPath) throws -> Float {
    let head = try head(at: offset, path)
    guard bytes[offset] == CBORSimple.float32 else {
      throw mismatch(Float.self, "a number in single precision", head, path)
    }
    return Float(bitPattern: UInt32(head.argument))
  }

  func boolean(at offset: Int, _ path: CBORPath) throws -> Bool {
    let head = try head(at: offset, path)
    switch bytes[offset] {
    case CBORSimple.yes: return true
    case CBORSimple.no: return false
    default: throw mismatch(Bool.self, "true or false", head, path)
    }
  }

  func array<Element: CBORElement>(of type: Element.Type, at offset: Int, _ path: CBORPath) throws -> [Element] {
    let tag = try head(at: offset, path)
    guard tag.argument == Element.arrayTag else { throw mismatch([Element].self, "an array of \(type)", tag, path) }
    let block = try head(at: tag.next, path)
    guard block.major == .bytes else { throw mismatch([Element].self, "an array of \(type)", block, path) }
    let size = MemoryLayout<Element>.stride
    let length = try length(block, path)
    guard length % size == 0 else { throw damaged("an array of \(type) with a part of an element", path) }
    return bytes.withUnsafeBytes { memory in
      Array(unsafeUninitializedCapacity: length / size) { elements, count in
        UnsafeMutableRawBufferPointer(elements)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[block.next..<block.next + length]))
        count = length / size
      }
    }
  }

  /// The content of a byte string; nil if the item is none.
  func data(at offset: Int, _ path: CBORPath) throws -> Data? {
    let head = try head(at: offset, path)
    guard head.major == .bytes else { return nil }
    let length = try length(head, path)
    return Data(bytes[head.next..<head.next + length])
  }

  // MARK: Errors

  func damaged(_ problem: String, _ path: CBORPath) -> DecodingError {
    .dataCorrupted(.init(codingPath: path.keys, debugDescription: problem))
  }

  func mismatch(_ type: Any.Type, _ wanted: String, _ head: Head, _ path: CBORPath) -> DecodingError {
    let problem = "expected \(wanted), found an item of kind \"\(head.major)\""
    return .typeMismatch(type, .init(codingPath: path.keys, debugDescription: problem))
  }
}
