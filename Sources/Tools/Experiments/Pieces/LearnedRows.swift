import Basics

/// The rows outside the sample that are learned from: all, or as many as there is room for, drawn at random.
public struct LearnedRows: Sendable {
  /// The rows learned from, those of the sample included.
  public let count: Int
  /// The rows outside the sample among them.
  public let unsampled: Int
  /// Whether these are all rows to learn from.
  public let areAll: Bool
  private let roles: RowRoles
  private let share: Double
  private let key: RandomKey

  /// Chooses the rows.
  ///
  /// - Parameter outputs: the numbers per row that boosting adds to: 1, or the number of more than two classes.
  public init(_ whole: LargeTable, outputs: Int = 1) {
    roles = whole.roles
    key = roles.key["beyond the sample"]
    let sampled = roles.sampledCount(.learned)
    let others = whole.learnedRows - sampled
    let room = max(0, whole.memory.boostingRows(outputs: outputs) - sampled)
    areAll = others <= room
    share = areAll ? 1 : Double(room) / Double(others)
    let (roles, share, key) = (roles, share, key)
    unsampled =
      areAll ? others : (0..<roles.rowCount).count { Self.contains($0, roles: roles, share: share, key: key) }
    count = sampled + unsampled
  }

  /// Whether a row is among them, and not in the sample.
  public func contains(_ row: Int) -> Bool { Self.contains(row, roles: roles, share: share, key: key) }

  private static func contains(_ row: Int, roles: RowRoles, share: Double, key: RandomKey) -> Bool {
    roles[row] == .learned && !roles.isSampled(row) && (share == 1 || key.uniform(at: UInt64(row)) < share)
  }
}
