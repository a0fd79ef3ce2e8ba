import Foundation

/// Stops the program because of a programmer's mistake: shapes, types or axes that do not fit an operation.
///
/// The message goes to standard error also in release builds, where the message of a failed `precondition` is not
/// printed. What comes from outside (files, tables, options) never ends here: it throws `AssayError`.
///
/// - Parameters:
///   - operation: What was called, such as "matmul".
///   - message: What does not fit, with the shapes or values.
public func stop(_ operation: String, _ message: String) -> Never {
  FileHandle.standardError.write(Data("assay: \(operation): \(message)\n".utf8))
  abort()
}

/// Stops with an operation's name and a message where a condition does not hold; see `stop(_:_:)`.
@inlinable
public func require(_ condition: Bool, _ operation: @autoclosure () -> String, _ message: @autoclosure () -> String) {
  if !condition { stop(operation(), message()) }
}
