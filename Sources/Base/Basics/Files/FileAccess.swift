import Foundation

/// Reading files, and saying plainly why it did not work.
public enum FileAccess {
  /// The bytes of a file.
  ///
  /// - Throws: a `file` error: absent, a directory, no permission, unreadable.
  public static func read(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno, doing: "read", path) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw failure(errno, doing: "read", path) }
    if information.st_mode & S_IFMT == S_IFDIR { throw failure(EISDIR, doing: "read", path) }
    // Pipes and files below /proc say that they have no bytes, so the size is a first guess.
    var bytes: [UInt8] = []
    var capacity = max(4096, Int(information.st_size) + 1)
    while true {
      var problem: Int32 = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        while count < capacity {
          let got = Foundation.read(descriptor, buffer.baseAddress! + count, capacity - count)
          if got < 0 && errno == EINTR { continue }
          if got < 0 { problem = errno }
          if got <= 0 { return }
          count += got
        }
      }
      if problem != 0 { throw failure(problem, doing: "read", path) }
      if bytes.isEmpty { bytes = chunk } else { bytes.append(contentsOf: chunk) }
      if chunk.count < capacity { return bytes }
      capacity = min(2 * capacity, 1 << 26)
    }
  }

  /// Whether there is a file or folder of this name.
  public static func exists(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0
  }

  /// Whether this is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// Creates a folder and those above it, as far as they are absent.
  ///
  /// - Throws: a `file` error: a file of that name is in the way, no permission, disk full.
  public static func createFolder(_ path: String) throws {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
      if mkdir(made, 0o777) == 0 { continue }
      let problem = errno
      if isFolder(made) { continue }
      if problem == EEXIST || problem == ENOTDIR {
        throw AssayError(.file, "a file is where a folder should be", at: made, remedy: "choose another folder")
      }
      throw failure(problem, doing: "create", made)
    }
  }

  /// The error of a system call as a `file` error in plain words.
  ///
  /// - Parameters:
  ///   - code: the value of `errno`.
  ///   - verb: what was tried: "read", "write".
  ///   - path: the file or folder.
  public static func failure(_ code: Int32, doing verb: String, _ path: String) -> AssayError {
    func make(_ problem: String, _ remedy: String) -> AssayError {
      AssayError(.file, problem, at: path, remedy: remedy)
    }
    let folder = Self.folder(of: path)
    switch code {
    case ENOENT where verb != "read" || !isFolder(folder):
      return make("there is no folder \"\(folder)\"", "check the spelling, or create the folder first")
    case ENOENT:
      return make("there is no such file", "check the spelling; paths count from the current folder")
    case ENOTDIR:
      return make("a part of the path is a file, not a folder", "check the spelling")
    case EISDIR:
      return make("this is a folder, not a file", "name a file")
    case EACCES, EPERM:
      return make("no permission to \(verb) it", "change its permissions, or choose another place")
    case ENOSPC, EDQUOT:
      return make("the disk is full", "free some space, or choose another place")
    case EROFS:
      return make("the file system is read-only", "choose another place")
    case EFBIG:
      return make("the file would be larger than the system allows", "raise the limit, or choose another place")
    case ENAMETOOLONG:
      return make("the name is too long", "choose a shorter name")
    case EMFILE, ENFILE:
      return make("too many files are open", "close some programs, or raise the limit on open files")
    default:
      return make("cannot \(verb) it: \(String(cString: strerror(code)))", "")
    }
  }

  /// The folder that holds a file: "." for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
