import Basics

/// Named columns of equal length.
public struct Table: Sendable, Equatable {
  /// The columns, names unique.
  public private(set) var columns: [Column]
  /// The number of rows.
  public let rowCount: Int
  private var positions: [String: Int]

  /// Creates a table.
  ///
  /// - Throws: a `schema` error if two columns share a name or differ in length.
  public init(_ columns: [Column]) throws {
    rowCount = columns.first?.count ?? 0
    positions = [:]
    for (position, column) in columns.enumerated() {
      if positions.updateValue(position, forKey: column.name) != nil {
        throw AssayError(.schema, "two columns are named \"\(column.name)\"", remedy: "rename one of them")
      }
      if column.count != rowCount {
        throw AssayError(
          .schema, "column \"\(column.name)\" has \(column.count) rows, the first column has \(rowCount)")
      }
    }
    self.columns = columns
  }

  /// The names of the columns, in order.
  public var names: [String] { columns.map(\.name) }

  /// The column of a name, or nil.
  public subscript(_ name: String) -> Column? { positions[name].map { columns[$0] } }

  /// The column of a name.
  ///
  /// - Throws: a `schema` error that names the nearest column there is.
  public func column(_ name: String) throws -> Column {
    if let column = self[name] { return column }
    let nearest = names.min { editDistance($0, name) < editDistance($1, name) }
    throw AssayError(
      .schema, "there is no column \"\(name)\"",
      remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "the table has no columns")
  }

  /// The table with only these rows, in this order; rows may repeat.
  public func selecting(rows: [Int]) -> Table {
    Table(checked: columns.map { $0.selecting(rows: rows) }, rowCount: rows.count)
  }

  /// The table with only these columns, in this order.
  public func selecting(columns names: [String]) throws -> Table {
    try Table(names.map { try column($0) })
  }

  /// The table without these columns; names that are not there are ignored.
  public func removing(columns names: Set<String>) -> Table {
    let kept = columns.filter { !names.contains($0.name) }
    return Table(checked: kept, rowCount: kept.isEmpty ? 0 : rowCount)
  }

  /// The table with a column added, or replaced if its name is there.
  public func setting(_ column: Column) throws -> Table {
    var columns = columns
    if let position = positions[column.name] { columns[position] = column } else { columns.append(column) }
    return try Table(columns)
  }

  private init(checked columns: [Column], rowCount: Int) {
    self.columns = columns
    self.rowCount = rowCount
    positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1.name, $0) })
  }
}

/// The number of single-character edits between two names, ignoring case (Levenshtein).
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased())
  let b = Array(b.lowercased())
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var current = [i + 1]
    for j in 0..<b.count {
      current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1)))
    }
    previous = current
  }
  return previous[b.count]
}
