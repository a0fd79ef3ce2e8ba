import Glibc

/// Distinct byte strings with consecutive codes in the order of first appearance.
///
/// Open addressing with linear probing; the strings lie end to end in one buffer.
struct ByteDictionary: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []
  private var hashes: [UInt64] = []
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  /// The number of distinct strings.
  var count: Int { ends.count }

  /// The position in `bytes` of the string of a code.
  func range(_ code: Int) -> Range<Int> { (code == 0 ? 0 : ends[code - 1])..<ends[code] }

  /// The string of a code.
  func text(_ code: Int) -> String { String(decoding: bytes[range(code)], as: UTF8.self) }

  /// An address for strings without bytes, which may have none.
  private nonisolated(unsafe) static let anyAddress = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

  /// The code of a string, a new one if it was not there.
  @inline(__always)
  mutating func code(_ key: Bytes) -> Int32 {
    code(key.baseAddress ?? ByteDictionary.anyAddress, key.count)
  }

  private mutating func code(_ key: UnsafePointer<UInt8>, _ length: Int) -> Int32 {
    let hash = ByteDictionary.hash(key, length)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let code = slots[slot]
      if code < 0 { break }
      if hashes[Int(code)] == hash, matches(Int(code), key, length) { return code }
      slot = (slot + 1) & mask
    }
    let code = Int32(ends.count)
    bytes.append(contentsOf: UnsafeBufferPointer(start: key, count: length))
    ends.append(bytes.count)
    hashes.append(hash)
    slots[slot] = code
    if ends.count * 2 > slots.count { grow() }
    return code
  }

  /// The distinct texts, and the code of each row; -1 if it is missing.
  static func coding(_ texts: TextValues) -> (codes: [Int32], dictionary: ByteDictionary) {
    var dictionary = ByteDictionary()
    let codes = texts.bytes.withUnsafeBufferPointer { bytes in
      (0..<texts.count).map { row -> Int32 in
        texts.isMissing(row) ? -1 : dictionary.code(Bytes(rebasing: bytes[texts.range(row)]))
      }
    }
    return (codes, dictionary)
  }

  /// The dictionary of the first strings only.
  func prefix(_ count: Int) -> ByteDictionary {
    var result = ByteDictionary()
    bytes.withUnsafeBufferPointer { bytes in
      for code in 0..<count { _ = result.code(Bytes(rebasing: bytes[range(code)])) }
    }
    return result
  }

  private func matches(_ code: Int, _ key: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let start = code == 0 ? 0 : ends[code - 1]
    guard ends[code] - start == length else { return false }
    if length == 0 { return true }
    return bytes.withUnsafeBufferPointer { memcmp($0.baseAddress! + start, key, length) == 0 }
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 4)
    let mask = slots.count - 1
    for code in ends.indices {
      var slot = Int(truncatingIfNeeded: hashes[code]) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(code)
    }
  }

  /// A hash of a string.
  static func hash(_ key: Bytes) -> UInt64 { hash(key.baseAddress ?? anyAddress, key.count) }

  /// A hash of bytes, eight at a time, by multiplication with folding.
  @inline(__always)
  private static func hash(_ key: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: length) &* 0x9E37_79B9_7F4A_7C15
    let raw = UnsafeRawPointer(key)
    var position = 0
    while position + 8 <= length {
      hash = fold(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    if position < length {
      var tail: UInt64 = 0
      while position < length {
        tail = tail << 8 | UInt64(key[position])
        position += 1
      }
      hash = fold(hash ^ tail)
    }
    return fold(hash)
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}
