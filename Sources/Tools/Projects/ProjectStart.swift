import Tables

/// Data that a project begins with: simulated, or a public set.
public struct ProjectStart: Sendable {
  /// The name of the file with later rows in a project's folder.
  public static let laterFileName = "later.csv"

  /// The data; they go into `data.csv`.
  public var table: Table
  /// Rows of the time after the data, without what is not known then: they go into `later.csv`, to predict for; nil for
  /// none.
  public var later: Table?
  /// The column of each field that is there.
  public var columns: [String: String]
  /// Columns that must not be used.
  public var excluded: [String]
  /// Settings, and amounts of the value, that differ from the defaults.
  public var settings: [String: String]
  /// The value file's text, where the solution takes actions and others than its own fit.
  public var value: String?
  /// What they are, a paragraph for the README; of simulated data what is known to be true of them.
  public var words: String

  /// Creates a start.
  public init(
    table: Table, later: Table? = nil, columns: [String: String], excluded: [String] = [],
    settings: [String: String] = [:],
    value: String? = nil, words: String
  ) {
    self.table = table
    self.later = later
    self.columns = columns
    self.excluded = excluded
    self.settings = settings
    self.value = value
    self.words = words
  }
}
