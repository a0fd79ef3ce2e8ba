import Basics

/// A table that grows by pieces with the same columns, as `TableChunks` yields them, without being copied each time.
public struct TableAppender: Sendable {
  private var columns: [Column] = []

  /// No rows.
  public init() {}

  /// The rows so far.
  public var rowCount: Int { columns.first?.count ?? 0 }

  /// Adds the rows of a piece.
  ///
  /// - Throws: a `schema` error if its columns are not those of the first piece.
  public mutating func append(_ piece: Table) throws {
    if columns.isEmpty {
      columns = piece.columns
      return
    }
    guard piece.columns.count == columns.count else {
      throw AssayError(
        .schema, "a piece has \(piece.columns.count) columns, the first has \(columns.count)",
        remedy: "read the source again: it was changed meanwhile")
    }
    for position in columns.indices { try append(piece.columns[position], at: position) }
  }

  /// The rows added so far.
  ///
  /// - Throws: a `schema` error if two columns share a name.
  public func table() throws -> Table { try Table(columns) }

  private mutating func append(_ piece: Column, at position: Int) throws {
    switch (take(position), piece.values) {
    case (.integer(var all), .integer(let more)):
      all.append(contentsOf: more)
      columns[position].values = .integer(all)
    case (.dateTime(var all), .dateTime(let more)):
      all.append(contentsOf: more)
      columns[position].values = .dateTime(all)
    case (.float(var all), .float(let more)):
      all.append(contentsOf: more)
      columns[position].values = .float(all)
    case (.single(var all), .single(let more)):
      all.append(contentsOf: more)
      columns[position].values = .single(all)
    case (.boolean(var all), .boolean(let more)):
      all.append(contentsOf: more)
      columns[position].values = .boolean(all)
    case (.text(var all), .text(let more)):
      all.append(contentsOf: more)
      columns[position].values = .text(all)
    case (.category(var all), .category(let more)):
      guard more.levels.starts(with: all.levels) else { throw changed(piece) }
      all.codes.append(contentsOf: more.codes)
      all.levels = more.levels
      columns[position].values = .category(all)
    default: throw changed(piece)
    }
  }

  /// The values of a column, leaving nothing behind, so that adding to them copies nothing.
  private mutating func take(_ position: Int) -> ColumnValues {
    defer { columns[position].values = .boolean([]) }
    return columns[position].values
  }

  private func changed(_ piece: Column) -> AssayError {
    AssayError(
      .schema, "the column \"\(piece.name)\" is of another kind in a later piece",
      remedy: "read the source again: it was changed meanwhile")
  }
}
