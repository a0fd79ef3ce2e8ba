import Basics
import CNative
import Kernels

/// The result of a query, fetched piece by piece: never more than a piece is in memory.
final class QueryChunks {
  /// The names of the columns.
  let names: [String]
  private let connection: DuckDBConnection
  private let functions: assay_duckdb
  private let threads: Int
  private let types: [VectorType]
  private let columns: [ColumnAccumulator]
  private let options: ReadOptions
  private var statement: assay_duckdb_statement?
  private var result = assay_duckdb_result()
  private var isAtEnd = false

  /// The chunks that are converted together: 64 of 2,048 rows.
  private static let batchSize = 64

  /// Starts a query.
  init(database: DuckDB, sql: String, options: ReadOptions, threads: Int) throws {
    self.options = options
    self.threads = threads
    let functions = database.functions
    self.functions = functions
    connection = try DuckDBConnection(database)
    let prepared = try QueryChunks.prepare(sql, connection, functions)
    statement = prepared.statement
    names = prepared.names
    types = prepared.types
    columns = names.indices.map { column in
      let isText = prepared.types[column].task == .coded
      let demanded = isText ? options.kinds[prepared.names[column]] : nil
      return ColumnAccumulator(
        task: demanded == .text ? .text : prepared.types[column].task,
        demanded: demanded == .text || demanded == .category
          ? demanded : prepared.enumerations.contains(column) ? .category : nil,
        options: options, expectedRows: 0)
    }
    if functions.execute_streaming(statement, &result) != 0 {
      let error = DuckDB.error(functions.result_error(&result))
      functions.destroy_result(&result)
      functions.destroy_prepare(&statement)
      throw error
    }
  }

  deinit {
    functions.destroy_result(&result)
    functions.destroy_prepare(&statement)
  }

  /// The next rows as a table; nil at the end.
  ///
  /// - Parameter isWhole: whether these are all rows, so that a result without rows is a table.
  func table(rows wanted: Int, isWhole: Bool) throws -> Table? {
    var rowCount = 0
    while rowCount < wanted, !isAtEnd {
      var batch = try fetch(chunks: min(QueryChunks.batchSize, (wanted - rowCount - 1) / 2048 + 1))
      defer { for index in batch.indices { functions.destroy_chunk(&batch[index].chunk) } }
      let fetched = batch
      let (functions, types, columns, limit) = (functions, types, columns, options.categoryLimit)
      parallel(columns.count, threads: threads) { column in
        let vectors = fetched.map {
          VectorView(functions.chunk_vector($0.chunk, UInt64(column)), count: $0.count, functions)
        }
        columns[column].append(types[column].values(of: vectors, categoryLimit: limit))
      }
      rowCount += batch.reduce(0) { $0 + $1.count }
    }
    if rowCount == 0, !isWhole { return nil }
    if rowCount > wanted, isWhole { for column in columns { column.removeLast(rowCount - wanted) } }
    let table = try Table(zip(names, columns).map { Column($0, $1.finish(infers: false)) })
    return try table.converting(options.kinds)
  }

  /// Up to that many chunks with rows.
  private func fetch(chunks wanted: Int) throws -> [FetchedChunk] {
    var batch: [FetchedChunk] = []
    while batch.count < wanted {
      guard let chunk = FetchedChunk(functions.fetch_chunk(result), functions) else {
        isAtEnd = true
        let message = functions.result_error(&result)
        if let message, message[0] != 0 {
          for var earlier in batch { functions.destroy_chunk(&earlier.chunk) }
          throw DuckDB.error(message)
        }
        break
      }
      batch.append(chunk)
    }
    return batch
  }

  /// A statement ready to run.
  private struct Prepared {
    var statement: assay_duckdb_statement?
    var names: [String] = []
    var types: [VectorType] = []
    /// The columns that are enumerations in the query as it was asked.
    var enumerations: Set<Int> = []
  }

  /// The query, changed so that all columns have types that are read directly.
  private static func prepare(
    _ sql: String, _ connection: DuckDBConnection, _ functions: assay_duckdb
  ) throws -> Prepared {
    let asked = try prepareOnce(sql, connection, functions)
    if asked.types.allSatisfy({ $0.cast == nil }) { return asked }
    var statement = asked.statement
    functions.destroy_prepare(&statement)
    let list = zip(asked.names, asked.types).map { name, type in
      let quoted = quotedName(name)
      return type.cast.map { "\($0(quoted)) AS \(quoted)" } ?? quoted
    }
    var inner = Substring(sql)
    while let last = inner.last, last.isWhitespace || last == ";" { inner = inner.dropLast() }
    var changed = try prepareOnce("SELECT \(list.joined(separator: ", ")) FROM (\(inner)\n)", connection, functions)
    changed.enumerations = Set(asked.types.indices.filter { asked.types[$0].isEnumeration })
    return changed
  }

  private static func prepareOnce(
    _ sql: String, _ connection: DuckDBConnection, _ functions: assay_duckdb
  ) throws -> Prepared {
    var prepared = Prepared()
    if functions.prepare(connection.handle, sql, &prepared.statement) != 0 {
      defer { functions.destroy_prepare(&prepared.statement) }
      throw DuckDB.error(functions.prepare_error(prepared.statement))
    }
    for column in 0..<functions.statement_column_count(prepared.statement) {
      let name = functions.statement_column_name(prepared.statement, column)
      prepared.names.append(name.map { String(cString: $0) } ?? "c\(column + 1)")
      var type = functions.statement_column_type(prepared.statement, column)
      prepared.types.append(VectorType(type, functions))
      functions.destroy_type(&type)
    }
    return prepared
  }
}

/// A chunk of a result with its number of rows; whoever fetched it destroys it.
struct FetchedChunk: @unchecked Sendable {
  var chunk: assay_duckdb_chunk?
  let count: Int

  init?(_ chunk: assay_duckdb_chunk?, _ functions: assay_duckdb) {
    guard let chunk else { return nil }
    self.chunk = chunk
    count = Int(functions.chunk_size(chunk))
  }
}

/// A name as SQL spells it.
func quotedName(_ name: String) -> String {
  "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}

/// A text as SQL spells it.
func quotedText(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}
