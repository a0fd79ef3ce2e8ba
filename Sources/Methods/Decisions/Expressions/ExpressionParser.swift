/// Turns the text of an expression into a tree, by precedence climbing (Pratt, "Top down operator precedence", 1973).
struct ExpressionParser {
  /// Deeper trees are refused, so that no text can exhaust the stack.
  static let deepest = 200

  /// Words with a meaning of their own; a column of such a name is written in backticks.
  static let reserved: Set<String> = [
    "and", "or", "not", "in", "true", "false", "if", "label", "score", "prediction",
  ]

  private let tokens: [LocatedToken]
  private var next = 0
  private var depth = 0

  private init(_ tokens: [LocatedToken]) { self.tokens = tokens }

  /// The tree of an expression.
  static func parse(_ source: String) throws(ExpressionMistake) -> SyntaxNode {
    var parser = ExpressionParser(try ExpressionLexer.tokens(of: source))
    if parser.current.token == .end {
      throw ExpressionMistake(problem: "the expression is empty", position: 1)
    }
    let tree = try parser.expression(minimum: 0)
    guard parser.current.token == .end else { throw parser.unexpected("an operator or the end") }
    return tree
  }

  private var current: LocatedToken { tokens[next] }

  private mutating func take(_ symbol: String) -> Bool {
    guard current.token == .symbol(symbol) else { return false }
    next += 1
    return true
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard current.token == .name(word) else { return false }
    next += 1
    return true
  }

  private mutating func expect(_ symbol: String, _ purpose: String) throws(ExpressionMistake) {
    if !take(symbol) { throw unexpected("\"\(symbol)\" \(purpose)") }
  }

  private func unexpected(_ expected: String) -> ExpressionMistake {
    ExpressionMistake(problem: "expected \(expected), found \(describe(current.token))", position: current.position)
  }

  private func node(_ syntax: Syntax, at position: Int) throws(ExpressionMistake) -> SyntaxNode {
    let node = SyntaxNode(syntax, at: position)
    guard node.height <= Self.deepest else { throw tooDeep(position) }
    return node
  }

  private func tooDeep(_ position: Int) -> ExpressionMistake {
    ExpressionMistake(
      problem: "the expression is nested more than \(Self.deepest) levels deep", position: position,
      remedy: "make a column of a part of it")
  }

  private mutating func expression(minimum: Int) throws(ExpressionMistake) -> SyntaxNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw tooDeep(current.position) }
    var left = try prefix()
    while true {
      let position = current.position
      if minimum == 0, take("?") {
        let yes = try expression(minimum: 0)
        try expect(":", "of the ? : choice")
        left = try node(.call("if", [left, yes, try expression(minimum: 0)]), at: position)
      } else if minimum <= 4, current.token == .name("in") || isNotIn {
        left = try membership(left)
      } else if let op = infix(current.token), op.precedence >= minimum {
        next += 1
        // A power groups from the right, everything else from the left; comparisons do not chain.
        let right = try expression(minimum: op == .power ? op.precedence : op.precedence + 1)
        left = try node(.binary(op, left, right), at: position)
        if op.isComparison, infix(current.token)?.isComparison == true {
          throw ExpressionMistake(
            problem: "comparisons do not chain", position: current.position, remedy: "write a < b and b < c")
        }
      } else {
        return left
      }
    }
  }

  private var isNotIn: Bool {
    current.token == .name("not") && next + 1 < tokens.count && tokens[next + 1].token == .name("in")
  }

  private mutating func membership(_ value: SyntaxNode) throws(ExpressionMistake) -> SyntaxNode {
    let position = current.position
    let isNegated = takeWord("not")
    next += 1
    try expect("(", "and a list after \"in\"")
    let list = try arguments()
    guard !list.isEmpty else {
      throw ExpressionMistake(problem: "the list after \"in\" is empty", position: position)
    }
    let found = try node(.membership(value, list), at: position)
    return isNegated ? try node(.not(found), at: position) : found
  }

  private mutating func prefix() throws(ExpressionMistake) -> SyntaxNode {
    let position = current.position
    if take("-") { return try node(.negative(try expression(minimum: 7)), at: position) }
    if take("+") { return try expression(minimum: 7) }
    if takeWord("not") { return try node(.not(try expression(minimum: 3)), at: position) }
    if take("(") {
      let inner = try expression(minimum: 0)
      try expect(")", "")
      return inner
    }
    let token = current.token
    switch token {
    case .number(let value):
      next += 1
      return try node(.number(value), at: position)
    case .text(let text):
      next += 1
      return try node(.text(text), at: position)
    case .column(let name):
      next += 1
      return try node(.column(name), at: position)
    case .name(let word) where !["and", "or", "in"].contains(word):
      next += 1
      if word == "true" || word == "false" { return try node(.truth(word == "true"), at: position) }
      if take("(") { return try node(.call(word, try arguments()), at: position) }
      return try node(.name(word), at: position)
    case .name, .symbol, .end:
      throw unexpected("a number, a text, a column or \"(\"")
    }
  }

  /// Expressions up to the closing parenthesis; the opening one is taken already.
  private mutating func arguments() throws(ExpressionMistake) -> [SyntaxNode] {
    if take(")") { return [] }
    var list = [try expression(minimum: 0)]
    while take(",") { list.append(try expression(minimum: 0)) }
    try expect(")", "or \",\"")
    return list
  }

  private func infix(_ token: Token) -> BinaryOperator? {
    switch token {
    case .symbol(let symbol): BinaryOperator(rawValue: symbol)
    case .name("and"): .and
    case .name("or"): .or
    default: nil
    }
  }

  private func describe(_ token: Token) -> String {
    switch token {
    case .number(let value): "the number \(value.formatted)"
    case .text(let text): "the text \"\(text)\""
    case .name(let word): "\"\(word)\""
    case .column(let name): "`\(name)`"
    case .symbol(let symbol): "\"\(symbol)\""
    case .end: "the end"
    }
  }
}

extension Double {
  /// Without the decimals that a whole number does not need.
  var formatted: String {
    self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self)
  }
}
