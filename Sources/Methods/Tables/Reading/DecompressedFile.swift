import Basics

/// Whole files in memory for readers of other formats than tables.
public enum DecompressedFile {
  /// The bytes of a file, decompressed where it is gzip or Zstandard.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: the most bytes to accept, so that a small file which unpacks to an enormous one does not fill the memory.
  /// - Throws: a `file` error if it cannot be read, a `format` error if the compressed data are damaged, cut short or
  ///   larger than the limit.
  public static func bytes(of path: String, limit: Int = 1 << 31) throws -> [UInt8] {
    let source = try ByteSource(path: path)
    var bytes: [UInt8] = []
    var size = source.isCompressed ? max(1 << 16, source.fileSize * 4) : source.fileSize + 1
    while true {
      let piece = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        count = try source.read(into: buffer)
      }
      if bytes.isEmpty { bytes = piece } else { bytes.append(contentsOf: piece) }
      if bytes.count > limit {
        throw AssayError(
          .format, "the file holds more than \(limit) bytes", at: path, remedy: "check that it is the right one")
      }
      if piece.count < size { return bytes }
      size = min(2 * size, 1 << 26)
    }
  }
}
