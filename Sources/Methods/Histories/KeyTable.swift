/// Keys with slots 0, 1, 2, ... under which others keep arrays, and which of them was seen last.
///
/// Open addressing with linear probing; a removed key closes its gap, so nothing slows down as keys come and go.
struct KeyTable: Sendable, Codable {
  /// The key of each slot; of free slots, the last one it had.
  private(set) var keys: [UInt64] = []
  /// The slots of the hash table, -1 where there is none; as many as a power of two.
  private var places: [Int32]
  /// The neighbours in the order in which keys were seen.
  private var newer: [Int32] = []
  private var older: [Int32] = []
  private var newest: Int32 = -1
  private(set) var oldest: Int32 = -1
  private var free: [Int32] = []
  /// The number of keys.
  private(set) var count = 0

  init() { places = Array(repeating: -1, count: 16) }

  /// Slots ever used.
  var slotCount: Int { keys.count }

  /// The memory in bytes.
  var byteCount: Int { keys.capacity * 8 + (places.capacity + newer.capacity + older.capacity + free.capacity) * 4 }

  /// The slot of a key, or -1.
  @inline(__always)
  func find(_ key: UInt64) -> Int {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: key) & mask
    while true {
      let slot = Int(places[place])
      if slot < 0 || keys[slot] == key { return slot }
      place = (place + 1) & mask
    }
  }

  /// A slot for a key that has none, seen last of all: a free one, or `slotCount` as it was.
  mutating func insert(_ key: UInt64) -> Int {
    if (count + 1) * 2 > places.count { grow() }
    let slot: Int
    if let last = free.popLast() {
      slot = Int(last)
      keys[slot] = key
    } else {
      slot = keys.count
      keys.append(key)
      newer.append(-1)
      older.append(-1)
    }
    place(slot)
    count += 1
    link(slot)
    return slot
  }

  /// Makes a slot the one seen last.
  mutating func touch(_ slot: Int) {
    if newest == Int32(slot) { return }
    unlink(slot)
    link(slot)
  }

  /// Forgets the key of a slot; the slot is free then.
  mutating func remove(_ slot: Int) {
    let mask = places.count - 1
    var gap = Int(truncatingIfNeeded: keys[slot]) & mask
    while places[gap] != Int32(slot) { gap = (gap + 1) & mask }
    var place = gap
    while true {
      place = (place + 1) & mask
      let other = Int(places[place])
      if other < 0 { break }
      // A key may move back into the gap unless its own place lies between the gap and where it is.
      let home = Int(truncatingIfNeeded: keys[other]) & mask
      if (place - home) & mask >= (place - gap) & mask {
        places[gap] = Int32(other)
        gap = place
      }
    }
    places[gap] = -1
    unlink(slot)
    free.append(Int32(slot))
    count -= 1
  }

  private mutating func place(_ slot: Int) {
    let mask = places.count - 1
    var place = Int(truncatingIfNeeded: keys[slot]) & mask
    while places[place] >= 0 { place = (place + 1) & mask }
    places[place] = Int32(slot)
  }

  private mutating func grow() {
    let taken = places.filter { $0 >= 0 }
    places = Array(repeating: -1, count: places.count * 2)
    for slot in taken { place(Int(slot)) }
  }

  private mutating func link(_ slot: Int) {
    newer[slot] = -1
    older[slot] = newest
    if newest >= 0 { newer[Int(newest)] = Int32(slot) } else { oldest = Int32(slot) }
    newest = Int32(slot)
  }

  private mutating func unlink(_ slot: Int) {
    let (before, after) = (older[slot], newer[slot])
    if before >= 0 { newer[Int(before)] = after } else { oldest = after }
    if after >= 0 { older[Int(after)] = before } else { newest = before }
  }
}
