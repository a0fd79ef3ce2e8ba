import Basics
import CNative
import Foundation

/// A DuckDB database in memory: SQL over files and tables.
///
/// Extensions are never fetched from the network, and nothing is written to the home folder. Every statement has a
/// connection of its own, so threads may share a database.
///
/// ```swift
/// let database = try DuckDB(threads: 2)
/// try database.register(table, as: "sales")
/// let totals = try database.query("SELECT city, sum(amount) AS total FROM sales GROUP BY city ORDER BY city")
/// ```
public final class DuckDB: Sendable {
  let functions: assay_duckdb
  private nonisolated(unsafe) let database: assay_duckdb_database?

  /// Opens an empty database.
  ///
  /// - Parameters:
  ///   - threads: the threads that a query may use.
  ///   - memoryLimit: the bytes that DuckDB may use before it writes to temporary files; by default 60 % of the
  ///     machine's memory.
  /// - Throws: a `resource` error if DuckDB's library is not there.
  public init(threads: Int = 1, memoryLimit: Int? = nil) throws {
    let functions = try DuckDBLibrary.functions()
    self.functions = functions
    let limit = memoryLimit ?? Int(Double(ProcessInfo.processInfo.physicalMemory) * 0.6)
    let settings = [
      ("threads", "\(max(1, threads))"), ("memory_limit", "\(max(limit, 64 << 20) >> 10)KiB"),
      ("autoinstall_known_extensions", "false"), ("autoload_known_extensions", "false"),
      ("allow_persistent_secrets", "false"), ("preserve_insertion_order", "true"),
      ("temp_directory", NSTemporaryDirectory() + "assay-duckdb-\(getpid())"),
    ]
    var config: assay_duckdb_config?
    var opened: assay_duckdb_database?
    guard functions.create_config(&config) == 0 else {
      throw AssayError(.resource, "DuckDB cannot be configured")
    }
    defer { functions.destroy_config(&config) }
    for (name, value) in settings where functions.set_config(config, name, value) != 0 {
      throw AssayError(.resource, "DuckDB does not know the setting \(name)", remedy: "run make setup")
    }
    var message: UnsafeMutablePointer<CChar>?
    guard functions.open(nil, &opened, config, &message) == 0 else {
      let reason = message.map { String(cString: $0) } ?? "unknown reason"
      functions.free(message)
      throw AssayError(.resource, "DuckDB cannot be started: \(reason)")
    }
    database = opened
  }

  deinit {
    var handle = database
    functions.close(&handle)
  }

  /// Runs statements that return nothing of interest.
  ///
  /// - Throws: an error with DuckDB's words.
  public func execute(_ sql: String) throws {
    let connection = try DuckDBConnection(self)
    var result = assay_duckdb_result()
    defer { functions.destroy_result(&result) }
    if functions.query(connection.handle, sql, &result) != 0 {
      throw DuckDB.error(functions.result_error(&result))
    }
  }

  /// The result of one query as a table.
  ///
  /// Integers of any width become `integer` (beyond 64 bits `float`), decimals `float`, dates and timestamps
  /// `dateTime`, texts `category` or `text` by the rule of the options, everything else text; nested values as JSON.
  public func query(_ sql: String, options: ReadOptions = ReadOptions(), threads: Int = 1) throws -> Table {
    let chunks = try QueryChunks(database: self, sql: sql, options: options, threads: threads)
    return try chunks.table(rows: options.rowLimit ?? .max, isWhole: true)
      ?? Table(chunks.names.map { Column($0, .float([])) })
  }

  /// A connection to the database.
  fileprivate func connect() throws -> assay_duckdb_connection? {
    var connection: assay_duckdb_connection?
    guard functions.connect(database, &connection) == 0 else {
      throw AssayError(.resource, "DuckDB opens no further connection")
    }
    return connection
  }

  /// DuckDB's words as an error: the first lines, without advice on its own options.
  static func error(_ message: UnsafePointer<CChar>?) -> AssayError {
    let words = message.map { String(cString: $0) } ?? "DuckDB gave no reason"
    let lines = words.split(separator: "\n", omittingEmptySubsequences: false)
    var first = lines.prefix { !$0.isEmpty && !$0.hasPrefix("Possible") }.joined(separator: " ")
    if let family = first.range(of: " Error: ") { first = String(first[family.upperBound...]) }
    func isOne(of families: String...) -> Bool { families.contains { words.hasPrefix($0) } }
    if isOne(of: "IO Error") { return AssayError(.file, first) }
    if isOne(of: "Out of Memory") { return AssayError(.resource, first, remedy: "use a machine with more memory") }
    if isOne(of: "Parser Error", "Binder Error", "Catalog Error", "Syntax Error") {
      return AssayError(.configuration, first, at: "SQL", remedy: "correct the query")
    }
    if isOne(of: "INTERRUPT") { return AssayError(.cancelled, "the query was interrupted") }
    return AssayError(.format, first)
  }
}

/// A connection, closed when nobody holds it any more.
final class DuckDBConnection {
  let handle: assay_duckdb_connection?
  private let database: DuckDB

  init(_ database: DuckDB) throws {
    self.database = database
    handle = try database.connect()
  }

  deinit {
    var handle = handle
    database.functions.disconnect(&handle)
  }
}
