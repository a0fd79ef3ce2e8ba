/// What is kept of pairs: of two entities, or of an entity and an amount.
struct PairTotals: Sendable, Codable {
  let windows: Int
  var table = KeyTable()
  /// The number of the event in which the slot's pair was first seen.
  private(set) var born: [Int64] = []
  private(set) var lastTime: [Int64] = []
  /// The slots of the entities when they last met.
  private(set) var sides: [SIMD2<Int32>] = []
  /// `[slot * windows + window]`.
  private(set) var counts: [UInt32] = []

  init(windows: Int) { self.windows = windows }

  private enum CodingKeys: String, CodingKey { case windows, table, born, lastTime, left, right, counts }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    windows = try container.decode(Int.self, forKey: .windows)
    table = try container.decode(KeyTable.self, forKey: .table)
    born = try container.decode([Int64].self, forKey: .born)
    lastTime = try container.decode([Int64].self, forKey: .lastTime)
    let left = try container.decode([Int32].self, forKey: .left)
    sides = zip(left, try container.decode([Int32].self, forKey: .right)).map { SIMD2($0, $1) }
    counts = try container.decode([UInt32].self, forKey: .counts)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(windows, forKey: .windows)
    try container.encode(table, forKey: .table)
    try container.encode(born, forKey: .born)
    try container.encode(lastTime, forKey: .lastTime)
    try container.encode(sides.map { $0[0] }, forKey: .left)
    try container.encode(sides.map { $0[1] }, forKey: .right)
    try container.encode(counts, forKey: .counts)
  }

  /// The memory in bytes.
  var byteCount: Int { table.byteCount + born.capacity * (24 + 4 * windows) }

  /// A slot for a new pair; the table must have room.
  mutating func insert(_ key: UInt64, number: Int64) -> Int {
    let slot = table.insert(key)
    if slot == born.count {
      born.append(number)
      lastTime.append(.min)
      sides.append(SIMD2(-1, -1))
      for _ in 0..<windows { counts.append(0) }
    } else {
      born[slot] = number
      lastTime[slot] = .min
      for index in slot * windows..<(slot + 1) * windows { counts[index] = 0 }
    }
    return slot
  }

  /// Notes an event of the pair.
  mutating func see(_ slot: Int, time: Int64, left: Int, right: Int) {
    lastTime[slot] = time
    sides[slot] = SIMD2(Int32(left), Int32(right))
    table.touch(slot)
    for index in slot * windows..<(slot + 1) * windows { counts[index] &+= 1 }
  }

  /// The events of a pair in a window.
  @inline(__always)
  func count(_ slot: Int, _ window: Int) -> UInt32 { counts[slot * windows + window] }

  /// Takes an event out of a window and returns how many are left.
  mutating func leave(_ slot: Int, _ window: Int) -> UInt32 {
    counts[slot * windows + window] &-= 1
    return counts[slot * windows + window]
  }
}
