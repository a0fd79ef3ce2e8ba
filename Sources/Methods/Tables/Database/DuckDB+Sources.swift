import Basics

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
  /// Makes a source visible to SQL under a name: Parquet and JSON files as they lie on disk, others read into memory.
  public func define(
    _ name: String, _ source: String, options: ReadOptions = ReadOptions(), threads: Int = 1
  ) throws {
    if !source.hasPrefix("sql:") {
      let (paths, _) = try TableReader.files(source)
      let format = try TableReader.format(paths)
      if format == .json || format == .parquet {
        return try DuckDB.placing(source) {
          try execute(
            "CREATE OR REPLACE VIEW \(quotedName(name)) AS SELECT * FROM \(TableReader.relation(paths, format: format))")
        }
      }
    }
    try register(TableReader.read(source, options: options, threads: threads), as: name)
  }

  /// Runs the body; its errors name the source.
  static func placing<Value>(_ source: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as AssayError where error.place.isEmpty || error.place == "SQL" {
      if error.problem.contains("magic bytes") || error.problem.contains("Parquet") {
        throw AssayError(
          .format, "the Parquet file is damaged or cut short (\(error.problem))", at: source,
          remedy: "copy or write it again")
      }
      let kind: AssayError.Kind = error.kind == .configuration ? .format : error.kind
      throw AssayError(kind, error.problem, at: source, remedy: error.remedy)
    }
  }
}
