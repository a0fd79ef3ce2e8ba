import Foundation
import Tables

/// Plain measures of a text.
enum TextStatistic: String, Sendable, Codable, CaseIterable {
  /// The number of characters (Unicode scalars).
  case length
  /// The number of runs without white space.
  case words
  /// The share of characters that are ASCII digits.
  case digits
  /// The share of letters that are capitals.
  case capitals
  /// The share of characters that are ASCII punctuation.
  case punctuation

  /// The measures of each row, one array per statistic in the order of `allCases`; not-a-number where missing.
  static func measure(_ texts: TextValues, threads: Int) -> [[Double]] {
    let chunks = texts.mapChunks(threads: threads) { bytes, rows in
      var result = allCases.map { _ in [Double]() }
      for row in rows {
        if texts.isMissing(row) {
          for statistic in allCases.indices { result[statistic].append(.nan) }
        } else {
          let measured = measure(UnsafeBufferPointer(rebasing: bytes[texts.span(row)]))
          for (statistic, value) in measured.enumerated() { result[statistic].append(value) }
        }
      }
      return result
    }
    return allCases.indices.map { statistic in chunks.flatMap { $0[statistic] } }
  }

  private static func measure(_ text: UnsafeBufferPointer<UInt8>) -> [Double] {
    var length = 0
    var words = 0
    var digits = 0
    var letters = 0
    var capitals = 0
    var punctuation = 0
    var isInWord = false
    var isASCII = true
    for byte in text {
      if byte & 0xC0 != 0x80 { length += 1 }
      let isSpace = byte == 32 || (9...13).contains(byte)
      if !isSpace && !isInWord { words += 1 }
      isInWord = !isSpace
      switch byte {
      case 48...57: digits += 1
      case 65...90:
        letters += 1
        capitals += 1
      case 97...122: letters += 1
      case 33...47, 58...64, 91...96, 123...126: punctuation += 1
      case 0x80...: isASCII = false
      default: break
      }
    }
    if !isASCII {
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars where scalar.value >= 0x80 {
        guard scalar.properties.isAlphabetic else { continue }
        letters += 1
        if scalar.properties.isUppercase { capitals += 1 }
      }
    }
    let all = Double(max(1, length))
    return [
      Double(length), Double(words), Double(digits) / all, Double(capitals) / Double(max(1, letters)),
      Double(punctuation) / all,
    ]
  }
}
