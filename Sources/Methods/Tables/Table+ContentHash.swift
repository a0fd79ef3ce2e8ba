import Basics

extension Table {
  /// A hash of the names, kinds and values of the columns, as 64 hexadecimal digits (SHA-256).
  ///
  /// Equal tables have equal hashes on every machine and with every number of threads; a change of one value, of the
  /// order of rows or columns, or of a name changes it. Missing numbers count as one value.
  public func contentHash() -> String {
    var hash = SHA256()
    hash.update(number: rowCount)
    hash.update(number: columns.count)
    for column in columns {
      hash.update(text: column.name)
      hash.update(text: column.kind.rawValue)
      column.update(&hash)
    }
    return hash.hexadecimal()
  }
}

extension Column {
  fileprivate func update(_ hash: inout SHA256) {
    switch values {
    case .integer(let v), .dateTime(let v): v.withUnsafeBytes { hash.update($0) }
    // Not-a-number has many bit patterns; all of them mean "missing".
    case .float(let v):
      v.map { $0.isNaN ? UInt64.max : $0.bitPattern }.withUnsafeBytes { hash.update($0) }
    case .single(let v):
      hash.update(text: "single")
      v.map { $0.isNaN ? UInt32.max : $0.bitPattern }.withUnsafeBytes { hash.update($0) }
    case .boolean(let v): v.withUnsafeBytes { hash.update($0) }
    case .category(let v):
      v.codes.withUnsafeBytes { hash.update($0) }
      hash.update(number: v.levels.count)
      for level in v.levels { hash.update(text: level) }
    case .text(let v):
      v.ends.withUnsafeBytes { hash.update($0) }
      v.bytes.withUnsafeBytes { hash.update($0) }
      hash.update((0..<v.count).map { v.isMissing($0) ? 1 : 0 })
    }
  }
}

extension SHA256 {
  fileprivate mutating func update(number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { update($0) }
  }

  fileprivate mutating func update(text: String) {
    update(number: text.utf8.count)
    update(Array(text.utf8))
  }
}
