import Basics
import CNative

/// Reads a table of an SQLite file through the system's SQLite library.
enum SQLiteReader {
  private static let library = Result<assay_sqlite, AssayError> { () throws(AssayError) in
    var functions = assay_sqlite()
    try NativeLibrary.resolve(["libsqlite3.so.0", "libsqlite3.so"], package: "libsqlite3-0") {
      assay_resolve_sqlite($0, &functions)
    }
    return functions
  }

  /// The rows of a table in the order in which SQLite stores them.
  ///
  /// SQLite gives each value a type of its own: a column is `integer` or `float` where all its values are numbers,
  /// else text, in which numbers and dates are found as in text files.
  ///
  /// - Parameter table: the table or view; nil for the only one.
  static func read(path: String, table: String?, options: ReadOptions) throws -> Table {
    let functions = try library.get()
    var database: assay_sqlite_database?
    let opened = functions.open(path, &database, Int32(ASSAY_SQLITE_OPEN_READ_ONLY), nil)
    defer { _ = functions.close(database) }
    let reader = SQLiteDatabase(path: path, functions: functions, handle: database)
    guard opened == 0 else { throw reader.error() }
    let names = try reader.tableNames()
    let remedy = "name one of its tables: \(path)::\(names.first ?? "TABLE")"
    if let table, !names.contains(table) {
      throw AssayError(
        .schema, "there is no table \"\(table)\"", at: path,
        remedy: "there are: \(names.joined(separator: ", "))")
    }
    guard let chosen = table ?? (names.count == 1 ? names[0] : nil) else {
      throw AssayError(
        .configuration,
        names.isEmpty
          ? "the file has no tables" : "the file has \(names.count) tables: \(names.joined(separator: ", "))",
        at: path, remedy: names.isEmpty ? "" : remedy)
    }
    return try reader.rows("SELECT * FROM \(quotedName(chosen))", options)
  }
}

/// An open SQLite file.
private struct SQLiteDatabase {
  let path: String
  let functions: assay_sqlite
  let handle: assay_sqlite_database?

  func error() -> AssayError {
    AssayError(
      .format, "SQLite cannot read the file: \(functions.error(handle).map { String(cString: $0) } ?? "")", at: path,
      remedy: "check that it is a complete SQLite file")
  }

  func tableNames() throws -> [String] {
    let found = try rows(
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name",
      ReadOptions(kinds: ["name": .text]))
    return (0..<found.rowCount).compactMap { found.columns[0].text(at: $0) }
  }

  func rows(_ sql: String, _ options: ReadOptions) throws -> Table {
    var statement: assay_sqlite_statement?
    guard functions.prepare(handle, sql, -1, &statement, nil) == 0 else { throw error() }
    defer { _ = functions.finalize(statement) }
    let count = functions.column_count(statement)
    var columns = (0..<count).map { _ in SQLiteColumn() }
    var rowCount = 0
    while rowCount < options.rowLimit ?? .max {
      let state = functions.step(statement)
      if state == ASSAY_SQLITE_DONE { break }
      guard state == ASSAY_SQLITE_ROW else { throw error() }
      for column in 0..<count { columns[Int(column)].append(functions, statement, column) }
      rowCount += 1
    }
    return try Table(
      (0..<count).map { column in
        let name = functions.column_name(statement, column).map { String(cString: $0) } ?? "c\(column + 1)"
        return try columns[Int(column)].column(name, options)
      })
  }
}

/// The values of a column: numbers as long as all are.
private struct SQLiteColumn {
  private var integers: [Int64] = []
  private var floats: [Double] = []
  private var texts = TextValues()
  private var stage = Stage.integer

  private enum Stage { case integer, float, text }

  mutating func append(_ functions: assay_sqlite, _ statement: assay_sqlite_statement?, _ column: Int32) {
    let type = functions.column_type(statement, column)
    let isMissing = type == ASSAY_SQLITE_NULL
    let integer = type == ASSAY_SQLITE_INTEGER ? functions.column_integer(statement, column) : Column.missingInteger
    if stage == .integer, !isMissing, integer == Column.missingInteger { widen(to: .float) }
    if stage == .float, !isMissing, type != ASSAY_SQLITE_INTEGER, type != ASSAY_SQLITE_FLOAT { widen(to: .text) }
    switch stage {
    case .integer: integers.append(integer)
    case .float: floats.append(isMissing ? .nan : functions.column_float(statement, column))
    case .text:
      let bytes = functions.column_text(statement, column)
      if isMissing {
        texts.append(nil)
      } else {
        let length = Int(functions.column_length(statement, column))
        texts.append(utf8: UnsafeBufferPointer(start: bytes, count: length))
      }
    }
  }

  private mutating func widen(to next: Stage) {
    if next == .float {
      floats = integers.map { $0 == Column.missingInteger ? .nan : Double($0) }
      integers = []
    } else {
      let numbers = Column("", .float(floats))
      texts = TextValues(
        (0..<floats.count).map { row in
          floats[row] == floats[row].rounded() && abs(floats[row]) < 0x1p53
            ? String(Int64(floats[row])) : numbers.text(at: row)
        })
      floats = []
    }
    stage = next
  }

  func column(_ name: String, _ options: ReadOptions) throws -> Column {
    let demanded = options.kinds[name]
    let found: ColumnValues
    switch stage {
    case .integer: found = .integer(integers)
    case .float: found = options.precision == .single ? .single(floats.map(Float.init)) : .float(floats)
    case .text:
      if demanded == nil, let inferred = KindInference.values(texts, options) {
        found = inferred
      } else {
        let categories = CategoryValues(texts: texts)
        let isCategory = demanded == nil && categories.levels.count <= options.categoryLimit(rows: texts.count)
        found = isCategory ? .category(categories) : .text(texts)
      }
    }
    let column = Column(name, found)
    return try demanded.map(column.converted) ?? column
  }
}
