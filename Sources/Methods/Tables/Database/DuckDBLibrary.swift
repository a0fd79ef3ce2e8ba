import Basics
import CNative
import Foundation
import Glibc

/// DuckDB's shared library, opened at first use.
///
/// It is looked for in the folder that the environment variable `ASSAY_NATIVE` names, in `.native` beside the program
/// or in a folder above it, in `.native` in the current folder or above it, and last among the system's libraries.
/// The library from DuckDB's Python package refers to symbols of Python that it does not need here; a file
/// `libpystubs.so` beside it, which defines their names, is opened first.
enum DuckDBLibrary {
  private static let loaded = Result<assay_duckdb, AssayError> { () throws(AssayError) in try load() }

  /// The functions of the library.
  ///
  /// - Throws: a `resource` error if it is not there.
  static func functions() throws -> assay_duckdb { try loaded.get() }

  private static func load() throws(AssayError) -> assay_duckdb {
    var reason = "libduckdb.so is in no folder named .native and not among the system's libraries"
    for path in candidates() {
      let isSystem = !path.contains("/")
      guard isSystem || access(path, R_OK) == 0 else { continue }
      let stubs = path.dropLast("libduckdb.so".count) + "libpystubs.so"
      if !isSystem, access(String(stubs), R_OK) == 0, assay_open_library(String(stubs), 1) == nil {
        reason = String(cString: assay_open_library_error())
        continue
      }
      guard let library = assay_open_library(path, 0) else {
        if !isSystem { reason = String(cString: assay_open_library_error()) }
        continue
      }
      var functions = assay_duckdb()
      guard let absent = assay_resolve_duckdb(library, &functions) else { return functions }
      reason = "\(path) lacks the function \(String(cString: absent))"
    }
    throw AssayError(.resource, "DuckDB cannot be used: \(reason)", remedy: "run make setup")
  }

  /// The paths where the library may be, the nearest first.
  private static func candidates() -> [String] {
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
    return folders.map { $0 + "/libduckdb.so" } + ["libduckdb.so"]
  }
}
