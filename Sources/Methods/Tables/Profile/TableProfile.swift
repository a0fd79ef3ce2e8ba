/// What a table holds, column by column.
public struct TableProfile: Sendable, Hashable, Codable {
  /// The rows.
  public var rowCount: Int
  /// One profile per column, in order.
  public var columns: [ColumnProfile]
  /// The rows that repeat an earlier row.
  public var repeatedRows: Int
  /// Pairs of columns with equal values.
  public var duplicateColumns: [[String]]

  /// Creates a profile.
  public init(rowCount: Int, columns: [ColumnProfile], repeatedRows: Int, duplicateColumns: [[String]]) {
    self.rowCount = rowCount
    self.columns = columns
    self.repeatedRows = repeatedRows
    self.duplicateColumns = duplicateColumns
  }
}

/// What one column holds.
public struct ColumnProfile: Sendable, Hashable, Codable {
  /// A value and how many rows have it.
  public struct Frequency: Sendable, Hashable, Codable {
    /// The value as text.
    public var value: String
    /// The rows.
    public var count: Int

    /// Creates a frequency.
    public init(value: String, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// The name.
  public var name: String
  /// The kind of the values.
  public var kind: ColumnKind
  /// The rows without a value.
  public var missing: Int
  /// The distinct values, exact or estimated for tables read in chunks.
  public var distinct: Int
  /// The mean of numeric and date-time columns (date-times in seconds since 1970).
  public var mean: Double?
  /// The standard deviation.
  public var deviation: Double?
  /// The quantiles at 0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1.
  public var quantiles: [Double]?
  /// Counts in twenty equal ranges from the 1st to the 99th percentile.
  public var histogram: [Int]?
  /// The rows beyond three interquartile ranges from the quartiles.
  public var outliers: Int?
  /// The most frequent values, at most ten.
  public var topValues: [Frequency]
  /// The population stability index between the first and the last third in time; nil without a time column.
  public var drift: Double?
  /// What is odd about the values, for example dates in several formats that were therefore read as text; else nil.
  public var note: String?

  /// Creates a profile.
  public init(
    name: String, kind: ColumnKind, missing: Int, distinct: Int, mean: Double? = nil, deviation: Double? = nil,
    quantiles: [Double]? = nil, histogram: [Int]? = nil, outliers: Int? = nil, topValues: [Frequency] = [],
    drift: Double? = nil, note: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.missing = missing
    self.distinct = distinct
    self.mean = mean
    self.deviation = deviation
    self.quantiles = quantiles
    self.histogram = histogram
    self.outliers = outliers
    self.topValues = topValues
    self.drift = drift
    self.note = note
  }
}
