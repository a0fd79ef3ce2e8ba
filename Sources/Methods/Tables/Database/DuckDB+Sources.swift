import Basics
import Foundation
import Glibc

extension TableReader {
  /// The table function of DuckDB that reads files of a format of its own.
  static func relation(_ paths: [String], format: SourceFormat) -> String {
    // Brackets and stars in the names themselves must not be taken for patterns.
    let escaped = paths.map { path in
      quotedText(path.map { "*?[".contains($0) ? "[\($0)]" : String($0) }.joined())
    }
    let list = "[\(escaped.joined(separator: ", "))]"
    return format == .json
      ? "read_json(\(list), union_by_name = true, sample_size = -1, maximum_object_size = 268435456)"
      : "read_parquet(\(list), union_by_name = true)"
  }
}

extension DuckDB {
  /// Makes a source visible to SQL under a name: Parquet and JSON files as they lie on disk, others read into the
  /// database.
  ///
  /// - Parameter byPieces: reads others piece by piece, twice, so that only the database holds them, which writes to
  ///   temporary files what its memory limit has no room for.
  public func define(
    _ name: String, _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1, byPieces: Bool = false
  ) throws {
    if !source.hasPrefix("sql:") {
      let (paths, _) = try TableReader.files(source)
      let format = try TableReader.format(paths)
      if format == .json || format == .parquet {
        return try DuckDB.placing(source) {
          try execute(
            "CREATE OR REPLACE VIEW \(quotedName(name)) AS SELECT * FROM \(TableReader.relation(paths, format: format))"
          )
        }
      }
    }
    guard byPieces else {
      return try register(TableReader.read(source, options: options, threads: threads), as: name)
    }
    let chunks = try TableReader.chunks(source, options: options, threads: threads)
    var isFirst = true
    while let piece = try chunks.next() {
      if isFirst { try register(piece, as: name) } else { try append(piece, to: name) }
      isFirst = false
    }
  }

  /// Runs the body; its errors name the source and speak of files rather than of SQL.
  static func placing<Value>(_ source: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as AssayError where error.place.isEmpty || error.place == "SQL" {
      func speaks(of words: String...) -> Bool { words.contains { error.problem.contains($0) } }
      if speaks(of: "magic bytes", "Parquet", "parquet", "TProtocolException") {
        throw AssayError(
          .format, "the Parquet file is damaged or cut short (\(error.problem))", at: source,
          remedy: "copy or write it again")
      }
      if speaks(of: "GZIP", "gzip", "ZSTD", "zstd", "miniz") {
        throw AssayError(
          .format, "the compressed data are damaged or cut short (\(error.problem))", at: source,
          remedy: "copy or compress the file again")
      }
      if speaks(of: "JSON"), let line = try JSONLines.firstInvalidLine(source) {
        throw AssayError(
          .format, "the line is not valid JSON", at: "\(source), line \(line)", remedy: "correct the line")
      }
      let kind: AssayError.Kind = error.kind == .configuration ? .format : error.kind
      throw AssayError(kind, error.problem, at: source, remedy: error.remedy)
    }
  }
}

/// Files with one JSON object a line.
private enum JSONLines {
  /// The first line, counted from 1, that is not valid JSON; nil if all are, or the file is one JSON document.
  static func firstInvalidLine(_ path: String) throws -> Int? {
    guard access(path, R_OK) == 0 else { return nil }
    let head = try DialectSniffer.head(of: path)
    guard head.first(where: { $0 != .space && $0 != .newline }) == UInt8(ascii: "{") else { return nil }
    let stream = try TextStream(
      path: path, encoding: .utf8, markLength: 0, dialect: Dialect(delimiter: 0, quote: nil), usesReturns: false,
      blockSize: 1 << 22)
    var number = 0
    while let block = try stream.next() {
      for line in block.bytes[..<block.count].split(separator: .newline, omittingEmptySubsequences: false).dropLast() {
        number += 1
        let isBlank = line.allSatisfy { $0 == .space || $0 == .carriageReturn || $0 == .tab }
        if !isBlank, (try? JSONSerialization.jsonObject(with: Data(line))) == nil { return number }
      }
      if block.bytes[block.count - 1] != .newline { return number + 1 }
    }
    return nil
  }
}
