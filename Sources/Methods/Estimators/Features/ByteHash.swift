import Basics

/// A 64-bit hash of bytes, the same in every process and release: hashed features are named by it.
@inline(__always)
func stableHash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64 = 0) -> UInt64 {
  var hash = seed ^ (UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15)
  let raw = UnsafeRawBufferPointer(bytes)
  var position = 0
  while position &+ 8 <= raw.count {
    let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    hash = RandomKey.mix(hash ^ word)
    position &+= 8
  }
  if position < raw.count {
    var word: UInt64 = 0
    var shift: UInt64 = 0
    while position < raw.count {
      word |= UInt64(raw[position]) << shift
      shift &+= 8
      position &+= 1
    }
    hash = RandomKey.mix(hash ^ word)
  }
  return RandomKey.mix(hash)
}

/// Distinct byte strings numbered 0, 1, ... in the order of insertion; saved as texts.
struct WordTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  init() {}

  var count: Int { ends.count }

  /// The number of a word, or -1.
  @inline(__always)
  func find(_ word: UnsafeBufferPointer<UInt8>) -> Int32 {
    bytes.withUnsafeBufferPointer { stored in
      slots.withUnsafeBufferPointer { slots in
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: stableHash(word)) & mask
        while true {
          let number = slots[slot]
          if number < 0 || equals(Int(number), word, stored) { return number }
          slot = (slot &+ 1) & mask
        }
      }
    }
  }

  /// The number of a word, added if it is new.
  mutating func insert(_ word: UnsafeBufferPointer<UInt8>) -> Int32 {
    let found = find(word)
    if found >= 0 { return found }
    if (count + 1) * 2 > slots.count { grow() }
    let number = Int32(count)
    place(number, hash: stableHash(word))
    bytes.append(contentsOf: word)
    ends.append(bytes.count)
    return number
  }

  func text(_ number: Int) -> String { String(decoding: bytes[start(number)..<ends[number]], as: UTF8.self) }

  /// Calls `body` with the bytes of a word.
  func withWord<Result>(_ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start(number)..<ends[number]])) }
  }

  @inline(__always)
  private func start(_ number: Int) -> Int { number == 0 ? 0 : ends[number &- 1] }

  @inline(__always)
  private func equals(
    _ number: Int, _ word: UnsafeBufferPointer<UInt8>, _ stored: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let start = start(number)
    guard ends[number] &- start == word.count else { return false }
    for i in 0..<word.count where stored[start &+ i] != word[i] { return false }
    return true
  }

  private mutating func place(_ number: Int32, hash: UInt64) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = number
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for number in 0..<count { place(Int32(number), hash: withWord(number) { stableHash($0) }) }
  }
}

extension WordTable: Codable {
  init(from decoder: any Decoder) throws {
    self.init()
    for word in try decoder.singleValueContainer().decode([String].self) {
      let utf8 = Array(word.utf8)
      _ = utf8.withUnsafeBufferPointer { insert($0) }
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode((0..<count).map(text))
  }
}

/// Distinct pairs of numbers, numbered 0, 1, ... in the order of insertion; saved as a flat list.
struct PairTable: Sendable {
  private var keys: [UInt64] = []
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  init() {}

  var count: Int { keys.count }

  func pair(_ number: Int) -> (Int32, Int32) {
    (Int32(truncatingIfNeeded: keys[number] >> 32), Int32(truncatingIfNeeded: keys[number]))
  }

  /// The number of a pair, or -1.
  @inline(__always)
  func find(_ first: Int32, _ second: Int32) -> Int32 {
    let key = PairTable.key(first, second)
    return slots.withUnsafeBufferPointer { slots in
      keys.withUnsafeBufferPointer { keys in
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: RandomKey.mix(key)) & mask
        while true {
          let number = slots[slot]
          if number < 0 || keys[Int(number)] == key { return number }
          slot = (slot &+ 1) & mask
        }
      }
    }
  }

  /// The number of a pair, added if it is new.
  mutating func insert(_ first: Int32, _ second: Int32) -> Int32 {
    let found = find(first, second)
    if found >= 0 { return found }
    if (count + 1) * 2 > slots.count {
      slots = Array(repeating: -1, count: slots.count * 2)
      for number in keys.indices { place(Int32(number)) }
    }
    keys.append(PairTable.key(first, second))
    place(Int32(count - 1))
    return Int32(count - 1)
  }

  @inline(__always)
  private static func key(_ first: Int32, _ second: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  private mutating func place(_ number: Int32) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: RandomKey.mix(keys[Int(number)])) & mask
    while slots[slot] >= 0 { slot = (slot + 1) & mask }
    slots[slot] = number
  }
}

extension PairTable: Codable {
  init(from decoder: any Decoder) throws {
    self.init()
    let flat = try decoder.singleValueContainer().decode([Int32].self)
    for i in stride(from: 0, to: flat.count - 1, by: 2) { _ = insert(flat[i], flat[i + 1]) }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode((0..<count).flatMap { [pair($0).0, pair($0).1] })
  }
}
