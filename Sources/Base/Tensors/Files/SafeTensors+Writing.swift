import Basics

extension SafeTensors {
  /// Writes tensors as a whole file: complete under its name, or not at all.
  ///
  /// The bytes are those that the format's Python package writes: the widest elements first, then by name, and spaces
  /// behind the header so that every tensor is aligned. Records for gradients are not stored.
  ///
  /// - Parameters:
  ///   - tensors: By name; "__metadata__" is not a name.
  ///   - metadata: Texts to store beside them; none unless given.
  ///   - path: The file.
  /// - Throws: a `file` error if it cannot be written; a `configuration` error for a name that cannot be used.
  public static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    let (header, order) = try layout(tensors, metadata)
    var file = try AtomicFile(path: path)
    try file.write(header)
    for (_, tensor) in order { try tensor.withBytes { try file.write($0) } }
    try file.commit()
  }

  /// The bytes of a whole file, without metadata unless given; see `write(_:metadata:to:)`.
  ///
  /// - Throws: a `configuration` error for a name that cannot be used.
  public static func bytes(of tensors: [String: Tensor], metadata: [String: String] = [:]) throws -> [UInt8] {
    var (bytes, order) = try layout(tensors, metadata)
    for (_, tensor) in order { tensor.withBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// The header with its length in front, and the order in which the tensors follow.
  private static func layout(
    _ tensors: [String: Tensor], _ metadata: [String: String]
  ) throws -> (header: [UInt8], order: [(name: String, tensor: Tensor)]) {
    if tensors["__metadata__"] != nil {
      throw AssayError(
        .configuration, "a tensor is named \"__metadata__\", which the safetensors format keeps for texts",
        remedy: "choose another name")
    }
    // Names in the order of their bytes: Swift's order of texts would depend on Unicode's normal forms.
    let order = tensors.map { (rank: -StoredType($0.value.type).rank, utf8: Array($0.key.utf8), name: $0.key) }
      .sorted { $0.rank != $1.rank ? $0.rank < $1.rank : $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .compactMap { key in tensors[key.name].map { (name: key.name, tensor: $0) } }
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\($0.key.asJSON):\($0.value.asJSON)" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for (name, tensor) in order {
      let start = end
      end += tensor.count * tensor.type.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let type = StoredType(tensor.type).rawValue
      fields.append("\(name.asJSON):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var json = Array("{\(fields.joined(separator: ","))}".utf8)
    while json.count % 8 != 0 { json.append(UInt8(ascii: " ")) }
    guard json.count <= SafeTensorsHeader.longest else {
      throw AssayError(
        .configuration,
        "the names and texts take \(json.count) bytes, more than the \(SafeTensorsHeader.longest) that "
          + "the safetensors format allows", remedy: "shorten the metadata, or spread the tensors over several files")
    }
    return (withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json, order)
  }
}

extension Tensor {
  /// Calls a function with the bytes of the elements in row-major order.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) {
      let start = UnsafeRawPointer(storage.pointer) + offset * type.byteCount
      return try body(UnsafeRawBufferPointer(start: start, count: count * type.byteCount))
    }
  }
}
