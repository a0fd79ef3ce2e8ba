import Basics
import Foundation
import Glibc

/// Writes tables to files, whole or piece by piece.
///
/// The format is that of the name: `.csv`, `.tsv`, `.parquet`, `.json` or `.jsonl`; the text formats also with `.gz`
/// or `.zst` behind. The file appears under its name only when it is complete.
///
/// ```swift
/// try TableWriter.write(table, to: "scores.csv")
/// ```
public final class TableWriter {
  private let path: String
  private let database: DuckDB
  private let copyOptions: String
  private var hasTable = false

  /// Starts a file.
  ///
  /// - Throws: a `configuration` error if the name shows no known format, a `file` error if the folder is not there.
  public init(path: String, threads: Int = 1) throws {
    self.path = path
    copyOptions = try TableWriter.copyOptions(path)
    database = try DuckDB(threads: threads)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory), isDirectory.boolValue else {
      throw AssayError(.file, "there is no folder \(folder)", at: path, remedy: "create it first")
    }
    if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
      throw AssayError(.file, "this is a directory", at: path, remedy: "name a file")
    }
  }

  /// Writes a whole table.
  public static func write(_ table: Table, to path: String, threads: Int = 1) throws {
    let writer = try TableWriter(path: path, threads: threads)
    try writer.append(table)
    try writer.finish()
  }

  /// Adds rows; every piece must have the columns of the first.
  public func append(_ table: Table) throws {
    if hasTable {
      try database.append(table, to: TableWriter.name)
    } else {
      try database.register(table, as: TableWriter.name)
      hasTable = true
    }
  }

  /// Writes what was added and gives the file its name; on an error nothing is left behind.
  public func finish() throws {
    guard hasTable else { throw AssayError(.data, "there are no rows to write", at: path) }
    let temporary = path + ".part-\(getpid())"
    do {
      try database.execute("COPY \(TableWriter.name) TO \(quotedText(temporary)) (\(copyOptions))")
    } catch let error as AssayError {
      unlink(temporary)
      throw AssayError(
        .file, "the file cannot be written: \(error.problem)", at: path,
        remedy: "check the free space and the permissions of the folder")
    }
    if rename(temporary, path) != 0 {
      let reason = String(cString: strerror(errno))
      unlink(temporary)
      throw AssayError(.file, "the file cannot be given its name: \(reason)", at: path)
    }
  }

  private static let name = "rows_to_write"

  private static func copyOptions(_ path: String) throws -> String {
    var extensions =
      path.lowercased().split(separator: "/").last?.split(separator: ".").dropFirst().map(String.init)
      ?? []
    var compression = ""
    if let last = extensions.last, let name = ["gz": "gzip", "zst": "zstd"][last] {
      compression = ", COMPRESSION \(name)"
      extensions.removeLast()
    }
    switch extensions.last {
    case "csv": return "FORMAT csv, HEADER true, DELIMITER ','\(compression)"
    case "tsv", "txt": return "FORMAT csv, HEADER true, DELIMITER '\t'\(compression)"
    case "jsonl", "ndjson": return "FORMAT json\(compression)"
    case "json": return "FORMAT json, ARRAY true\(compression)"
    case "parquet" where compression.isEmpty: return "FORMAT parquet, COMPRESSION zstd"
    default:
      throw AssayError(
        .configuration, "the name of the file does not show a format that can be written", at: path,
        remedy: "use .csv, .tsv, .parquet, .json or .jsonl, the text formats also with .gz or .zst behind")
    }
  }
}
