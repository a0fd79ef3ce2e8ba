/// Text for a terminal: names made harmless, columns aligned, lines wrapped.
struct TerminalText {
  /// The columns of the terminal.
  var width: Int
  /// Whether escape sequences for bold and colour are written.
  var usesColors: Bool

  /// How a piece of text stands out.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
  }

  func styled(_ text: String, _ style: Style) -> String {
    usesColors ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// A text from outside without anything that a terminal would obey: control characters become their pictures.
  static func safe(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{0}"..."\u{1F}": result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The cells that a text takes: two for wide characters, none for marks that combine.
  static func cells(_ text: String) -> Int {
    text.reduce(0) { sum, character in
      guard let scalar = character.unicodeScalars.first else { return sum }
      switch scalar {
      case "\u{300}"..."\u{36F}", "\u{200B}"..."\u{200F}", "\u{FE00}"..."\u{FE0F}": return sum
      case "\u{1100}"..."\u{115F}", "\u{2E80}"..."\u{A4CF}", "\u{AC00}"..."\u{D7A3}", "\u{F900}"..."\u{FAFF}",
        "\u{FE30}"..."\u{FE6F}", "\u{FF00}"..."\u{FF60}", "\u{1F000}"..."\u{1FAFF}":
        return sum + 2
      default: return sum + 1
      }
    }
  }

  /// The text in at most so many cells, its middle left out if need be.
  static func fitted(_ text: String, cells limit: Int) -> String {
    guard cells(text) > limit else { return text }
    let characters = Array(text)
    for kept in stride(from: min(characters.count - 1, limit), through: 1, by: -1) {
      let front = (kept * 2 + 2) / 3
      let shortened = String(characters[..<front]) + "…" + String(characters[(characters.count - kept + front)...])
      if cells(shortened) <= limit { return shortened }
    }
    return "…"
  }

  /// The words of a text in lines of the terminal's width, each after an indent.
  func wrapped(_ text: String, indent: String = "", first: String? = nil) -> String {
    let room = max(20, width - TerminalText.cells(indent))
    var lines: [String] = [""]
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if TerminalText.cells(last) + 1 + TerminalText.cells(String(word)) <= room {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.enumerated().map { ($0.offset == 0 ? first ?? indent : indent) + $0.element }.joined(separator: "\n")
  }

  /// A column of a table.
  struct Column {
    var title: String
    var isNumber = false
    /// The cells at which longer entries are shortened.
    var limit = 32
  }

  /// The cells from which on a shortened text still says something.
  private static let fewestCells = 12

  /// Rows below a heading, columns aligned; the first text that no longer fits is shortened where that leaves enough of
  /// it, what comes after is left out.
  func table(_ columns: [Column], _ rows: [[String]], highlighted: Int? = nil) -> String {
    var shortened = rows.map { row in zip(columns, row).map { TerminalText.fitted($1, cells: $0.limit) } }
    var widths: [Int] = []
    for (index, column) in columns.enumerated() {
      let cells = shortened.map { index < $0.count ? TerminalText.cells($0[index]) : 0 }.max() ?? 0
      let needed = max(TerminalText.cells(column.title), cells)
      let room = width - widths.reduce(0, +) - 2 * widths.count
      if needed > room, !widths.isEmpty {
        guard !column.isNumber, room >= max(TerminalText.fewestCells, TerminalText.cells(column.title)) else { break }
        for row in shortened.indices where index < shortened[row].count {
          shortened[row][index] = TerminalText.fitted(shortened[row][index], cells: room)
        }
        widths.append(room)
        break
      }
      widths.append(needed)
    }
    let line = { (entries: [String]) -> String in
      let padded = zip(zip(entries, columns), widths).map { entry, width in
        let space = String(repeating: " ", count: max(0, width - TerminalText.cells(entry.0)))
        return entry.1.isNumber ? space + entry.0 : entry.0 + space
      }
      var text = padded.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      return text
    }
    let body = shortened.enumerated().map { index, row in
      index == highlighted ? styled(line(row), .bold) : line(row)
    }
    return ([styled(line(columns.map(\.title)), .dim)] + body).joined(separator: "\n")
  }
}
