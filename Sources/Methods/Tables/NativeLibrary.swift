import Basics
import CNative

/// Shared libraries that are opened at run time.
enum NativeLibrary {
  /// Opens the first of the names that the system has and looks its functions up.
  ///
  /// - Parameter lookUp: fills a table of functions; returns the name of one that is not there, or nil.
  /// - Throws: a `resource` error that names the Debian package.
  static func resolve(
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
}
