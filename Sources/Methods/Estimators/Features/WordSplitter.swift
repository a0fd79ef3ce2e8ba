import Foundation

/// Splits texts into lower-case words: runs of letters, marks, digits and underscores of any script, with an apostrophe
/// between letters and a point or comma between digits ("don't", "3.14"); each ideograph, kana of the hiragana and
/// emoji (with its modifiers) is a word of its own. Texts are brought to Unicode's form NFC.
///
/// A simplification of the word boundaries of Unicode Standard Annex 29.
struct WordSplitter {
  private var lowered: [UInt8] = []

  /// Calls `body` with the bytes of each word, valid during the call.
  @inline(__always)
  mutating func split(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    if text.contains(where: { $0 >= 0x80 }) {
      splitUnicode(text, body)
    } else {
      splitASCII(text, body)
    }
  }

  @inline(__always)
  private mutating func splitASCII(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    if lowered.count < text.count { lowered = Array(repeating: 0, count: text.count * 2) }
    let classes = ASCIIClass.table
    lowered.withUnsafeMutableBufferPointer { lowered in
      classes.withUnsafeBufferPointer { classes in
        var start = -1
        for position in 0..<text.count {
          let byte = text[position]
          let kind = classes[Int(byte)]
          lowered[position] = kind == ASCIIClass.capital ? byte | 0x20 : byte
          if kind <= ASCIIClass.capital {
            if start < 0 { start = position }
            continue
          }
          guard start >= 0 else { continue }
          if kind != ASCIIClass.other, position &+ 1 < text.count {
            let before = classes[Int(text[position &- 1])]
            let after = classes[Int(text[position &+ 1])]
            if kind == ASCIIClass.apostrophe
              ? ASCIIClass.isLetter(before) && ASCIIClass.isLetter(after)
              : before == ASCIIClass.digit && after == ASCIIClass.digit
            {
              continue
            }
          }
          body(UnsafeBufferPointer(rebasing: lowered[start..<position]))
          start = -1
        }
        if start >= 0 { body(UnsafeBufferPointer(rebasing: lowered[start..<text.count])) }
      }
    }
  }

  private mutating func splitUnicode(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    let normal = String(decoding: text, as: UTF8.self).lowercased().precomposedStringWithCanonicalMapping
    let scalars = Array(normal.unicodeScalars)
    var word: [UInt8] = []
    func flush() {
      if !word.isEmpty { word.withUnsafeBufferPointer(body) }
      word.removeAll(keepingCapacity: true)
    }
    var position = 0
    while position < scalars.count {
      let scalar = scalars[position]
      let next = position + 1 < scalars.count ? scalars[position + 1] : nil
      switch ScalarClass(scalar) {
      case .letter, .digit:
        add(scalar, to: &word)
      case .mark:
        if !word.isEmpty { add(scalar, to: &word) }
      case .apostrophe where !word.isEmpty && ScalarClass(scalars[position - 1]).isLetter && ScalarClass(next).isLetter:
        word.append(39)
      case .point where !word.isEmpty && ScalarClass(scalars[position - 1]) == .digit && ScalarClass(next) == .digit:
        add(scalar, to: &word)
      case .single:
        flush()
        add(scalar, to: &word)
        flush()
      case .emoji:
        flush()
        position = appendEmoji(scalars, at: position, to: &word)
        flush()
      case .apostrophe, .point, .other:
        flush()
      }
      position += 1
    }
    flush()
  }

  private func add(_ scalar: Unicode.Scalar, to word: inout [UInt8]) {
    if let encoded = UTF8.encode(scalar) { word.append(contentsOf: encoded) }
  }

  /// Appends an emoji with its modifiers and what is joined to it; returns the position of its last scalar.
  private func appendEmoji(_ scalars: [Unicode.Scalar], at start: Int, to word: inout [UInt8]) -> Int {
    var position = start
    add(scalars[start], to: &word)
    func isRegional(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }
    if isRegional(scalars[start]), start + 1 < scalars.count, isRegional(scalars[start + 1]) {
      add(scalars[start + 1], to: &word)
      return start + 1
    }
    while position + 1 < scalars.count {
      let next = scalars[position + 1]
      if next.value == 0xFE0F || next.value == 0xFE0E {
        // The choice between coloured and plain drawing does not make another word.
        position += 1
      } else if next.properties.isEmojiModifier {
        add(next, to: &word)
        position += 1
      } else if next.value == 0x200D, position + 2 < scalars.count, ScalarClass(scalars[position + 2]) == .emoji {
        add(next, to: &word)
        add(scalars[position + 2], to: &word)
        position += 2
      } else {
        break
      }
    }
    return position
  }
}

/// Classes of ASCII characters; those up to `capital` belong to words.
enum ASCIIClass {
  static let small: UInt8 = 0
  static let digit: UInt8 = 1
  static let underscore: UInt8 = 2
  static let capital: UInt8 = 3
  static let apostrophe: UInt8 = 4
  static let point: UInt8 = 5
  static let other: UInt8 = 6

  static func isLetter(_ kind: UInt8) -> Bool { kind == small || kind == capital }

  /// One class per byte value below 128.
  static let table: [UInt8] = (0..<128).map { (byte: UInt8) in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): small
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): capital
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit
    case UInt8(ascii: "_"): underscore
    case UInt8(ascii: "'"): apostrophe
    case UInt8(ascii: "."), UInt8(ascii: ","): point
    default: other
    }
  }
}

/// What a Unicode scalar is to the splitting of words.
enum ScalarClass {
  case letter, digit, mark, apostrophe, point, single, emoji, other

  var isLetter: Bool { self == .letter || self == .mark }

  init(_ scalar: Unicode.Scalar?) {
    guard let scalar else {
      self = .other
      return
    }
    if scalar.value < 0x80 {
      switch ASCIIClass.table[Int(scalar.value)] {
      case ASCIIClass.small, ASCIIClass.capital, ASCIIClass.underscore: self = .letter
      case ASCIIClass.digit: self = .digit
      case ASCIIClass.apostrophe: self = .apostrophe
      case ASCIIClass.point: self = .point
      default: self = .other
      }
      return
    }
    let properties = scalar.properties
    if scalar.value == 0x2019 {
      self = .apostrophe
    } else if properties.isIdeographic || (0x3040...0x309F).contains(scalar.value) {
      self = .single
    } else if properties.isEmoji && scalar.value >= 0x2190 {
      self = .emoji
    } else {
      switch properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .connectorPunctuation:
        self = .letter
      case .decimalNumber, .letterNumber, .otherNumber: self = .digit
      case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
      default: self = .other
      }
    }
  }
}
