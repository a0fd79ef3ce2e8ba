/// Text of an HTML or SVG document that is known to be well-formed.
///
/// Literal parts are taken as they are; an interpolated `String` is escaped, an interpolated `Markup` is not. So a name
/// from a customer's table can never open an element: the compiler picks the escaping.
struct Markup: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
  private(set) var description: String

  init(stringLiteral value: String) { description = value }

  init(stringInterpolation: StringInterpolation) { description = stringInterpolation.text }

  /// Markup that shows a text as it is.
  init(text: String) { description = Markup.escaped(text) }

  /// Pieces end to end.
  init(_ parts: some Sequence<Markup>) { description = parts.lazy.map(\.description).joined() }

  var isEmpty: Bool { description.isEmpty }

  static func + (a: Markup, b: Markup) -> Markup { Markup([a, b]) }

  static func += (a: inout Markup, b: Markup) { a.description += b.description }

  /// The text that a reader sees: without elements, characters of markup restored.
  var plainText: String {
    var result = ""
    var isInside = false
    for character in description {
      if character == "<" { isInside = true }
      if !isInside { result.append(character) }
      if character == ">" { isInside = false }
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    for (entity, character) in entities { result = result.replacing(entity, with: character) }
    return result
  }

  struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }

    mutating func appendInterpolation(_ value: Markup) { text += value.description }

    mutating func appendInterpolation(_ values: [Markup]) { for value in values { text += value.description } }

    mutating func appendInterpolation(_ value: Int) { text += String(value) }

    /// A coordinate of a drawing.
    mutating func appendInterpolation(_ value: Double) { text += Markup.coordinate(value) }
  }

  /// The text with the characters of markup replaced, in element content and in quoted attributes alike.
  ///
  /// Control characters, which XML forbids, become their pictures (U+2400 and on); marks that reorder the text around
  /// them become the replacement character, so that a name cannot turn its neighbourhood round.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}": result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{FFFE}", "\u{FFFF}":
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A coordinate with at most two decimals; zero for what is not a drawable number.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let whole = abs(hundredths) / 100
    let part = abs(hundredths) % 100
    let sign = hundredths < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    if part % 10 == 0 { return "\(sign)\(whole).\(part / 10)" }
    return "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}
