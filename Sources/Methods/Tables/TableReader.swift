import Basics
import Glibc

/// Reads tables from files.
public enum TableReader {
  /// Reads a table into memory.
  ///
  /// Text files (delimiter, quotes, encoding, header and kinds found out), plain or compressed by gzip or Zstandard.
  /// The order of the rows is that of the file. The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - source: a path, or a pattern such as `data/*.csv` that names several files with the same columns.
  ///   - options: how to read it; the defaults find everything out.
  ///   - threads: at most this many threads work.
  /// - Throws: `file`, `format`, `schema` or `data` errors with file, line and column.
  public static func read(
    _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1
  ) throws -> Table {
    try DelimitedReader.read(paths: try paths(source), options: options, threads: threads)
  }

  /// The files that a path or pattern names, in the order of their names.
  static func paths(_ source: String) throws -> [String] {
    guard access(source, F_OK) != 0, source.contains(where: { "*?[".contains($0) }) else { return [source] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(source, 0, nil, &found) == 0, let names = found.gl_pathv else {
      throw AssayError(.file, "no file matches this pattern", at: source)
    }
    return (0..<Int(found.gl_pathc)).compactMap { names[$0].map { String(cString: $0) } }
  }
}
