import Tables

/// The levels of a category column that are told apart, the most frequent first.
///
/// Rows are mapped to slots: 0 ..< `levels.count` for a level, `other` for rare and new levels, `missing`.
struct LevelIndex: Sendable {
  let levels: [String]
  /// The number of levels of training rows that are not told apart.
  let otherLevelCount: Int
  /// Whether training rows had no level.
  let hasMissing: Bool
  private let slots: [String: Int32]
  /// Levels that spell a number, for columns that arrive as numbers written in another way (01, 1.0).
  private let numericSlots: [Double: Int32]

  var hasOther: Bool { otherLevelCount > 0 }
  var other: Int32 { Int32(levels.count) }
  var missing: Int32 { Int32(levels.count + 1) }
  var slotCount: Int { levels.count + 2 }

  /// The number of states training rows can be in.
  var stateCount: Int { levels.count + (hasOther ? 1 : 0) + (hasMissing ? 1 : 0) }

  /// What a slot is called in the name of a feature.
  func name(of slot: Int32) -> String {
    slot < other ? levels[Int(slot)] : slot == other ? "(other)" : "(missing)"
  }

  init(levels: [String], otherLevelCount: Int, hasMissing: Bool) {
    self.levels = levels
    self.otherLevelCount = otherLevelCount
    self.hasMissing = hasMissing
    var slots = [String: Int32](minimumCapacity: levels.count)
    var numericSlots: [Double: Int32] = [:]
    for (slot, level) in levels.enumerated() {
      slots[level] = Int32(slot)
      if let number = Double(level), number.isFinite, numericSlots[number] == nil { numericSlots[number] = Int32(slot) }
    }
    self.slots = slots
    self.numericSlots = numericSlots
  }

  /// Learns the levels; equal texts are one level. Returns the slots of the rows too.
  static func fit(_ values: CategoryValues, rareBelow: Int, limit: Int) -> (index: LevelIndex, slots: [Int32]) {
    var rows = [Int](repeating: 0, count: values.levels.count)
    var missing = 0
    for code in values.codes {
      if code < 0 { missing += 1 } else { rows[Int(code)] += 1 }
    }
    var counts: [String: Int] = [:]
    for (level, count) in zip(values.levels, rows) where count > 0 { counts[level, default: 0] += count }
    let frequent = counts.filter { $0.value >= rareBelow }
      .sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
      .prefix(limit).map(\.key)
    let index = LevelIndex(
      levels: frequent, otherLevelCount: counts.count - frequent.count, hasMissing: missing > 0)
    return (index, index.slots(of: values, kind: .category))
  }

  /// The slots of the rows of a column of any kind.
  func slots(of column: Column) throws -> [Int32] {
    slots(of: try ColumnReading.levels(column), kind: column.kind)
  }

  func slots(of values: CategoryValues, kind: ColumnKind) -> [Int32] {
    let missing = missing
    if values.codes.count < values.levels.count {
      return values.codes.map { $0 < 0 ? missing : slot(of: values.levels[Int($0)], kind: kind) }
    }
    let mapped = values.levels.map { slot(of: $0, kind: kind) }
    return values.codes.map { $0 < 0 ? missing : mapped[Int($0)] }
  }

  private func slot(of level: String, kind: ColumnKind) -> Int32 {
    if let slot = slots[level] { return slot }
    switch kind {
    case .boolean:
      let spellings =
        level == "true"
        ? ["True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "1"]
        : ["False", "FALSE", "f", "F", "no", "No", "NO", "n", "N", "0"]
      return spellings.lazy.compactMap { slots[$0] }.first ?? other
    case .integer, .float:
      return Double(level).flatMap { numericSlots[$0] } ?? other
    case .text, .category, .dateTime:
      return other
    }
  }
}

extension LevelIndex: Codable {
  private enum CodingKeys: String, CodingKey { case levels, otherLevelCount, hasMissing }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      levels: try container.decode([String].self, forKey: .levels),
      otherLevelCount: try container.decode(Int.self, forKey: .otherLevelCount),
      hasMissing: try container.decode(Bool.self, forKey: .hasMissing))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(levels, forKey: .levels)
    try container.encode(otherLevelCount, forKey: .otherLevelCount)
    try container.encode(hasMissing, forKey: .hasMissing)
  }
}
