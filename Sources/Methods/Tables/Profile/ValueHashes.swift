import Basics

extension Column {
  /// A 64-bit hash per row: equal values have equal hashes, also in other columns and tables, also integers and floats,
  /// categories and texts; all missing values are alike. Cost: one pass over the values.
  public func valueHashes() -> [UInt64] {
    let missing = RandomKey.mix(0x6D69_7373)
    func hash(_ number: Double) -> UInt64 {
      number.isNaN ? missing : RandomKey.mix((number == 0 ? 0 : number).bitPattern)
    }
    switch values {
    case .integer(let v):
      return v.map { value in
        if value == Column.missingInteger { return missing }
        // Beyond 53 bits a float would make different integers equal.
        return value.magnitude <= 1 << 53 ? hash(Double(value)) : RandomKey.mix(UInt64(bitPattern: value) ^ 0x69)
      }
    case .dateTime(let v):
      return v.map { $0 == Column.missingInteger ? missing : RandomKey.mix(UInt64(bitPattern: $0) ^ 0x64) }
    case .float(let v): return v.map(hash)
    case .single(let v): return v.map { hash(Double($0)) }
    case .boolean(let v): return v.map { $0 < 0 ? missing : hash(Double($0)) }
    case .category(let v):
      let levels = v.levels.map { level in
        var level = level
        return level.withUTF8 { ByteDictionary.hash($0) }
      }
      return v.codes.map { $0 < 0 ? missing : levels[Int($0)] }
    case .text(let v):
      return v.bytes.withUnsafeBufferPointer { bytes in
        (0..<v.count).map { v.isMissing($0) ? missing : ByteDictionary.hash(Bytes(rebasing: bytes[v.range($0)])) }
      }
    }
  }

  /// A hash of all values in their order.
  func hash() -> UInt64 {
    var hash = OrderedHash()
    hash.update(valueHashes())
    return hash.value
  }
}

/// A hash of a sequence of hashes.
struct OrderedHash {
  private(set) var value: UInt64 = 0

  mutating func update(_ hashes: [UInt64]) {
    for hash in hashes { value = RandomKey.mix(value &+ 0x9E37_79B9_7F4A_7C15) ^ hash }
  }
}

/// A hash of each row over several columns.
struct RowHashes {
  private(set) var hashes: [UInt64] = []

  mutating func mix(_ column: Column) {
    let next = column.valueHashes()
    if hashes.isEmpty {
      hashes = next
    } else {
      for row in hashes.indices { hashes[row] = RandomKey.mix(hashes[row] &+ 0x9E37_79B9_7F4A_7C15) ^ next[row] }
    }
  }
}
