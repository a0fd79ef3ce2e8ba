import Basics
import CNative

/// An open SQLite file, read through the system's SQLite library.
final class SQLiteDatabase {
  let path: String
  fileprivate let functions: assay_sqlite
  fileprivate let handle: assay_sqlite_database?

  private static let library = Result<assay_sqlite, AssayError> { () throws(AssayError) in
    var functions = assay_sqlite()
    try NativeLibrary.resolve(["libsqlite3.so.0", "libsqlite3.so"], package: "libsqlite3-0") {
      assay_resolve_sqlite($0, &functions)
    }
    return functions
  }

  /// Opens a file for reading.
  init(path: String) throws {
    self.path = path
    functions = try SQLiteDatabase.library.get()
    var opened: assay_sqlite_database?
    let state = functions.open(path, &opened, Int32(ASSAY_SQLITE_OPEN_READ_ONLY), nil)
    handle = opened
    if state != 0 { throw error() }
  }

  deinit { _ = functions.close(handle) }

  fileprivate func error() -> AssayError {
    AssayError(
      .format, "SQLite cannot read the file: \(functions.error(handle).map { String(cString: $0) } ?? "")", at: path,
      remedy: "check that it is a complete SQLite file")
  }

  /// The names of the tables and views.
  fileprivate func tableNames() throws -> [String] {
    let cursor = try SQLiteCursor(
      self, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name")
    var names: [String] = []
    while try cursor.step() { names.append(String(decoding: cursor.text(0), as: UTF8.self)) }
    return names
  }
}

/// The rows of a query, one at a time.
final class SQLiteCursor {
  private let database: SQLiteDatabase
  private let functions: assay_sqlite
  private var statement: assay_sqlite_statement?
  /// The names of the columns.
  let names: [String]

  /// Starts a query.
  init(_ database: SQLiteDatabase, _ sql: String) throws {
    self.database = database
    functions = database.functions
    guard functions.prepare(database.handle, sql, -1, &statement, nil) == 0 else {
      names = []
      throw database.error()
    }
    let (functions, statement) = (functions, statement)
    names = (0..<functions.column_count(statement)).map { column in
      functions.column_name(statement, column).map { String(cString: $0) } ?? "c\(column + 1)"
    }
  }

  deinit { _ = functions.finalize(statement) }

  /// Goes to the next row; false at the end.
  func step() throws -> Bool {
    let state = functions.step(statement)
    guard state == ASSAY_SQLITE_ROW || state == ASSAY_SQLITE_DONE else { throw database.error() }
    return state == ASSAY_SQLITE_ROW
  }

  /// The type of the row's value: `ASSAY_SQLITE_INTEGER` and so on.
  func type(_ column: Int32) -> Int { Int(functions.column_type(statement, column)) }

  /// The row's value as an integer.
  func integer(_ column: Int32) -> Int64 { functions.column_integer(statement, column) }

  /// The row's value as a number.
  func float(_ column: Int32) -> Double { functions.column_float(statement, column) }

  /// The row's value as text; valid until the next step.
  func text(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    let bytes = functions.column_text(statement, column)
    return UnsafeBufferPointer(start: bytes, count: Int(functions.column_length(statement, column)))
  }
}

/// A table or view of an SQLite file.
struct SQLiteTable {
  let database: SQLiteDatabase
  let name: String
  let columns: [String]

  /// All rows, in the order in which SQLite stores them.
  var query: String { "SELECT * FROM \(quotedName(name))" }

  /// Finds a table.
  ///
  /// - Parameter name: the table or view; nil for the only one.
  init(path: String, name: String?) throws {
    database = try SQLiteDatabase(path: path)
    let names = try database.tableNames()
    if let name, !names.contains(name) {
      throw AssayError(
        .schema, "there is no table \"\(name)\"", at: path, remedy: "there are: \(names.joined(separator: ", "))")
    }
    guard let chosen = name ?? (names.count == 1 ? names[0] : nil) else {
      throw AssayError(
        .configuration,
        names.isEmpty
          ? "the file has no tables" : "the file has \(names.count) tables: \(names.joined(separator: ", "))",
        at: path, remedy: names.isEmpty ? "" : "name one of its tables: \(path)::\(names[0])")
    }
    self.name = chosen
    columns = try SQLiteCursor(database, "SELECT * FROM \(quotedName(chosen))").names
  }
}
