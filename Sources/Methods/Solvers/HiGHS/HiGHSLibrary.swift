import Basics
import CNative

/// HiGHS' shared library, opened at first use where `NativeLibrary` finds it.
enum HiGHSLibrary {
  private static let loaded = Result<assay_highs, AssayError> { () throws(AssayError) in
    var functions = assay_highs()
    try NativeLibrary.resolveFetched("libhighs.so.1", title: "HiGHS") { assay_resolve_highs($0, &functions) }
    guard functions.integer_size(nil) == 4 else {
      throw AssayError(
        .resource, "HiGHS cannot be used: libhighs.so.1 was built with 64-bit integers",
        remedy: "run make setup, which fetches one with 32-bit integers")
    }
    return functions
  }

  /// The functions of the library.
  ///
  /// - Throws: a `resource` error if it is not there.
  static func functions() throws(AssayError) -> assay_highs { try loaded.get() }

  /// The name and version, for people.
  static func title(_ functions: assay_highs) -> String {
    "HiGHS " + (functions.version().map { String(cString: $0) } ?? "of an unknown version")
  }
}

/// The solver behind `LinearProgram`.
public enum LinearSolver {
  /// The name and version, such as "HiGHS 1.15.1".
  ///
  /// - Throws: a `resource` error if the library is not there.
  public static func version() throws(AssayError) -> String { HiGHSLibrary.title(try HiGHSLibrary.functions()) }
}
