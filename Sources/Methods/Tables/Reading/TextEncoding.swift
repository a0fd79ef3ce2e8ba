import Basics

/// How a text file spells characters as bytes.
public enum TextEncoding: String, Sendable, Codable, Hashable, CaseIterable {
  /// Unicode, one to four bytes a character.
  case utf8 = "utf-8"
  /// Unicode in units of two bytes, the low one first.
  case utf16LittleEndian = "utf-16le"
  /// Unicode in units of two bytes, the high one first.
  case utf16BigEndian = "utf-16be"
  /// One byte a character: Western European, as older Windows programs write it.
  case windows1252 = "windows-1252"
  /// One byte a character: the first 256 of Unicode (ISO 8859-1).
  case latin1 = "latin-1"

  /// The encoding that the first bytes of a file show, and the length of its byte order mark.
  ///
  /// Without a mark it is UTF-16 where every other byte of much of the text is 0, else UTF-8; whether a file is really
  /// UTF-8 shows only when it is read.
  static func detect(_ head: Bytes) -> (encoding: TextEncoding, markLength: Int) {
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
    if head.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
    if head.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
    let pairs = min(head.count / 2, 2_000)
    if pairs >= 2 {
      let evenZeros = (0..<pairs).count { head[2 * $0] == 0 }
      let oddZeros = (0..<pairs).count { head[2 * $0 + 1] == 0 }
      if oddZeros * 10 >= pairs * 7, evenZeros * 10 < pairs { return (.utf16LittleEndian, 0) }
      if evenZeros * 10 >= pairs * 7, oddZeros * 10 < pairs { return (.utf16BigEndian, 0) }
    }
    return (.utf8, 0)
  }

  /// Appends the bytes, which are in this encoding, as UTF-8.
  ///
  /// - Returns: the bytes used; less than all only where a character is cut at the end.
  func decode(_ bytes: Bytes, into text: inout [UInt8]) -> Int {
    switch self {
    case .utf8:
      text.append(contentsOf: bytes)
      return bytes.count
    case .latin1, .windows1252:
      text.reserveCapacity(text.count + bytes.count)
      for byte in bytes {
        if byte < 0x80 {
          text.append(byte)
        } else if self == .windows1252, byte < 0xA0 {
          text.append(contentsOf: UTF8.encode(TextEncoding.windowsControls[Int(byte - 0x80)])!)
        } else {
          text.append(0xC0 | byte >> 6)
          text.append(0x80 | byte & 0x3F)
        }
      }
      return bytes.count
    case .utf16LittleEndian, .utf16BigEndian:
      return decodeUTF16(bytes, into: &text)
    }
  }

  private func decodeUTF16(_ bytes: Bytes, into text: inout [UInt8]) -> Int {
    func unit(_ position: Int) -> UInt16 {
      let first = UInt16(bytes[position])
      let second = UInt16(bytes[position + 1])
      return self == .utf16LittleEndian ? first | second << 8 : first << 8 | second
    }
    var position = 0
    while position + 1 < bytes.count {
      let first = unit(position)
      if UTF16.isLeadSurrogate(first) {
        guard position + 3 < bytes.count else { break }
        let second = unit(position + 2)
        if UTF16.isTrailSurrogate(second) {
          let value = 0x10000 + (UInt32(first) & 0x3FF) << 10 + UInt32(second) & 0x3FF
          text.append(contentsOf: UTF8.encode(Unicode.Scalar(value) ?? "\u{FFFD}")!)
          position += 4
          continue
        }
      }
      let scalar = Unicode.Scalar(UInt32(first)) ?? "\u{FFFD}"
      if first < 0x80 { text.append(UInt8(first)) } else { text.append(contentsOf: UTF8.encode(scalar)!) }
      position += 2
    }
    return position
  }

  /// What Windows-1252 has at 0x80 to 0x9F; the five free places keep their control characters.
  private static let windowsControls: [Unicode.Scalar] = [
    "\u{20AC}", "\u{81}", "\u{201A}", "\u{192}", "\u{201E}", "\u{2026}", "\u{2020}", "\u{2021}", "\u{2C6}", "\u{2030}",
    "\u{160}", "\u{2039}", "\u{152}", "\u{8D}", "\u{17D}", "\u{8F}", "\u{90}", "\u{2018}", "\u{2019}", "\u{201C}",
    "\u{201D}", "\u{2022}", "\u{2013}", "\u{2014}", "\u{2DC}", "\u{2122}", "\u{161}", "\u{203A}", "\u{153}", "\u{9D}",
    "\u{17E}", "\u{178}",
  ]
}

/// What the bytes of a text that should be UTF-8 show.
struct UTF8Check {
  /// The position of the first byte that does not belong; nil if all do.
  var firstInvalid: Int?
  /// Whether there is a character of more than one byte before it.
  var hasMultibyte = false

  init(_ bytes: Bytes) {
    var position = 0
    while position < bytes.count {
      let end = UTF8Check.endOfASCII(bytes, from: position)
      if end > position {
        position = end
        continue
      }
      let byte = bytes[position]
      if byte < 0x80 {
        position += 1
        continue
      }
      let length = UTF8Check.sequenceLength(bytes, at: position)
      if length == 0 {
        firstInvalid = position
        return
      }
      hasMultibyte = true
      position += length
    }
  }

  /// The end of as many words of bytes below 0x80 as follow each other.
  @inline(__always)
  private static func endOfASCII(_ bytes: Bytes, from start: Int) -> Int {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while position + 32 <= bytes.count {
      let word =
        bytes.word(at: position) | bytes.word(at: position + 8) | bytes.word(at: position + 16)
        | bytes.word(at: position + 24)
      if word & highBits != 0 { break }
      position += 32
    }
    while position + 8 <= bytes.count, bytes.word(at: position) & highBits == 0 { position += 8 }
    return position
  }

  /// The length of the well-formed sequence at a position (Unicode, table 3-7); 0 if there is none.
  private static func sequenceLength(_ bytes: Bytes, at position: Int) -> Int {
    func isTrail(_ offset: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
      position + offset < bytes.count && range.contains(bytes[position + offset])
    }
    switch bytes[position] {
    case 0xC2...0xDF: return isTrail(1) ? 2 : 0
    case 0xE0: return isTrail(1, 0xA0...0xBF) && isTrail(2) ? 3 : 0
    case 0xED: return isTrail(1, 0x80...0x9F) && isTrail(2) ? 3 : 0
    case 0xE1...0xEF: return isTrail(1) && isTrail(2) ? 3 : 0
    case 0xF0: return isTrail(1, 0x90...0xBF) && isTrail(2) && isTrail(3) ? 4 : 0
    case 0xF1...0xF3: return isTrail(1) && isTrail(2) && isTrail(3) ? 4 : 0
    case 0xF4: return isTrail(1, 0x80...0x8F) && isTrail(2) && isTrail(3) ? 4 : 0
    default: return 0
    }
  }
}
