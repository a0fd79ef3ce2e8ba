import Basics
import Tables

/// A file of a data set that is a table as it stands.
struct TableFile: Sendable {
  /// The file in the set's folder.
  let file: String
  /// The name of the table within the set.
  let name: String
  /// How the file is read.
  var options = ReadOptions()
  /// The names of the columns of a file without a header.
  var columns: [String]?

  /// Tab-separated texts without a header and without quotes.
  static func lines(_ file: String, name: String, columns: [String]) -> TableFile {
    let texts = Dictionary(uniqueKeysWithValues: columns.indices.map { ("c\($0 + 1)", ColumnKind.text) })
    return TableFile(
      file: file, name: name,
      options: ReadOptions(hasHeader: false, delimiter: "\t", quote: "", kinds: texts, missingMarkers: [""]),
      columns: columns)
  }

  func read(from files: LocalDataSet, threads: Int) throws -> Table {
    let path = try files.path(file)
    let table = try TableReader.read(path, options: options, threads: threads)
    guard let columns else { return table }
    guard columns.count == table.columns.count else {
      throw AssayError(.format, "there are \(table.columns.count) columns instead of \(columns.count)", at: path)
    }
    return try Table(zip(columns, table.columns).map { Column($0, $1.values) })
  }
}

extension DataSet {
  /// A set whose files are tables as they stand.
  init(_ card: DataSetCard, tables: [TableFile]) {
    self.init(card) { files, threads in
      try tables.map { NamedTable($0.name, try $0.read(from: files, threads: threads)) }
    }
  }
}

/// Lines of texts that need more than a table reader.
enum TextLines {
  /// The lines of a file in UTF-8, without the empty one behind the last line break.
  ///
  /// - Parameter isLatin1: whether each byte is a character of its own.
  static func read(_ path: String, isLatin1: Bool = false) throws -> [String] {
    let bytes = try DecompressedFile.bytes(of: path)
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line -> String in
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      return isLatin1
        ? String(String.UnicodeScalarView(line.map { Unicode.Scalar($0) })) : String(decoding: line, as: UTF8.self)
    }
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// A table of texts; the last column is a category.
  static func table(_ names: [String], _ columns: [[String]]) throws -> Table {
    try Table(
      zip(names, columns).enumerated().map { position, pair in
        let isLast = position == names.count - 1
        return Column(pair.0, isLast ? .category(CategoryValues(pair.1)) : .text(TextValues(pair.1)))
      })
  }
}
