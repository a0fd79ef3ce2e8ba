/// What went wrong, where, and what to do about it.
///
/// Everything that comes from outside (a file, a table, a request, a configuration) fails with this error; the programs
/// print it on standard error and exit with status 1. A programmer's mistake (shapes that do not fit) stops the program
/// instead; see `stop(_:_:)`.
public struct AssayError: Error, Sendable, Hashable, Codable {
  /// The family of the failure, for code that reacts to it.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// The file system refused: absent, no permission, a directory, disk full.
    case file
    /// The content of a file is not what its format demands.
    case format
    /// A column is absent, duplicated or of the wrong type.
    case schema
    /// The values cannot be learned from: constant target, one row, infinite values.
    case data
    /// A setting is out of its range or contradicts another.
    case configuration
    /// A model bundle is damaged, of a newer version, or does not fit the data.
    case bundle
    /// The guard found a leak or an unsafe split.
    case guarded
    /// A native library or another resource of the machine is missing.
    case resource
    /// The user or a deadline stopped the work.
    case cancelled
  }

  /// The family of the failure.
  public let kind: Kind
  /// What is wrong, as a sentence without the final stop: "the target column has one distinct value".
  public let problem: String
  /// Where: a file with its line, a column, an option. Empty if the problem says it already.
  public let place: String
  /// The way out: "choose another target with --target". Empty if there is none to give.
  public let remedy: String

  /// Creates an error.
  public init(_ kind: Kind, _ problem: String, at place: String = "", remedy: String = "") {
    self.kind = kind
    self.problem = problem
    self.place = place
    self.remedy = remedy
  }
}

extension AssayError: CustomStringConvertible {
  /// `place: problem; remedy`, leaving out what is empty.
  public var description: String {
    (place.isEmpty ? "" : place + ": ") + problem + (remedy.isEmpty ? "" : "; " + remedy)
  }
}
