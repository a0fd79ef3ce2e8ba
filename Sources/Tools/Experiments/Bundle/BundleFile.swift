import Basics

/// The file format of model bundles.
///
/// | bytes | content |
/// |---|---|
/// | 0 ..< 8 | `ASSAYMDL` |
/// | 8 ..< 12 | format version, little-endian |
/// | 12 ..< 20 | length of the payload, little-endian |
/// | 20 ..< 52 | SHA-256 of the payload |
/// | 52 ... | the payload: a `ModelBundle` as CBOR (RFC 8949, numbers in typed arrays of RFC 8746) |
///
/// The version rises when an older program could no longer read the payload; every version once released stays readable.
public enum BundleFile {
  /// The version this program writes.
  public static let version: UInt32 = 1

  private static let magic = Array("ASSAYMDL".utf8)
  private static let headerSize = 52

  /// Writes a bundle to a temporary name and renames it.
  public static func write(_ bundle: ModelBundle, to path: String) throws {
    let payload = try CBOREncoder().encode(bundle)
    var bytes = magic
    withUnsafeBytes(of: version.littleEndian) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: UInt64(payload.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += SHA256.digest(of: payload)
    bytes += payload
    try AtomicFile.write(bytes, to: path)
  }

  /// Reads a bundle.
  ///
  /// - Throws: `file` if it cannot be read; `bundle` if it is none, damaged, cut short or of a newer version.
  public static func read(_ path: String) throws -> ModelBundle {
    let bytes = try FileAccess.read(path)
    guard bytes.count >= headerSize, Array(bytes[0..<8]) == magic else {
      throw AssayError(
        .bundle, "this is not a model bundle", at: path,
        remedy: "give the file \"model\" that assay train wrote into its output folder")
    }
    let found = bytes[8..<12].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard found <= version else {
      throw AssayError(
        .bundle, "the bundle has format version \(found), this program reads up to \(version)", at: path,
        remedy: "use a newer version of assay")
    }
    let length = bytes[12..<20].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length == UInt64(bytes.count - headerSize) else {
      throw AssayError(
        .bundle, "the bundle is cut short or has bytes added", at: path, remedy: "copy it again or train again")
    }
    let payload = Array(bytes[headerSize...])
    guard SHA256.digest(of: payload).elementsEqual(bytes[20..<52]) else {
      throw AssayError(
        .bundle, "the bundle is damaged: its checksum does not fit", at: path,
        remedy: "copy it again or train again")
    }
    do {
      return try CBORDecoder().decode(ModelBundle.self, from: payload)
    } catch let error as AssayError where error.kind == .bundle {
      throw AssayError(.bundle, error.problem, at: path, remedy: error.remedy)
    } catch {
      throw AssayError(.bundle, "the content of the bundle cannot be read (\(error))", at: path, remedy: "train again")
    }
  }
}
