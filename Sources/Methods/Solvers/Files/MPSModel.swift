import Basics
import Foundation

/// A program read from a file in MPS format, with its names.
public struct MPSModel: Sendable {
  /// The name that the file gives.
  public let name: String
  /// The program; minimised unless the file says otherwise.
  public let program: LinearProgram
  /// The variables by name.
  public let variables: [String: Variable]
  /// The constraints by name.
  public let constraints: [String: Constraint]

  /// Reads a file.
  ///
  /// - Throws: a `file` error if it cannot be read, a `format` error with the line if it is not MPS.
  public init(path: String) throws {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw AssayError(.file, "the file cannot be read", at: path, remedy: "check the path and the permission")
    }
    try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
  }

  /// Reads a text.
  ///
  /// Fixed and free format are read by words, so names must have no spaces. An integer variable without bounds is 0 or
  /// 1, as in the convention of MIPLIB; a negative upper bound alone moves the lower bound to minus infinity; rows `N`
  /// after the first are left out.
  ///
  /// - Parameter path: Where the text is from, for errors.
  public init(text: String, path: String = "") throws(AssayError) {
    var reader = MPSReader(path: path)
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      if try !reader.take(line, number: number) { break }
    }
    guard reader.isEnded else { throw reader.error("the file ends without ENDATA", remedy: "copy it again, it is cut") }
    self = reader.model()
  }

  init(name: String, program: LinearProgram, variables: [String: Variable], constraints: [String: Constraint]) {
    self.name = name
    self.program = program
    self.variables = variables
    self.constraints = constraints
  }
}
