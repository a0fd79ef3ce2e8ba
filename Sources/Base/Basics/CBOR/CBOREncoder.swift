/// Writes `Codable` values as CBOR (RFC 8949): compact, fast, and equal bytes for equal values.
///
/// Structures become maps with text keys. Keys are sorted as section 4.2.1 asks, so a dictionary with text keys gives
/// the same bytes in every process; a `Set` keeps the order in which it encodes itself, which differs between
/// processes. Arrays of fixed-width numbers (`[Float]`, `[Double]`, `[Int]`, `[Int32]`, `[UInt8]` ...) are one tagged
/// block of memory (typed arrays, RFC 8746), `Data` is a byte string: both are copied at the speed of memory. Lengths
/// come first, never "indefinite". At most 96 containers within containers.
public struct CBOREncoder: Sendable {
  /// Creates an encoder.
  public init() {}

  /// The bytes of a value.
  ///
  /// - Throws: a `format` error if the value encodes nothing, is nested too deeply, or refuses.
  public func encode(_ value: some Encodable) throws -> [UInt8] {
    do {
      var bytes: [UInt8] = []
      try CBORNode.append(value, to: &bytes, depth: 0, path: .root)
      return bytes
    } catch {
      throw AssayError.coding(error, in: "CBOR")
    }
  }
}

/// A value under construction. Finished parts are bytes; parts that may still grow are nodes of their own.
final class CBORNode {
  enum Shape { case nothing, single, array, map }

  /// A key with its value: bytes from `start` to `end`, the value in them from `valueStart`, or in a node.
  struct Entry {
    var start: Int
    var valueStart: Int
    var end: Int
    var node: CBORNode?
  }

  private(set) var shape = Shape.nothing
  private(set) var count = 0
  let depth: Int
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  init(depth: Int, shape: Shape = .nothing) {
    self.depth = depth
    self.shape = shape
  }

  /// Decides what the value is; asking twice for the same is allowed, as in `Encoder`.
  func become(_ shape: Shape) {
    precondition(self.shape == .nothing || self.shape == shape && shape != .single, "one value encoded in two ways")
    self.shape = shape
  }

  // MARK: Parts

  func setSingle(_ value: some Encodable, path: CBORPath) throws {
    try CBORNode.append(value, to: &bytes, depth: depth, path: path)
    become(.single)
  }

  func setNull() {
    become(.single)
    bytes.append(CBORSimple.null)
  }

  func appendItem(_ value: some Encodable, path: CBORPath) throws {
    let start = bytes.count
    do {
      try CBORNode.append(value, to: &bytes, depth: depth + 1, path: .child(path, CBORKey(count)))
    } catch {
      bytes.removeSubrange(start...)
      throw error
    }
    count += 1
  }

  func appendNullItem() {
    bytes.append(CBORSimple.null)
    count += 1
  }

  func appendItem(_ shape: Shape) -> CBORNode {
    // Items that are bytes follow each other; only a node needs an entry, to mark its place among them.
    let node = CBORNode(depth: depth + 1, shape: shape)
    let start = bytes.count
    entries.append(Entry(start: start, valueStart: start, end: start, node: node))
    count += 1
    return node
  }

  func set(_ value: some Encodable, forKey key: any CodingKey, path: CBORPath) throws {
    let start = bytes.count
    appendText(key.stringValue)
    let valueStart = bytes.count
    do {
      try CBORNode.append(value, to: &bytes, depth: depth + 1, path: .child(path, key))
    } catch {
      bytes.removeSubrange(start...)
      throw error
    }
    addEntry(start, valueStart, nil)
  }

  func setNull(forKey key: any CodingKey) {
    let start = bytes.count
    appendText(key.stringValue)
    bytes.append(CBORSimple.null)
    addEntry(start, bytes.count - 1, nil)
  }

  func set(_ shape: Shape, forKey key: any CodingKey) -> CBORNode {
    let node = CBORNode(depth: depth + 1, shape: shape)
    let start = bytes.count
    appendText(key.stringValue)
    addEntry(start, bytes.count, node)
    return node
  }

  private func addEntry(_ start: Int, _ valueStart: Int, _ node: CBORNode?) {
    count += 1
    entries.append(Entry(start: start, valueStart: valueStart, end: bytes.count, node: node))
  }

  private func appendText(_ text: String) { CBORNode.appendText(text, to: &bytes) }

  // MARK: Bytes

  /// Writes the finished value.
  func finish(into result: inout [UInt8], path: CBORPath) throws {
    try CBORNode.check(depth)
    switch shape {
    case .nothing: result.append(CBORSimple.null)
    case .single: result.append(contentsOf: bytes)
    case .array:
      result.appendHead(.array, UInt64(count))
      var position = 0
      for entry in entries {
        result.append(contentsOf: bytes[position..<entry.start])
        try entry.node?.finish(into: &result, path: path)
        position = entry.start
      }
      result.append(contentsOf: bytes[position...])
    case .map:
      let kept = sortedEntries()
      result.appendHead(.map, UInt64(kept.count))
      for entry in kept {
        result.append(contentsOf: bytes[entry.start..<entry.end])
        try entry.node?.finish(into: &result, path: path)
      }
    }
  }

  /// The entries by the bytes of their keys; of equal keys the last one set.
  private func sortedEntries() -> [Entry] {
    func key(_ entry: Entry) -> ArraySlice<UInt8> { bytes[entry.start..<entry.valueStart] }
    let sorted = entries.sorted { key($0).lexicographicallyPrecedes(key($1)) }
    var kept: [Entry] = []
    kept.reserveCapacity(sorted.count)
    for entry in sorted {
      if let last = kept.last, key(last) == key(entry) {
        // Sorting is stable, so the later of the two was set later.
        kept[kept.count - 1] = entry
      } else {
        kept.append(entry)
      }
    }
    return kept
  }

  /// Writes any value: numbers, texts and typed arrays at once, everything else through its own `encode(to:)`.
  static func append<Value: Encodable>(
    _ value: Value, to bytes: inout [UInt8], depth: Int, path: CBORPath
  ) throws {
    if appendScalar(value, to: &bytes) || appendTypedArray(value, to: &bytes) { return }
    try check(depth)
    let node = CBORNode(depth: depth)
    try value.encode(to: CBORValueEncoder(node: node, path: path))
    if node.shape == .nothing {
      throw EncodingError.invalidValue(
        value, .init(codingPath: path.keys, debugDescription: "a value of type \(Value.self) encodes nothing"))
    }
    try node.finish(into: &bytes, path: path)
  }

  private static func check(_ depth: Int) throws {
    guard depth <= cborMaximumDepth else {
      throw EncodingError.invalidValue(
        depth, .init(codingPath: [], debugDescription: "values are nested more than \(cborMaximumDepth) deep"))
    }
  }

  static func appendText(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { utf8 in
      bytes.appendHead(.text, UInt64(utf8.count))
      bytes.append(contentsOf: utf8)
    }
  }
}
