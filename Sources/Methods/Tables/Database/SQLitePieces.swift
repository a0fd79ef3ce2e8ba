import Basics
import CNative

/// The rows of tables in SQLite files, one file after the other, piece by piece: never more than a piece is in memory.
///
/// SQLite gives each value a type of its own. What kind a column is in all pieces is found first, by a query over the
/// types; columns with texts are texts here, from which the survey of the source finds numbers and dates.
final class SQLitePieces: PieceSource {
  let names: [String]
  /// How the values of each column are stored: the widest of all its rows.
  let stages: [SQLiteColumn.Stage]
  private let tables: [SQLiteTable]
  private let options: ReadOptions
  private let tasks: [Int: FieldTask]
  private var position = 0
  private var cursor: SQLiteCursor?

  /// Opens the files.
  ///
  /// - Parameters:
  ///   - table: the table or view of each file; nil for the only one.
  ///   - tasks: what the texts of a column become; columns without a task stay texts.
  init(paths: [String], table: String?, options: ReadOptions, tasks: [Int: FieldTask] = [:]) throws {
    self.options = options
    self.tasks = tasks
    let tables = try paths.map { try SQLiteTable(path: $0, name: table) }
    let names = tables[0].columns
    if let other = tables.first(where: { $0.columns != names }) {
      throw AssayError(
        .schema, "the table has the columns \(other.columns.joined(separator: ", "))", at: other.database.path,
        remedy: "read only tables with the columns of the first: \(names.joined(separator: ", "))")
    }
    let narrowest = names.map { _ in SQLiteColumn.Stage.integer }
    stages = try tables.map { try $0.stages() }.reduce(narrowest) { zip($0, $1).map { max($0, $1) } }
    self.tables = tables
    self.names = names
  }

  func nextColumns(rows: Int) throws -> [ColumnValues]? {
    var columns = stages.map { SQLiteColumn(stage: $0) }
    var count = 0
    while count < rows, position < tables.count {
      let open = try cursor ?? SQLiteCursor(tables[position].database, tables[position].query)
      cursor = open
      if try open.step() {
        for column in columns.indices { columns[column].append(open, Int32(column)) }
        count += 1
      } else {
        cursor = nil
        position += 1
      }
    }
    guard count > 0 else { return nil }
    return try columns.enumerated().map { position, column in
      let name = names[position]
      let values = Column(name, column.values(options, task: tasks[position]))
      return try (options.kinds[name].map(values.converted) ?? values).values
    }
  }
}

extension SQLiteTable {
  /// How wide the values of each column are.
  fileprivate func stages() throws -> [SQLiteColumn.Stage] {
    let tests = columns.flatMap { name in
      let column = quotedName(name)
      // The least integer stands for a missing value in a column of integers.
      return [
        "max(typeof(\(column)) IN ('text', 'blob'))",
        "max(typeof(\(column)) = 'real' OR \(column) = -9223372036854775808)",
      ]
    }
    let cursor = try SQLiteCursor(database, "SELECT \(tests.joined(separator: ", ")) FROM \(quotedName(name))")
    guard try cursor.step() else { return columns.map { _ in .integer } }
    return columns.indices.map { column in
      if cursor.integer(Int32(2 * column)) == 1 { return .text }
      return cursor.integer(Int32(2 * column + 1)) == 1 ? .float : .integer
    }
  }
}
