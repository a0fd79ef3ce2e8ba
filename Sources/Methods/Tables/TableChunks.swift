import Basics

/// A source read piece by piece, in memory that does not grow with it.
///
/// The source is read twice: first to find the kinds and levels of all columns, then for the pieces, which all have
/// the same kinds, and the same levels with the same codes.
///
/// ```swift
/// let chunks = try TableReader.chunks("big/*.csv", threads: 2)
/// while let table = try chunks.next() { use(table) }
/// ```
public final class TableChunks {
  /// The columns of every piece.
  public let schema: Schema
  /// The rows of all pieces together.
  public let rowCount: Int
  private let rows: Int
  private let precision: ReadOptions.Precision
  private let pieces: any PieceSource
  private let dates: [DateReading?]

  init(_ survey: SourceSurvey, rows: Int) throws {
    self.rows = max(1, rows)
    precision = survey.options.precision
    rowCount = survey.rowCount
    schema = survey.schema
    dates = survey.dates
    pieces = try survey.open()
  }

  /// The next rows, in the order of the source; nil at the end.
  ///
  /// - Throws: a `file` or `format` error, for example if the source was changed since it was first read.
  public func next() throws -> Table? {
    guard let values = try pieces.nextColumns(rows: rows) else { return nil }
    let columns = try zip(schema.fields, values).enumerated().map { position, pair in
      let (field, values) = pair
      var column = Column(field.name, values)
      // A piece alone may look otherwise: whole numbers in a float column, or no value at all.
      if field.kind != .category, column.kind != field.kind {
        column = try column.converted(to: field.kind)
        if case .float(let values) = column.values, precision == .single {
          column.values = .single(values.map(Float.init))
        }
      }
      column.dates = dates[position]
      return column
    }
    return try Table(columns).conforming(to: schema)
  }
}

extension TableReader {
  /// Opens a source for reading in pieces of at least `rows` rows (the last may have fewer).
  ///
  /// - Throws: as `read`; all values are looked at before the first piece comes.
  public static func chunks(
    _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1, rows: Int = 100_000
  ) throws -> TableChunks {
    try survey(source, options: options, threads: threads).chunks(rows: rows)
  }
}

/// Something that yields the values of all columns piece by piece.
protocol PieceSource: AnyObject {
  /// The names of the columns.
  var names: [String] { get }
  /// The values of the next rows, at least that many unless the end comes before; nil at the end.
  func nextColumns(rows: Int) throws -> [ColumnValues]?
}

extension DelimitedReader: PieceSource {
  func nextColumns(rows: Int) throws -> [ColumnValues]? {
    try collect(rows: rows)
    return rowCount == 0 ? nil : takeValues(infers: false)
  }
}

extension QueryChunks: PieceSource {
  func nextColumns(rows: Int) throws -> [ColumnValues]? {
    try table(rows: rows, isWhole: false)?.columns.map(\.values)
  }
}
