/// The smallest unit of an expression.
enum Token: Equatable {
  case number(Double)
  case text(String)
  case name(String)
  case column(String)
  case symbol(String)
  case end
}

/// A token with its place, characters counted from 1.
struct LocatedToken: Equatable {
  var token: Token
  var position: Int
}

/// Cuts an expression into tokens.
struct ExpressionLexer {
  /// Longer texts are refused: nobody writes them by hand.
  static let longest = 20_000

  private let characters: [Unicode.Scalar]
  private var next = 0

  private init(_ source: String) { characters = Array(source.unicodeScalars) }

  /// The tokens of an expression, `end` last.
  static func tokens(of source: String) throws(ExpressionMistake) -> [LocatedToken] {
    guard source.utf8.count <= longest else {
      throw ExpressionMistake(problem: "the expression is longer than \(longest) characters", position: 1)
    }
    var lexer = ExpressionLexer(source)
    var tokens: [LocatedToken] = []
    repeat { tokens.append(try lexer.token()) } while tokens.last?.token != .end
    return tokens
  }

  private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    next + ahead < characters.count ? characters[next + ahead] : nil
  }

  private mutating func token() throws(ExpressionMistake) -> LocatedToken {
    while let c = peek(), c.properties.isWhitespace { next += 1 }
    let position = next + 1
    guard let c = peek() else { return LocatedToken(token: .end, position: position) }
    let token: Token
    if isDigit(c) || (c == "." && peek(1).map(isDigit) == true) {
      token = .number(try number())
    } else if c == "\"" || c == "'" {
      token = .text(try quoted(by: c, what: "text"))
    } else if c == "`" {
      token = .column(try quoted(by: c, what: "column name"))
    } else if startsName(c) {
      token = .name(name())
    } else {
      token = .symbol(try symbol())
    }
    return LocatedToken(token: token, position: position)
  }

  private mutating func number() throws(ExpressionMistake) -> Double {
    let start = next
    var text = ""
    func isPart(_ c: Unicode.Scalar) -> Bool { isDigit(c) || c == "." || c == "_" }
    while let c = peek(), isPart(c) {
      if c != "_" { text.unicodeScalars.append(c) }
      next += 1
    }
    if let e = peek(), e == "e" || e == "E" {
      let signed = peek(1) == "+" || peek(1) == "-"
      if peek(signed ? 2 : 1).map(isDigit) == true {
        for _ in 0..<(signed ? 2 : 1) {
          text.unicodeScalars.append(characters[next])
          next += 1
        }
        while let c = peek(), isDigit(c) {
          text.unicodeScalars.append(c)
          next += 1
        }
      }
    }
    guard let value = Double(text), value.isFinite else {
      throw ExpressionMistake(problem: "\"\(text)\" is not a number", position: start + 1)
    }
    if let c = peek(), startsName(c) {
      throw ExpressionMistake(
        problem: "\"\(text)\(c)\" is neither a number nor a name", position: start + 1,
        remedy: "write * between a number and a name, and backticks around a column name that starts with a digit")
    }
    return value
  }

  private mutating func quoted(by mark: Unicode.Scalar, what: String) throws(ExpressionMistake) -> String {
    let start = next
    var text = String.UnicodeScalarView()
    next += 1
    while let c = peek() {
      next += 1
      if c == mark { return String(text) }
      if c == "\\", let escaped = peek(), escaped == mark || escaped == "\\" {
        text.append(escaped)
        next += 1
      } else {
        text.append(c)
      }
    }
    throw ExpressionMistake(
      problem: "the \(what) that starts with \(mark) has no end", position: start + 1, remedy: "close it with \(mark)")
  }

  private mutating func name() -> String {
    var text = String.UnicodeScalarView()
    while let c = peek(), startsName(c) || isDigit(c) || c == "." {
      text.append(c)
      next += 1
    }
    return String(text)
  }

  private static let slips: [String: String] = [
    "=": "write == to compare", "&": "write and", "&&": "write and", "|": "write or", "||": "write or",
    "!": "write not", "<>": "write !=", "**": "write ^ for a power", "≤": "write <=", "≥": "write >=", "×": "write *",
    "“": "write \" around texts", "”": "write \" around texts", "’": "write ' around texts",
    "$": "write the number alone", "€": "write the number alone", "£": "write the number alone",
  ]

  private mutating func symbol() throws(ExpressionMistake) -> String {
    let start = next
    let one = String(Character(characters[next]))
    let two = peek(1).map { one + String(Character($0)) } ?? one
    if ["==", "!=", "<=", ">="].contains(two) {
      next += 2
      return two
    }
    let known = Self.slips[two] == nil && "+-*/%^()<>,?:".contains(one)
    guard known else {
      let shown = Self.slips[two] == nil ? one : two
      throw ExpressionMistake(
        problem: "\"\(shown)\" is not part of the language", position: start + 1, remedy: Self.slips[shown] ?? "")
    }
    next += 1
    return one
  }

  private func isDigit(_ c: Unicode.Scalar) -> Bool { c >= "0" && c <= "9" }
  private func startsName(_ c: Unicode.Scalar) -> Bool { c == "_" || c.properties.isAlphabetic }
}

/// A column's name as it must be written in an expression: in backticks where it is not a plain word.
func expressionName(_ column: String) -> String {
  let tokens = (try? ExpressionLexer.tokens(of: column)) ?? []
  if tokens.count == 2, tokens[0].token == .name(column), !ExpressionParser.reserved.contains(column) { return column }
  return "`" + column.replacing("\\", with: "\\\\").replacing("`", with: "\\`") + "`"
}
