import CNative

/// A type of DuckDB and how its vectors become values.
struct VectorType: Sendable {
  /// The number of the type.
  let number: Int
  let decimalScale: Int
  let decimalStorage: Int

  init(_ type: assay_duckdb_type?, _ functions: assay_duckdb) {
    number = Int(functions.type_number(type))
    let isDecimal = number == ASSAY_DUCKDB_DECIMAL
    decimalScale = isDecimal ? Int(functions.decimal_scale(type)) : 0
    decimalStorage = isDecimal ? Int(functions.decimal_storage(type)) : 0
  }

  /// Whether the values are those of a declared set.
  var isEnumeration: Bool { number == ASSAY_DUCKDB_ENUM }

  /// The expression that turns a column into one that is read directly; nil if it is one.
  var cast: ((String) -> String)? {
    if task != .skip { return nil }
    switch number {
    case ASSAY_DUCKDB_LIST, ASSAY_DUCKDB_STRUCT, ASSAY_DUCKDB_MAP, ASSAY_DUCKDB_UNION, ASSAY_DUCKDB_ARRAY:
      return { "CAST(to_json(\($0)) AS VARCHAR)" }
    case ASSAY_DUCKDB_NULL: return { "CAST(\($0) AS DOUBLE)" }
    default: return { "CAST(\($0) AS VARCHAR)" }
    }
  }

  /// What the values are collected as; `skip` for types that are not read directly.
  var task: FieldTask {
    switch number {
    case ASSAY_DUCKDB_BOOLEAN: return .boolean
    case ASSAY_DUCKDB_TINYINT, ASSAY_DUCKDB_SMALLINT, ASSAY_DUCKDB_INTEGER, ASSAY_DUCKDB_BIGINT,
      ASSAY_DUCKDB_UTINYINT, ASSAY_DUCKDB_USMALLINT, ASSAY_DUCKDB_UINTEGER, ASSAY_DUCKDB_UBIGINT,
      ASSAY_DUCKDB_HUGEINT, ASSAY_DUCKDB_UHUGEINT:
      return .integer
    case ASSAY_DUCKDB_FLOAT, ASSAY_DUCKDB_DOUBLE: return .float
    case ASSAY_DUCKDB_DECIMAL: return decimalScale == 0 ? .integer : .float
    case ASSAY_DUCKDB_TIMESTAMP, ASSAY_DUCKDB_TIMESTAMP_TZ, ASSAY_DUCKDB_TIMESTAMP_S, ASSAY_DUCKDB_TIMESTAMP_MS,
      ASSAY_DUCKDB_TIMESTAMP_NS, ASSAY_DUCKDB_DATE:
      return .dateTime(.iso)
    case ASSAY_DUCKDB_VARCHAR: return .coded
    default: return .skip
    }
  }
}
