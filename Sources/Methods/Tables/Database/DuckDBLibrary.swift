import Basics
import CNative

/// DuckDB's shared library, opened at first use where `NativeLibrary` finds it.
///
/// The library from DuckDB's Python package refers to symbols of Python that it does not need here; a file
/// `libpystubs.so` beside it, which defines their names, is opened first.
enum DuckDBLibrary {
  private static let loaded = Result<assay_duckdb, AssayError> { () throws(AssayError) in
    var functions = assay_duckdb()
    try NativeLibrary.resolveFetched("libduckdb.so", title: "DuckDB", after: "libpystubs.so") {
      assay_resolve_duckdb($0, &functions)
    }
    return functions
  }

  /// The functions of the library.
  ///
  /// - Throws: a `resource` error if it is not there.
  static func functions() throws -> assay_duckdb { try loaded.get() }
}
