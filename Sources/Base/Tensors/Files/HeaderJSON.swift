/// A value of JSON as the headers of tensor files need it: objects keep their order and their repeats, so that a name
/// that is there twice is seen.
enum HeaderJSON {
  case object([(name: String, value: HeaderJSON)])
  case array([HeaderJSON])
  case text(String)
  /// A whole number that fits into 64 bits.
  case whole(Int)
  /// Any other number, `true`, `false` or `null`.
  case other(String)

  /// What is not JSON, and at which byte.
  struct Problem: Error {
    let words: String
    let byte: Int
  }

  /// Reads a text that is one JSON value with nothing but white space around it.
  init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Problem) {
    var reader = Reader(bytes: bytes)
    self = try reader.value(depth: 0)
    reader.skipSpace()
    if reader.position < bytes.count { throw Problem(words: "something follows the end", byte: reader.position) }
  }

  /// "an object", "a text": for messages.
  var kind: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .text: "a text"
    case .whole, .other: "a number or a constant"
    }
  }
}

/// Walks over the bytes of a JSON text (RFC 8259).
private struct Reader {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  /// Deeper nesting than any header has could exhaust the stack.
  private let deepest = 32

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func problem(_ words: String) -> HeaderJSON.Problem { HeaderJSON.Problem(words: words, byte: position) }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  /// Takes a character, after white space, if it comes next.
  private mutating func takes(_ character: Character) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws(HeaderJSON.Problem) -> HeaderJSON {
    skipSpace()
    guard position < bytes.count else { throw problem("it ends where a value should be") }
    guard depth < deepest else { throw problem("more than \(deepest) levels of nesting") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .text(try text())
    default: return try word()
    }
  }

  private mutating func object(_ depth: Int) throws(HeaderJSON.Problem) -> HeaderJSON {
    position += 1
    var fields: [(name: String, value: HeaderJSON)] = []
    if takes("}") { return .object(fields) }
    repeat {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw problem("expected a name") }
      let name = try text()
      guard takes(":") else { throw problem("expected \":\" after the name \"\(name)\"") }
      fields.append((name, try value(depth: depth + 1)))
    } while takes(",")
    guard takes("}") else { throw problem("expected \",\" or \"}\"") }
    return .object(fields)
  }

  private mutating func array(_ depth: Int) throws(HeaderJSON.Problem) -> HeaderJSON {
    position += 1
    var items: [HeaderJSON] = []
    if takes("]") { return .array(items) }
    repeat { items.append(try value(depth: depth + 1)) } while takes(",")
    guard takes("]") else { throw problem("expected \",\" or \"]\"") }
    return .array(items)
  }

  /// A number or a constant, as far as its characters go.
  private mutating func word() throws(HeaderJSON.Problem) -> HeaderJSON {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"),
        UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        position += 1
        continue
      default: break
      }
      break
    }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    if ["true", "false", "null"].contains(word) { return .other(word) }
    if isNumber(start..<position) { return Int(word).map { .whole($0) } ?? .other(word) }
    position = start
    throw problem("expected a value")
  }

  /// Whether bytes are a number by the grammar of JSON: no sign but a minus, no zeros in front, digits around a point.
  private func isNumber(_ range: Range<Int>) -> Bool {
    var rest = bytes[range]
    func digits() -> Int {
      let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let leads = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !leads || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard digits() > 0 else { return false }
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// A text with its quotes.
  private mutating func text() throws(HeaderJSON.Problem) -> String {
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: content, as: UTF8.self) else { throw problem("a text is not UTF-8") }
        position += 1
        return text
      case UInt8(ascii: "\\"): try escape(into: &content)
      case 0..<0x20: throw problem("a control character inside a text")
      default:
        content.append(byte)
        position += 1
      }
    }
    throw problem("a text has no end")
  }

  private mutating func escape(into content: inout [UInt8]) throws(HeaderJSON.Problem) {
    guard position + 1 < bytes.count else { throw problem("a text has no end") }
    let letter = bytes[position + 1]
    var plain: UInt8?
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain = letter
    case UInt8(ascii: "b"): plain = 0x08
    case UInt8(ascii: "f"): plain = 0x0C
    case UInt8(ascii: "n"): plain = 0x0A
    case UInt8(ascii: "r"): plain = 0x0D
    case UInt8(ascii: "t"): plain = 0x09
    default: break
    }
    if let plain {
      content.append(plain)
      position += 2
      return
    }
    guard letter == UInt8(ascii: "u"), let first = codeUnit(at: position + 2) else { throw problem("a wrong escape") }
    position += 6
    var units = [first]
    if UTF16.isLeadSurrogate(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u"), let second = codeUnit(at: position + 2)
    {
      units.append(second)
      position += 6
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw problem("half of a surrogate pair") }
    content += text.utf8
  }

  /// Four hexadecimal digits as a number.
  private func codeUnit(at start: Int) -> UInt16? {
    guard start + 4 <= bytes.count else { return nil }
    let digits = bytes[start..<start + 4]
    guard digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

extension String {
  /// The text as JSON with its quotes: control characters, quotes and backslashes escaped, all else as it is.
  var asJSON: String {
    var result = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case "\u{00}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
