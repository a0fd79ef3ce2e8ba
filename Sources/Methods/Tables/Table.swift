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
    throw AssayError(.schema, "there is no column \"\(name)\"", remedy: remedy(for: name))
  }

  /// What to do about a column that is not there: the nearest one where it is near, else which there are.
  public func remedy(for name: String) -> String {
    if let near = nearName(to: name, among: names) { return "did you mean \"\(near)\"?" }
    if names.isEmpty { return "the table has no columns" }
    let shown = names.prefix(12).joined(separator: ", ")
    return "there are \(shown)" + (names.count > 12 ? " and \(names.count - 12) more" : "")
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

/// The name of a list that a misspelled one is close to; nil where none is.
///
/// Close means that at most a third of the characters differ, or that one holds the other, without regard to case and
/// to what stands between words.
public func nearName(to name: String, among names: [String]) -> String? {
  func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
  let wanted = plain(name)
  guard !wanted.isEmpty else { return nil }
  let rated = names.map { (name: $0, plain: plain($0)) }.map { candidate -> (name: String, distance: Int) in
    let (a, b) = (candidate.plain, wanted)
    if min(a.count, b.count) >= 4, a.contains(b) || b.contains(a) { return (candidate.name, 1) }
    return (candidate.name, editDistance(a, b))
  }
  guard let best = rated.min(by: { $0.distance < $1.distance }), best.distance <= max(1, wanted.count / 3) else {
    return nil
  }
  return best.name
}

/// The number of single-character edits between two names, ignoring case, an exchange of neighbours counting as one
/// (Damerau, "A technique for computer detection and correction of spelling errors", 1964).
func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased())
  let b = Array(b.lowercased())
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var current = [i + 1]
    for j in 0..<b.count {
      var least = min(rows[i][j + 1] + 1, current[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
      current.append(least)
    }
    rows.append(current)
  }
  return rows[a.count][b.count]
}
