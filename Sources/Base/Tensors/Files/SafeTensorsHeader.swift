import Basics

/// The header of a safetensors file: names, types, shapes and places of its tensors, all checked against each other and
/// against the length of the file.
struct SafeTensorsHeader {
  /// A tensor as the header describes it.
  struct Entry {
    let name: String
    /// The type's name in the file: "F32".
    let typeName: String
    /// Nil for a type that tensors do not hold.
    let type: StoredType?
    let shape: [Int]
    /// Where its bytes lie, counted from the end of the header.
    let range: Range<Int>
  }

  /// The most bytes of a header, as in the format's first implementation.
  static let longest = 100_000_000

  let entries: [String: Entry]
  let metadata: [String: String]
  private let source: String

  /// The length of the header from the first eight bytes of a file.
  static func length(prefix: [UInt8], fileLength: Int, source: String) throws -> Int {
    guard fileLength > 0 else {
      throw AssayError(.format, "the file is empty", at: source, remedy: "write it again, or fetch it again")
    }
    guard prefix.count == 8 else {
      throw AssayError(
        .format, "the file has \(fileLength) bytes, not even the 8 that give the length of the header", at: source,
        remedy: "check that it is a safetensors file and that it was copied to its end")
    }
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(longest) else {
      throw AssayError(
        .format, "the header claims \(length) bytes, more than the \(longest) that the format allows", at: source,
        remedy: "check that it is a safetensors file")
    }
    guard length >= 2 else {
      throw AssayError(
        .format, "the header claims \(length) bytes, too few for \"{}\"", at: source,
        remedy: "check that it is a safetensors file")
    }
    guard Int(length) <= fileLength - 8 else {
      throw AssayError(
        .format, "the header claims \(length) bytes, but only \(fileLength - 8) follow", at: source,
        remedy: "the file is truncated or no safetensors file: copy or fetch it again")
    }
    return Int(length)
  }

  /// Reads the JSON of a header.
  ///
  /// - Parameter dataLength: the bytes of the file behind the header.
  init(_ bytes: [UInt8], dataLength: Int, source: String) throws {
    self.source = source
    let json: HeaderJSON
    do throws(HeaderJSON.Problem) {
      json = try bytes.withUnsafeBufferPointer { buffer throws(HeaderJSON.Problem) in try HeaderJSON(buffer) }
    } catch {
      throw AssayError(
        .format, "the header is no valid JSON: \(error.words) (byte \(8 + error.byte) of the file)", at: source,
        remedy: "the file is damaged or no safetensors file: write or fetch it again")
    }
    guard case .object(let fields) = json else {
      throw AssayError(.format, "the header is \(json.kind), not an object", at: source, remedy: Self.damaged)
    }
    var entries: [String: Entry] = [:]
    var metadata: [String: String]?
    for (name, value) in fields {
      if name == "__metadata__" {
        guard metadata == nil else { throw Self.twice(name, source) }
        metadata = try Self.metadata(value, source)
        continue
      }
      let entry = try Self.entry(name, value, source)
      guard entries.updateValue(entry, forKey: name) == nil else { throw Self.twice(name, source) }
    }
    self.entries = entries
    self.metadata = metadata ?? [:]
    try checkRanges(dataLength)
  }

  private static let damaged = "the file is damaged: write or fetch it again"

  private static func twice(_ name: String, _ source: String) -> AssayError {
    AssayError(.format, "the name \"\(name)\" is there twice", at: source, remedy: damaged)
  }

  private static func metadata(_ value: HeaderJSON, _ source: String) throws -> [String: String] {
    guard case .object(let fields) = value else {
      throw AssayError(.format, "__metadata__ is \(value.kind), not an object of texts", at: source, remedy: damaged)
    }
    var metadata: [String: String] = [:]
    for (name, value) in fields {
      guard case .text(let text) = value else {
        throw AssayError(
          .format, "__metadata__ has \(value.kind) under \"\(name)\", not a text", at: source, remedy: damaged)
      }
      guard metadata.updateValue(text, forKey: name) == nil else { throw twice(name, source) }
    }
    return metadata
  }

  private static func entry(_ name: String, _ value: HeaderJSON, _ source: String) throws -> Entry {
    func error(_ problem: String) -> AssayError {
      AssayError(.format, problem, at: "\(source), tensor \"\(name)\"", remedy: damaged)
    }
    guard case .object(let fields) = value else { throw error("its description is \(value.kind), not an object") }
    var known: [String: HeaderJSON] = [:]
    for (field, value) in fields {
      guard known.updateValue(value, forKey: field) == nil else { throw error("the field \"\(field)\" is there twice") }
    }
    guard case .text(let typeName)? = known["dtype"] else { throw error("\"dtype\" is absent or no text") }
    guard let shape = sizes(known["shape"]) else { throw error("\"shape\" is no array of whole numbers from 0 up") }
    guard let offsets = sizes(known["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
      throw error("\"data_offsets\" are not two whole numbers in order")
    }
    let type = StoredType(rawValue: typeName)
    // The product without zeros too, so that no part of the shape overflows later.
    var (count, room) = (1, max(type?.byteCount ?? 1, 8))
    for size in shape {
      let (product, overflow) = room.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow else { throw error("shape \(shape) has more elements than can be counted") }
      room = product
      count *= size
    }
    if let type, count * type.byteCount != offsets[1] - offsets[0] {
      throw error(
        "shape \(shape) of \(typeName) takes \(count * type.byteCount) bytes, but data_offsets \(offsets) give it "
          + "\(offsets[1] - offsets[0])")
    }
    return Entry(name: name, typeName: typeName, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func sizes(_ value: HeaderJSON?) -> [Int]? {
    guard case .array(let items)? = value else { return nil }
    var sizes: [Int] = []
    for item in items {
      guard case .whole(let size) = item, size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  /// The tensors must fill the bytes behind the header from the first to the last, each byte once.
  private func checkRanges(_ dataLength: Int) throws {
    let ordered = entries.values.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var end = 0
    var last = ""
    for entry in ordered {
      let place = "\(source), tensor \"\(entry.name)\""
      guard entry.range.upperBound <= dataLength else {
        throw AssayError(
          .format, "its bytes end at \(entry.range.upperBound), but only \(dataLength) bytes follow the header",
          at: place, remedy: "the file is truncated: copy or fetch it again")
      }
      guard entry.range.lowerBound >= end else {
        throw AssayError(
          .format, "its bytes overlap those of \"\(last)\": they begin at \(entry.range.lowerBound), before \(end)",
          at: place, remedy: Self.damaged)
      }
      guard entry.range.lowerBound == end else {
        throw AssayError(
          .format, "\(entry.range.lowerBound - end) bytes before it belong to no tensor", at: place,
          remedy: Self.damaged)
      }
      end = entry.range.upperBound
      last = entry.name
    }
    guard end == dataLength else {
      throw AssayError(
        .format, "\(dataLength - end) bytes behind the last tensor belong to none", at: source, remedy: Self.damaged)
    }
  }
}
