import Basics
import Kernels

/// A hash of a table that is read in pieces, the same whatever the sizes of the pieces.
///
/// It says the same as `Table.contentHash()`, that two tables are equal, but is another number: columns are hashed
/// apart from each other.
public struct ContentHasher: Sendable {
  private let schema: Schema
  private var columns: [Hashes]
  private var rowCount = 0

  /// The hashes of one column; the lengths of texts apart from their bytes.
  private struct Hashes: Sendable {
    var values = SHA256()
    var lengths = SHA256()

    mutating func add(_ column: Column) {
      switch column.values {
      case .integer(let v), .dateTime(let v): v.withUnsafeBytes { values.update($0) }
      // Not-a-number has many bit patterns; all of them mean "missing".
      case .float(let v): v.map { $0.isNaN ? UInt64.max : $0.bitPattern }.withUnsafeBytes { values.update($0) }
      case .single(let v): v.map { $0.isNaN ? UInt32.max : $0.bitPattern }.withUnsafeBytes { values.update($0) }
      case .boolean(let v): v.withUnsafeBytes { values.update($0) }
      case .category(let v): v.codes.withUnsafeBytes { values.update($0) }
      case .text(let v):
        v.bytes.withUnsafeBytes { values.update($0) }
        (0..<v.count).map { v.isMissing($0) ? -1 : v.range($0).count }.withUnsafeBytes { lengths.update($0) }
      }
    }
  }

  /// A hash of no rows yet.
  public init(_ schema: Schema) {
    self.schema = schema
    columns = schema.fields.map { _ in Hashes() }
  }

  /// Adds the next rows; the table has the columns of the schema.
  public mutating func add(_ table: Table, threads: Int) {
    let before = columns
    columns = parallelMap(columns.count, threads: threads) { position in
      var hashes = before[position]
      hashes.add(table.columns[position])
      return hashes
    }
    rowCount += table.rowCount
  }

  /// The hash so far, as 64 hexadecimal digits.
  public func hexadecimal() -> String {
    var all = SHA256()
    func add(_ text: String) {
      withUnsafeBytes(of: Int64(text.utf8.count).littleEndian) { all.update($0) }
      all.update(Array(text.utf8))
    }
    add("pieces \(rowCount) \(columns.count)")
    for (field, hashes) in zip(schema.fields, columns) {
      add(field.name)
      add(field.kind.rawValue)
      for level in field.levels ?? [] { add(level) }
      all.update(hashes.values.digest())
      all.update(hashes.lengths.digest())
    }
    return all.hexadecimal()
  }
}
