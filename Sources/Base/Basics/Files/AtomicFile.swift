import Dispatch
import Foundation
import Synchronization

/// A file that appears under its name complete or not at all.
///
/// The bytes go to a temporary name in the same folder; `commit` brings them to the disk and renames. A file that is
/// not committed (an error, a kill) leaves whatever had the name before untouched, and its temporary is removed.
/// Devices and pipes (`/dev/stdout`) are written directly.
public struct AtomicFile: ~Copyable {
  /// The final name, as given.
  public let path: String
  /// The name that the file gets, after links were followed.
  private let target: String
  /// The name while it is written; nil for devices and pipes.
  private let temporary: String?
  private let descriptor: Int32

  private static let created = Atomic<Int>(0)

  /// Opens a temporary beside the final name; a link is followed, an existing file's permissions are kept.
  ///
  /// - Throws: a `file` error: no such folder, no permission, a directory, disk full.
  public init(path: String) throws {
    var information = stat()
    let exists = stat(path, &information) == 0
    let kind = information.st_mode & S_IFMT
    if exists && kind == S_IFDIR { throw FileAccess.failure(EISDIR, doing: "write", path) }
    if exists && access(path, W_OK) != 0 { throw FileAccess.failure(errno, doing: "write", path) }
    let target = exists ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
    var temporary: String?
    let descriptor: Int32
    if exists && kind != S_IFREG {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let name = target.split(separator: "/").last ?? ""
      if name.isEmpty { throw AssayError(.file, "the name of the file to write is empty", remedy: "name a file") }
      let number = AtomicFile.created.wrappingAdd(1, ordering: .relaxed).newValue
      let unique = "\(getpid())-\(number)-\(DispatchTime.now().uptimeNanoseconds)"
      let hidden = "\(FileAccess.folder(of: target))/.\(name.prefix(40)).\(unique).tmp"
      descriptor = open(hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? information.st_mode & 0o777 : 0o666)
      temporary = hidden
    }
    if descriptor < 0 { throw FileAccess.failure(errno, doing: "write", path) }
    self.path = path
    self.target = target
    self.temporary = temporary
    self.descriptor = descriptor
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: a `file` error, for example when the disk is full; the file must not be committed then.
  public mutating func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  /// Adds the bytes of a memory region at the end.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      if written < 0 { throw FileAccess.failure(errno, doing: "write", path) }
      rest = rest.dropFirst(written)
    }
  }

  /// Brings the bytes to the disk and gives the file its name.
  ///
  /// - Throws: a `file` error; the temporary is removed then.
  public consuming func commit() throws {
    guard let temporary else { return }
    guard fsync(descriptor) == 0 else { throw FileAccess.failure(errno, doing: "write", path) }
    guard rename(temporary, target) == 0 else { throw FileAccess.failure(errno, doing: "write", path) }
    // The new name itself is on the disk only when its folder is; a file system that cannot promise it is no error.
    let folder = open(FileAccess.folder(of: target), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  deinit {
    close(descriptor)
    // After a commit the temporary name is gone already, and this does nothing.
    if let temporary { unlink(temporary) }
  }

  /// Writes bytes as a whole file.
  ///
  /// - Throws: a `file` error; what had the name before is untouched then.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    var file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes text in UTF-8 as a whole file.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }
}
