import Basics

/// Damaged copies of bytes, for readers that must turn any input into a value or an error.
///
/// The damage is of the kinds that files meet: flipped bits, overwritten bytes, a part missing, doubled or moved, an
/// early end.
public func mutations(of bytes: [UInt8], count: Int, key: RandomKey) -> [[UInt8]] {
  var random = key.stream()
  return (0..<count).map { _ in
    var copy = bytes
    for _ in 0...random.integer(below: 3) where !copy.isEmpty {
      let start = random.integer(below: copy.count)
      let end = min(copy.count, start + 1 + random.integer(below: 16))
      switch random.integer(below: 6) {
      case 0: copy[start] ^= 1 << UInt8(random.integer(below: 8))
      case 1: copy[start] = UInt8(truncatingIfNeeded: random.next())
      case 2: copy.removeSubrange(start..<end)
      case 3: copy.insert(contentsOf: copy[start..<end], at: random.integer(below: copy.count))
      case 4: for i in start..<end { copy[i] = UInt8(truncatingIfNeeded: random.next()) }
      default: copy.removeSubrange(start...)
      }
    }
    return copy
  }
}

/// Random bytes, of random length up to a limit.
public func randomBytes(upTo limit: Int, key: RandomKey) -> [UInt8] {
  var random = key.stream()
  return (0..<random.integer(below: limit + 1)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
}
