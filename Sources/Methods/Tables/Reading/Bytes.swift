import Glibc

/// A view of bytes that somebody else owns.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UInt8 {
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
}

extension UnsafeBufferPointer<UInt8> {
  /// The first position at or after `start` that holds the byte; nil if there is none.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard start < count, let base = baseAddress, let found = memchr(base + start, Int32(byte), count - start) else {
      return nil
    }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  /// The last position in `range` that holds the byte; nil if there is none.
  func lastIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    var position = range.upperBound
    while position > range.lowerBound {
      position -= 1
      if self[position] == byte { return position }
    }
    return nil
  }

  /// How often the byte occurs before a position.
  func count(of byte: UInt8, before end: Int) -> Int {
    let end = Swift.min(end, count)
    let pattern = WordOfBytes.repeating(byte)
    var total = 0
    var position = 0
    while position + 8 <= end {
      total &+= WordOfBytes.zeros(word(at: position) ^ pattern).nonzeroBitCount
      position += 8
    }
    while position < end {
      total &+= self[position] == byte ? 1 : 0
      position += 1
    }
    return total
  }

  /// The first position at or after `start` that holds one of two bytes; `count` if there is none.
  @inline(__always)
  func firstIndex(of first: UInt8, or second: UInt8, from start: Int) -> Int {
    let (a, b) = (WordOfBytes.repeating(first), WordOfBytes.repeating(second))
    var position = start
    while position + 8 <= count {
      let word = word(at: position)
      let found = WordOfBytes.zeros(word ^ a) | WordOfBytes.zeros(word ^ b)
      if found != 0 { return position + found.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position < count, self[position] != first, self[position] != second { position += 1 }
    return position
  }

  /// Eight bytes as a number, the first one lowest.
  @inline(__always)
  func word(at position: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(baseAddress! + position).loadUnaligned(as: UInt64.self))
  }

  /// The bytes as text, at most 60 characters, for messages.
  var excerpt: String {
    let text = String(decoding: prefix(240), as: UTF8.self)
    return text.count > 60 || count > 240 ? String(text.prefix(60)) + "..." : text
  }
}

/// Eight bytes that are looked at together in one machine word.
enum WordOfBytes {
  /// Eight times the same byte.
  @inline(__always)
  static func repeating(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  /// The highest bit of each byte that is 0; no other bits.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~((word & low) &+ low | word | low)
  }
}
