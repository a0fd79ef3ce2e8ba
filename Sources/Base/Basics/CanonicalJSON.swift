import Foundation

/// JSON of which equal values give equal bytes.
///
/// Keys are sorted, numbers are the shortest that read back as the same bits, slashes are not escaped. JSON has no
/// infinite numbers: they are written as the texts `"NaN"`, `"Infinity"` and `"-Infinity"`, and read back from them.
public enum CanonicalJSON {
  /// The bytes of a value.
  ///
  /// - Parameters:
  ///   - value: what to write.
  ///   - pretty: whether to break lines and indent, with a line break at the end.
  /// - Throws: a `format` error if the value cannot be encoded.
  public static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
      var bytes = [UInt8](try encoder.encode(value))
      if pretty { bytes.append(UInt8(ascii: "\n")) }
      return bytes
    } catch {
      throw AssayError.coding(error, in: "JSON")
    }
  }

  /// The value that bytes hold.
  ///
  /// - Parameters:
  ///   - type: what to read.
  ///   - bytes: the text in UTF-8.
  ///   - source: the file's name for messages.
  /// - Throws: a `format` error that names the field.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], source: String = "JSON"
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    do {
      return try decoder.decode(type, from: Data(bytes))
    } catch {
      throw AssayError.coding(error, in: source)
    }
  }
}
