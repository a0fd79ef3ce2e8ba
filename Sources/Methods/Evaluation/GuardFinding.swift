/// Something the guard found that makes an evaluation untrustworthy.
public struct GuardFinding: Sendable, Hashable, Codable {
  /// What kind of danger.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// One column predicts the target too well, or is a copy of it.
    case leak
    /// A column that identifies rows.
    case identifier
    /// A column known only after the event.
    case afterwards
    /// Rows, or rows alike in all features, on both sides of the split.
    case duplicates
    /// An entity on both sides of the split.
    case entities
    /// Test rows before training rows in time, or a random split of timed data.
    case time
  }

  /// How much it matters.
  public enum Severity: String, Sendable, Hashable, Codable {
    /// Told in the report; the run goes on.
    case warning
    /// The run stops unless the finding is allowed with a reason.
    case stop
  }

  /// What kind of danger.
  public var kind: Kind
  /// How much it matters.
  public var severity: Severity
  /// The column concerned, or empty.
  public var column: String
  /// What was found, with its numbers.
  public var evidence: String
  /// How to proceed.
  public var remedy: String
  /// The reason given with `--allow`, or nil.
  public var allowedBecause: String?

  /// Creates a finding.
  public init(_ kind: Kind, severity: Severity, column: String = "", evidence: String, remedy: String) {
    self.kind = kind
    self.severity = severity
    self.column = column
    self.evidence = evidence
    self.remedy = remedy
  }

  /// What `--allow` takes to let it pass: `leak:COLUMN`, or `time`.
  public var code: String { column.isEmpty ? kind.rawValue : "\(kind.rawValue):\(column)" }
}
