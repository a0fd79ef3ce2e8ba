import Basics
import Glibc

/// Reads tables from files and queries.
///
/// A source is
/// - a path, or a pattern such as `data/*.csv` that names several files with the same columns: delimited text
///   (delimiter, quotes, encoding, header and kinds found out), JSON, JSON lines (both also compressed by gzip or
///   Zstandard) or Parquet,
/// - the path of an SQLite file, with `::TABLE` behind it where there are several tables,
/// - or `sql:` and a query of DuckDB's SQL, which can name files: `sql:SELECT * FROM 'a.parquet' WHERE x > 1`.
public enum TableReader {
  /// Reads a table into memory; the order of the rows is that of the source.
  ///
  /// The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - source: what to read.
  ///   - options: how to read it; the defaults find everything out.
  ///   - threads: at most this many threads work.
  /// - Throws: `file`, `format`, `schema` or `data` errors with file, line and column.
  public static func read(
    _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1
  ) throws -> Table {
    if let sql = options.sql {
      var plain = options
      plain.sql = nil
      plain.rowLimit = nil
      plain.kinds = [:]
      let database = try DuckDB(threads: threads)
      try database.define("data", source, options: plain, threads: threads)
      return try database.query(sql, options: options, threads: threads)
    }
    if source.hasPrefix("sql:") {
      return try DuckDB(threads: threads).query(String(source.dropFirst(4)), options: options, threads: threads)
    }
    let table = try readFiles(source, options, threads)
    if table.rowCount == 0 { throw AssayError(.data, "there are no rows", at: source, remedy: "name data with rows") }
    return table
  }

  private static func readFiles(_ source: String, _ options: ReadOptions, _ threads: Int) throws -> Table {
    let (paths, part) = try files(source)
    let format = try format(paths)
    switch format {
    case .delimited: return try DelimitedReader.read(paths: paths, options: options, threads: threads)
    case .sqlite:
      let tables = try paths.map { try SQLiteReader.read(path: $0, table: part, options: options) }
      return try tables.dropFirst().reduce(tables[0]) { try $0.appending($1) }
    case .json, .parquet:
      let database = try DuckDB(threads: threads)
      return try DuckDB.placing(source) {
        try database.query(
          "SELECT * FROM \(relation(paths, format: format))", options: options, threads: threads)
      }
    }
  }

  /// The common format of files.
  static func format(_ paths: [String]) throws -> SourceFormat {
    let formats = try paths.map { try SourceFormat(path: $0) }
    if let other = formats.firstIndex(where: { $0 != formats[0] }) {
      throw AssayError(
        .format, "this file has another format than \(paths[0])", at: paths[other],
        remedy: "read only files of one format together")
    }
    return formats[0]
  }

  /// The files that a path or pattern names, in the order of their names, and the table after `::`.
  static func files(_ source: String) throws -> (paths: [String], part: String?) {
    if access(source, F_OK) == 0 { return ([source], nil) }
    var path = source
    var part: String?
    if let separator = source.range(of: "::") {
      path = String(source[..<separator.lowerBound])
      part = String(source[separator.upperBound...])
    }
    guard access(path, F_OK) != 0, path.contains(where: { "*?[".contains($0) }) else { return ([path], part) }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(path, 0, nil, &found) == 0, let names = found.gl_pathv else {
      throw AssayError(.file, "no file matches this pattern", at: path)
    }
    return ((0..<Int(found.gl_pathc)).compactMap { names[$0].map { String(cString: $0) } }, part)
  }
}
