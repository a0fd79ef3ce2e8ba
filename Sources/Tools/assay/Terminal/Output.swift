import Foundation

/// Writes a line to standard error.
func standardError(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// Writes a line to standard output.
///
/// - Parameter end: what follows it; empty for a text that ends its last line itself.
func standardOutput(_ line: String, end: String = "\n") {
  FileHandle.standardOutput.write(Data((line + end).utf8))
}
