import Basics
import Glibc

/// The format of a file, by its first bytes and then by its name.
enum SourceFormat: Equatable {
  case delimited
  case json
  case parquet
  case sqlite

  /// Looks at a file.
  ///
  /// - Throws: a `file` error if it cannot be opened, a `data` error if it is empty.
  init(path: String) throws {
    let source = try ByteSource(path: path)
    var head = [UInt8](repeating: 0, count: 512)
    let count = try head.withUnsafeMutableBufferPointer { try source.read(into: $0) }
    head = Array(head.prefix(count))
    if head.isEmpty {
      throw AssayError(.data, "the file is empty", at: path, remedy: "name a file with a header and rows")
    }
    var extensions = path.lowercased().split(separator: "/").last?.split(separator: ".").map(String.init) ?? []
    if let last = extensions.last, last == "gz" || last == "zst" { extensions.removeLast() }
    let name = extensions.last ?? ""
    if head.starts(with: "PAR1".utf8) {
      self = .parquet
    } else if head.starts(with: "SQLite format 3\0".utf8) {
      self = .sqlite
    } else if name == "parquet" || name == "pq" {
      throw AssayError(
        .format, "this is not a Parquet file", at: path, remedy: "give it the extension of what it is")
    } else if ["sqlite", "sqlite3", "db"].contains(name) {
      throw AssayError(.format, "this is not an SQLite file", at: path, remedy: "give it the extension of what it is")
    } else if ["json", "jsonl", "ndjson"].contains(name) {
      self = .json
    } else {
      let isKnownText = ["csv", "tsv", "txt", "tab", "data"].contains(name)
      let first = head.first { $0 != .space && $0 != .newline && $0 != .carriageReturn && $0 != .tab }
      self = first == UInt8(ascii: "{") && !isKnownText ? .json : .delimited
    }
    if (self == .parquet || self == .sqlite) && source.isCompressed {
      throw AssayError(.format, "a \(self) file may not be compressed as a whole", at: path, remedy: "decompress it")
    }
  }
}
