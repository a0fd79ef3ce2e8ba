/// Reads what `CBOREncoder` writes; any bytes give a value or an error, never more.
///
/// The whole input is checked first: lengths against the bytes that are left, nesting against a limit of 96, nothing
/// behind the value. Memory is asked for only as far as the input can fill it.
public struct CBORDecoder: Sendable {
  /// Creates a decoder.
  public init() {}

  /// The value that bytes hold.
  ///
  /// - Parameters:
  ///   - type: what to read.
  ///   - bytes: exactly one CBOR item.
  ///   - source: the file's name for messages.
  /// - Throws: a `format` error that names the field.
  public func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], source: String = "CBOR"
  ) throws -> Value {
    do {
      let data = CBORSource(bytes)
      let end = try data.skip(0, .root)
      guard end == bytes.count else {
        throw data.damaged("\(bytes.count - end) bytes follow the end of the data", .root)
      }
      return try CBORValueDecoder(source: data, offset: 0, path: .root).value(type)
    } catch {
      throw AssayError.coding(error, in: source)
    }
  }
}

struct CBORValueDecoder: Decoder {
  let source: CBORSource
  let offset: Int
  let path: CBORPath

  var codingPath: [any CodingKey] { path.keys }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let scalar = try source.scalar(type, at: offset, path: path) { return scalar }
    if let array = try source.typedArray(type, at: offset, path: path) { return array }
    return try Value(from: self)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(try CBORKeyedDecoder<Key>(self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { try CBORUnkeyedDecoder(self) }

  func singleValueContainer() -> any SingleValueDecodingContainer { CBORSingleDecoder(decoder: self) }

  func child(_ key: any CodingKey, at offset: Int) -> CBORValueDecoder {
    CBORValueDecoder(source: source, offset: offset, path: .child(path, key))
  }
}

struct CBORSingleDecoder: SingleValueDecodingContainer {
  let decoder: CBORValueDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.source.isNull(at: decoder.offset) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.value(type) }
}

struct CBORUnkeyedDecoder: UnkeyedDecodingContainer {
  let decoder: CBORValueDecoder
  private let items: Int
  private var position: Int
  private(set) var currentIndex = 0

  init(_ decoder: CBORValueDecoder) throws {
    let source = decoder.source
    let head = try source.head(at: decoder.offset, decoder.path)
    guard head.major == .array else { throw source.mismatch([Any].self, "an array", head, decoder.path) }
    self.decoder = decoder
    items = try source.length(head, decoder.path)
    position = head.next
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { items }
  var isAtEnd: Bool { currentIndex >= items }

  /// The decoder of the next item.
  private func next() throws -> CBORValueDecoder {
    let inner = decoder.child(CBORKey(currentIndex), at: position)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Any.self, .init(codingPath: inner.codingPath, debugDescription: "the array has only \(items) items"))
    }
    return inner
  }

  private mutating func advance() throws {
    position = try decoder.source.skip(position, decoder.path)
    currentIndex += 1
  }

  mutating func decodeNil() throws -> Bool {
    guard decoder.source.isNull(at: try next().offset) else { return false }
    try advance()
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try next().value(type)
    try advance()
    return value
  }

  mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let container = try next().container(keyedBy: type)
    try advance()
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try next().unkeyedContainer()
    try advance()
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let inner = try next()
    try advance()
    return inner
  }
}

struct CBORKeyedDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: CBORValueDecoder
  private var names: [String] = []
  private var offsets: [String: Int] = [:]

  init(_ decoder: CBORValueDecoder) throws {
    let source = decoder.source
    let path = decoder.path
    let head = try source.head(at: decoder.offset, path)
    guard head.major == .map else { throw source.mismatch([String: Any].self, "named fields", head, path) }
    self.decoder = decoder
    let entries = try source.length(head, size: 2, path)
    var position = head.next
    offsets.reserveCapacity(entries)
    for _ in 0..<entries {
      let name = try source.text(at: position, path)
      let start = try source.skip(position, path)
      guard offsets.updateValue(start, forKey: name) == nil else {
        throw source.damaged("the field \"\(name)\" is there twice", path)
      }
      names.append(name)
      position = try source.skip(start, path)
    }
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { names.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { offsets[key.stringValue] != nil }

  private func child(_ key: any CodingKey) throws -> CBORValueDecoder {
    guard let offset = offsets[key.stringValue] else {
      throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "the field is absent"))
    }
    return decoder.child(key, at: offset)
  }

  func decodeNil(forKey key: Key) throws -> Bool { decoder.source.isNull(at: try child(key).offset) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key).value(type) }

  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Inner> {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try child(CBORKey.ofSuper) }
  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}
