import CNative
import Foundation
import Glibc

/// Shared libraries that are opened at run time.
package enum NativeLibrary {
  /// Opens the first of the names that the system has and looks its functions up.
  ///
  /// - Parameter lookUp: Fills a table of functions; returns the name of one that is not there, or nil.
  /// - Throws: a `resource` error that names the Debian package.
  package static func resolve(
    _ names: [String], package: String, lookUp: (UnsafeMutableRawPointer) -> UnsafePointer<CChar>?
  ) throws(AssayError) {
    for name in names {
      guard let library = assay_open_library(name, 0) else { continue }
      if let absent = lookUp(library) {
        throw AssayError(
          .resource, "\(name) lacks the function \(String(cString: absent))", remedy: "install a newer \(package)")
      }
      return
    }
    throw AssayError(
      .resource, "\(names[0]) cannot be opened: \(String(cString: assay_open_library_error()))",
      remedy: "install it: apt-get install \(package)")
  }

  /// Opens a library that the set-up fetches and looks its functions up.
  ///
  /// It is looked for in the folder that the environment variable `ASSAY_NATIVE` names, in `.native` beside the program
  /// or in a folder above it, in `.native` in the current folder or above it, and last among the system's libraries. A
  /// library that lacks a function is passed over.
  ///
  /// - Parameters:
  ///   - file: The file's name, such as "libduckdb.so".
  ///   - title: What people call the library, for the error.
  ///   - first: The file of a library beside it that has to be opened before, with symbols that all can see; it is
  ///     opened where it exists.
  ///   - lookUp: Fills a table of functions; returns the name of one that is not there, or nil.
  /// - Throws: a `resource` error that says how to get the library.
  package static func resolveFetched(
    _ file: String, title: String, after first: String? = nil,
    lookUp: (UnsafeMutableRawPointer) -> UnsafePointer<CChar>?
  ) throws(AssayError) {
    var reason = "\(file) is in no folder named .native and not among the system's libraries"
    for folder in folders() {
      let path = "\(folder)/\(file)"
      guard access(path, R_OK) == 0 else { continue }
      if let first, access("\(folder)/\(first)", R_OK) == 0, assay_open_library("\(folder)/\(first)", 1) == nil {
        reason = String(cString: assay_open_library_error())
        continue
      }
      guard let library = assay_open_library(path, 0) else {
        reason = String(cString: assay_open_library_error())
        continue
      }
      guard let absent = lookUp(library) else { return }
      reason = "\(path) lacks the function \(String(cString: absent))"
    }
    if let library = assay_open_library(file, 0) {
      guard let absent = lookUp(library) else { return }
      reason = "the system's \(file) lacks the function \(String(cString: absent))"
    }
    throw AssayError(.resource, "\(title) cannot be used: \(reason)", remedy: "run make setup")
  }

  /// The folders where fetched libraries may be, the nearest first.
  private static func folders() -> [String] {
    var folders: [String] = []
    if let folder = ProcessInfo.processInfo.environment["ASSAY_NATIVE"] { folders.append(folder) }
    var starts = [FileManager.default.currentDirectoryPath]
    if let program = realpath("/proc/self/exe", nil) {
      starts.insert(URL(fileURLWithPath: String(cString: program)).deletingLastPathComponent().path, at: 0)
      free(program)
    }
    for start in starts {
      var folder = URL(fileURLWithPath: start)
      while true {
        folders.append(folder.appendingPathComponent(".native").path)
        if folder.path == "/" { break }
        folder.deleteLastPathComponent()
      }
    }
    return folders
  }
}
