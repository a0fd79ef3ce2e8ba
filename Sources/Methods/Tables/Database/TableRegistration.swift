import Basics
import CNative

extension DuckDB {
  /// Makes a table visible to SQL under a name, replacing an earlier one; the values are copied.
  ///
  /// Categories and texts are VARCHAR there, date-times TIMESTAMP in UTC.
  public func register(_ table: Table, as name: String) throws {
    let definitions = table.columns.map { "\(quotedName($0.name)) \($0.databaseType.name)" }
    guard !definitions.isEmpty else { throw AssayError(.schema, "a table without columns cannot be queried") }
    try execute("CREATE OR REPLACE TABLE \(quotedName(name)) (\(definitions.joined(separator: ", ")))")
    try append(table, to: name)
  }

  /// Adds the rows of a table to a registered one with the same columns.
  func append(_ table: Table, to name: String) throws {
    let connection = try DuckDBConnection(self)
    var appender: assay_duckdb_appender?
    let created = functions.create_appender(connection.handle, nil, name, &appender)
    defer { _ = functions.destroy_appender(&appender) }
    guard created == 0 else { throw DuckDB.error(functions.appender_error(appender)) }
    var types = table.columns.map { functions.create_type(Int32($0.databaseType.number)) }
    defer { for index in types.indices { functions.destroy_type(&types[index]) } }
    var chunk = functions.create_chunk(&types, UInt64(types.count))
    defer { functions.destroy_chunk(&chunk) }
    for start in stride(from: 0, to: table.rowCount, by: DuckDB.chunkRows) {
      let rows = start..<min(start + DuckDB.chunkRows, table.rowCount)
      functions.reset_chunk(chunk)
      for (position, column) in table.columns.enumerated() {
        fill(functions.chunk_vector(chunk, UInt64(position)), from: column, rows: rows)
      }
      functions.set_chunk_size(chunk, UInt64(rows.count))
      guard functions.append_chunk(appender, chunk) == 0 else {
        throw DuckDB.error(functions.appender_error(appender))
      }
    }
    guard functions.close_appender(appender) == 0 else { throw DuckDB.error(functions.appender_error(appender)) }
  }

  /// The rows of a chunk.
  private static let chunkRows = 2048

  private func fill(_ vector: assay_duckdb_vector?, from column: Column, rows: Range<Int>) {
    switch column.values {
    case .integer(let values): copy(values, rows, to: vector)
    case .dateTime(let values): copy(values, rows, to: vector)
    case .float(let values): copy(values, rows, to: vector)
    case .single(let values): copy(values, rows, to: vector)
    case .boolean(let values): copy(values, rows, to: vector)
    case .category(let values):
      for row in rows where values.codes[row] >= 0 {
        assign(Array(values.levels[Int(values.codes[row])].utf8), to: vector, at: row - rows.lowerBound)
      }
    case .text(let values):
      for row in rows where !values.isMissing(row) {
        assign(values.utf8(row), to: vector, at: row - rows.lowerBound)
      }
    }
    markMissing(column, rows, in: vector)
  }

  private func copy<Value>(_ values: [Value], _ rows: Range<Int>, to vector: assay_duckdb_vector?) {
    values.withUnsafeBufferPointer { buffer in
      functions.vector_data(vector)?.copyMemory(
        from: buffer.baseAddress! + rows.lowerBound, byteCount: rows.count * MemoryLayout<Value>.stride)
    }
  }

  private func assign(_ text: some Collection<UInt8>, to vector: assay_duckdb_vector?, at row: Int) {
    let assigned: Void? = text.withContiguousStorageIfAvailable { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        functions.assign_text(vector, UInt64(row), $0.baseAddress, UInt64($0.count))
      }
    }
    precondition(assigned != nil, "DuckDB.assign: the bytes are not contiguous")
  }

  private func markMissing(_ column: Column, _ rows: Range<Int>, in vector: assay_duckdb_vector?) {
    var validity: UnsafeMutablePointer<UInt64>?
    for row in rows where column.isMissing(row) {
      if validity == nil {
        functions.make_validity(vector)
        validity = functions.vector_validity(vector)
      }
      let position = row - rows.lowerBound
      validity?[position >> 6] &= ~(1 << UInt64(position & 63))
    }
  }
}

extension Column {
  /// DuckDB's type for the values.
  fileprivate var databaseType: (number: Int, name: String) {
    switch values {
    case .integer: (Int(ASSAY_DUCKDB_BIGINT), "BIGINT")
    case .float: (Int(ASSAY_DUCKDB_DOUBLE), "DOUBLE")
    case .single: (Int(ASSAY_DUCKDB_FLOAT), "FLOAT")
    case .boolean: (Int(ASSAY_DUCKDB_BOOLEAN), "BOOLEAN")
    case .text, .category: (Int(ASSAY_DUCKDB_VARCHAR), "VARCHAR")
    case .dateTime: (Int(ASSAY_DUCKDB_TIMESTAMP), "TIMESTAMP")
    }
  }
}
