/// How a table is read; every value that is nil is found out from the data.
public struct ReadOptions: Sendable, Codable, Hashable {
  /// How floating-point columns are stored.
  public enum Precision: String, Sendable, Codable, Hashable {
    /// 64 bits.
    case double
    /// 32 bits: half the memory, 7 digits.
    case single
  }

  /// Whether the first row of a text file names the columns; without names they are c1, c2, ....
  public var hasHeader: Bool?
  /// The text between fields, one character; " " means any run of spaces and tabs.
  public var delimiter: String?
  /// The character around fields that contain delimiters or line breaks; "" means that there is none.
  public var quote: String?
  /// `utf-8`, `utf-16le`, `utf-16be`, `windows-1252` or `latin-1`.
  public var encoding: TextEncoding?
  /// How floating-point columns are stored.
  public var precision: Precision
  /// Kinds that are demanded by column; a value that does not fit is an error.
  public var kinds: [String: ColumnKind]
  /// How dates such as 03/04/2025 are read where all of a column can be read either way; nil looks at the values.
  public var dateOrder: DateOrder?
  /// The same by column, which counts before `dateOrder` and comes from a model's schema; nil for none.
  public var dateOrders: [String: DateOrder]?
  /// The texts that mean "no value".
  public var missingMarkers: [String]
  /// A text column with at most this many distinct values, and at most 5 % of the rows (or 50), is a category.
  public var categoryLimit: Int
  /// A query over the data, which it sees as the table `data`.
  public var sql: String?
  /// At most this many rows are read.
  public var rowLimit: Int?

  /// The texts that mean "no value" unless others are given.
  public static let standardMissingMarkers = [
    "", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?", "\\N", "<NA>",
  ]

  /// Creates options; the defaults find everything out.
  public init(
    hasHeader: Bool? = nil, delimiter: String? = nil, quote: String? = nil, encoding: TextEncoding? = nil,
    precision: Precision = .double, kinds: [String: ColumnKind] = [:],
    missingMarkers: [String] = standardMissingMarkers, categoryLimit: Int = 10_000, sql: String? = nil,
    rowLimit: Int? = nil
  ) {
    self.hasHeader = hasHeader
    self.delimiter = delimiter
    self.quote = quote
    self.encoding = encoding
    self.precision = precision
    self.kinds = kinds
    self.missingMarkers = missingMarkers
    self.categoryLimit = categoryLimit
    self.sql = sql
    self.rowLimit = rowLimit
  }

  /// The order that dates of a column are read by where they can be read either way; nil where none was given.
  func dateOrder(of column: String) -> DateOrder? { dateOrders?[column] ?? dateOrder }

  /// The most distinct values of a category column with that many rows.
  func categoryLimit(rows: Int) -> Int { min(categoryLimit, max(50, rows / 20)) }
}
