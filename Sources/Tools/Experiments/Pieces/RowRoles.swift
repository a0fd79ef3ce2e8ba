import Basics

/// What each row of a large table is for, and which of them are in the sample: a byte per row.
///
/// Whether a row is in the sample depends on the key and its number alone, not on the pieces in which it is read.
public struct RowRoles: Sendable {
  /// What a row is for.
  public enum Role: UInt8, Sendable, CaseIterable {
    /// Nothing: it has no label, or is between the training rows and the test.
    case unused
    /// To learn from.
    case learned
    /// To judge candidates by; no model learns from it.
    case judged
    /// To measure the final model on.
    case test
  }

  private var ofRow: [Role]
  private var rates = [Double](repeating: 0, count: Role.allCases.count)
  /// Draws the sample.
  let key: RandomKey

  /// Rows without a role yet.
  init(rowCount: Int, key: RandomKey) {
    ofRow = Array(repeating: .unused, count: rowCount)
    self.key = key
  }

  /// The number of rows.
  public var rowCount: Int { ofRow.count }

  /// The role of a row.
  public internal(set) subscript(_ row: Int) -> Role {
    get { ofRow[row] }
    set { ofRow[row] = newValue }
  }

  /// The number of rows with a role.
  public func count(_ role: Role) -> Int { ofRow.reduce(0) { $0 + ($1 == role ? 1 : 0) } }

  /// The rows with a role, ascending.
  public func rows(_ role: Role) -> [Int] {
    var rows: [Int] = []
    rows.reserveCapacity(count(role))
    for row in ofRow.indices where ofRow[row] == role { rows.append(row) }
    return rows
  }

  /// Draws about so many rows of a role into the sample.
  mutating func sample(_ wanted: Int, of role: Role) {
    rates[Int(role.rawValue)] = Double(wanted) / Double(max(1, count(role)))
  }

  /// Whether a row is in the sample.
  public func isSampled(_ row: Int) -> Bool { key.uniform(at: UInt64(row)) < rates[Int(ofRow[row].rawValue)] }

  /// The rows of a role that are in the sample.
  public func sampledCount(_ role: Role) -> Int {
    ofRow.indices.reduce(0) { $0 + (ofRow[$1] == role && isSampled($1) ? 1 : 0) }
  }
}
