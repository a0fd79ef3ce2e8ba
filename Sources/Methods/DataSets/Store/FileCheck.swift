import Basics
import Foundation

/// Compares files with fingerprints.
enum FileCheck {
  /// The bytes and the checksum of a file; `each` sees every piece.
  static func fingerprint(
    of path: String, each: (UnsafeRawBufferPointer) throws -> Void = { _ in }
  ) throws -> DataFile.Fingerprint {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileAccess.failure(errno, doing: "read", path) }
    defer { close(descriptor) }
    if FileAccess.isFolder(path) { throw FileAccess.failure(EISDIR, doing: "read", path) }
    var digest = SHA256()
    var bytes = 0
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw FileAccess.failure(errno, doing: "read", path) }
      if count == 0 { return DataFile.Fingerprint(bytes: bytes, sha256: digest.hexadecimal()) }
      let filled = UnsafeRawBufferPointer(rebasing: piece[..<count])
      digest.update(filled)
      try each(filled)
      bytes += count
    }
  }

  /// Throws unless what was found is what was expected.
  static func demand(
    _ expected: DataFile.Fingerprint, found: DataFile.Fingerprint, at place: String, remedy: String
  ) throws {
    if found == expected { return }
    if found.bytes < expected.bytes {
      throw AssayError(
        .format, "the file is cut short or another one: it has \(found.bytes) bytes instead of \(expected.bytes)",
        at: place, remedy: remedy)
    }
    let sizes = found.bytes == expected.bytes ? "" : " and \(found.bytes) bytes instead of \(expected.bytes)"
    throw AssayError(
      .format, "this is not the published file: its SHA-256 is \(found.sha256) instead of \(expected.sha256)\(sizes)",
      at: place, remedy: remedy)
  }
}
