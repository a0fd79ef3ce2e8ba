/// Estimates of how wide a text is drawn, for laying charts out where no font can be asked.
enum TextWidth {
  /// How much wider a semibold text is than a regular one.
  private static let boldness = 1.13

  /// The width in units of the font size, for the widest of the fonts that pages name or fall back to (DejaVu Sans and
  /// Verdana): in the others the text keeps some room.
  ///
  /// - Parameter isBold: whether it is drawn semibold or bold.
  static func ems(_ text: String, isBold: Bool) -> Double { ems(text) * (isBold ? boldness : 1) }

  /// The width of a regular text in units of the font size.
  static func ems(_ text: String) -> Double {
    var width = 0.0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "i", "j", "l", "I", "'", "|": width += 0.3
      case " ", "\u{A0}", ".", ",", ":", ";", "!", "/": width += 0.34
      case "f", "t", "r", "(", ")", "[", "]", "-": width += 0.41
      case "m", "w", "M", "W", "%", "@", "—", "…": width += 0.98
      case "+", "=", "<", ">", "−", "~": width += 0.84
      case "A"..."Z": width += 0.73
      case "0"..."9", "€": width += 0.64
      case "\u{0}"..."\u{24F}": width += 0.62
      case "\u{300}"..."\u{36F}", "\u{200B}"..."\u{200F}", "\u{FE00}"..."\u{FE0F}": break
      case "\u{1100}"..."\u{11FF}", "\u{2E80}"..."\u{9FFF}", "\u{AC00}"..."\u{D7FF}", "\u{F900}"..."\u{FAFF}",
        "\u{FF00}"..."\u{FFEF}", "\u{1F000}"..."\u{1FAFF}":
        width += 1.05
      default: width += 0.66
      }
    }
    return width
  }

  /// The text, shortened in the middle so that it is at most so many font sizes wide.
  static func fitted(_ text: String, ems limit: Double) -> String {
    guard ems(text) > limit else { return text }
    let characters = Array(text)
    // Keep three fifths of what fits from the front: names often differ at the end, too.
    for kept in stride(from: min(characters.count - 1, 200), through: 2, by: -1) {
      let front = (kept * 3 + 4) / 5
      let shortened = String(characters[..<front]) + "…" + String(characters[(characters.count - (kept - front))...])
      if ems(shortened) <= limit { return shortened }
    }
    return characters.first.map { "\($0)…" } ?? ""
  }
}
