import Basics
import Glibc

extension TableReader {
  /// What the table of a source takes in memory at most, in bytes, found without looking at its values.
  ///
  /// For text and SQLite files it comes from the files' sizes, for Parquet and queries from the number of rows and the
  /// kinds of the columns. The answer of a query over files is taken to be no larger than what the files hold.
  ///
  /// - Throws: as `read` for a source that cannot be opened.
  public static func largestSize(
    of source: String, options: ReadOptions = ReadOptions(), threads: Int = 1, memoryLimit: Int? = nil
  ) throws -> Int {
    if source.hasPrefix("sql:") {
      let database = try DuckDB(threads: threads, memoryLimit: memoryLimit)
      return try largestSize(ofQuery: String(source.dropFirst(4)), in: database, threads)
    }
    let (paths, _) = try files(source)
    let format = try format(paths)
    switch format {
    case .delimited, .json, .sqlite:
      // The shortest number takes two bytes in the file and eight in memory, an absent one between commas one byte. Text
      // seldom shrinks to less than a tenth.
      return try paths.reduce(0) { sum, path in
        let file = try ByteSource(path: path)
        return sum + file.fileSize * (file.isCompressed ? 80 : 8)
      }
    case .parquet:
      let database = try DuckDB(threads: threads, memoryLimit: memoryLimit)
      return try DuckDB.placing(source) {
        try largestSize(ofQuery: "SELECT * FROM \(relation(paths, format: format))", in: database, threads)
      }
    }
  }

  private static func largestSize(ofQuery query: String, in database: DuckDB, _ threads: Int) throws -> Int {
    var inner = Substring(query)
    while let last = inner.last, last.isWhitespace || last == ";" { inner = inner.dropLast() }
    let counted = try database.query("SELECT count(*) AS n FROM (\(inner)\n)", threads: threads)
    let shape = try database.query("SELECT * FROM (\(inner)\n) LIMIT 0", threads: threads)
    let rows = counted.columns.first?.numbers().first ?? 0
    // Of texts only reading tells the length.
    let width = shape.columns.reduce(0) { $0 + ($1.kind == .text || $1.kind == .category ? 64 : 8) }
    return Int(rows) * width
  }
}
