import Foundation

/// Memory that lies in a file without a name: the kernel can move it out to the disk when room is short.
///
/// For large data that are written once and read over and over. The disk space is taken at once, so a full disk is an
/// error here and not a crash later; it is free again when the object is gone, also after a kill.
public final class MappedMemory: @unchecked Sendable {
  /// The number of bytes.
  public let byteCount: Int
  /// The first byte, at the beginning of a page; valid as long as the object lives. All bytes are 0 at first.
  public let pointer: UnsafeMutableRawPointer

  /// Takes disk space in a folder and maps it.
  ///
  /// - Throws: a `file` error: no such folder, no permission, disk full; a `resource` error if it cannot be mapped.
  public init(byteCount: Int, folder: String) throws {
    precondition(byteCount >= 0, "MappedMemory: \(byteCount) bytes")
    self.byteCount = byteCount
    var name = Array((folder + "/.assay-memory-" + String(repeating: "X", count: 6)).utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw FileAccess.failure(errno, doing: "write", folder) }
    defer { close(descriptor) }
    unlink(name)
    let length = max(byteCount, 1)
    let problem = MappedMemory.reserve(descriptor, length)
    guard problem == 0 else { throw FileAccess.failure(problem, doing: "write", folder) }
    guard let mapped = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), mapped != MAP_FAILED else {
      throw AssayError(.resource, "\(length) bytes cannot be mapped into memory", at: folder)
    }
    pointer = mapped
  }

  deinit { munmap(pointer, max(byteCount, 1)) }

  /// Takes the pages out of this process's resident memory; they stay in the file, and come back when they are read.
  ///
  /// Other threads may go on reading and writing meanwhile.
  public func letGo() {
    // On a shared mapping this loses nothing: what was written belongs to the file.
    madvise(pointer, max(byteCount, 1), MADV_DONTNEED)
  }

  /// Takes the disk space of an open file; 0, or what `errno` would be.
  private static func reserve(_ descriptor: Int32, _ length: Int) -> Int32 {
    #if os(Linux)
      var problem = posix_fallocate(descriptor, 0, length)
      while problem == EINTR { problem = posix_fallocate(descriptor, 0, length) }
      return problem
    #else
      return ftruncate(descriptor, off_t(length)) == 0 ? 0 : errno
    #endif
  }
}
