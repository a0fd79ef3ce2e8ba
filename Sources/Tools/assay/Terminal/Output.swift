import Foundation

/// Writes a line to standard error.
func standardError(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}

/// Writes a line to standard output.
func standardOutput(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
