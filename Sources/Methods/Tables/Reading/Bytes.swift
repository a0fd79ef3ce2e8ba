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
    var total = 0
    for i in 0..<Swift.min(end, count) { total &+= self[i] == byte ? 1 : 0 }
    return total
  }

  /// The bytes as text, at most 60 characters, for messages.
  var excerpt: String {
    let text = String(decoding: prefix(240), as: UTF8.self)
    return text.count > 60 || count > 240 ? String(text.prefix(60)) + "..." : text
  }
}
