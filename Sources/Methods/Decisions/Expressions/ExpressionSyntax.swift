/// A mistake in an expression, at a character counted from 1.
struct ExpressionMistake: Error, Equatable {
  var problem: String
  var position: Int
  var remedy: String = ""
}

/// A piece of an expression as written.
enum Syntax: Sendable, Hashable {
  case number(Double)
  case text(String)
  case truth(Bool)
  /// A bare word: a column, or one of the words `label`, `score`, `prediction`.
  case name(String)
  /// A word in backticks: always a column.
  case column(String)
  case negative(SyntaxNode)
  case not(SyntaxNode)
  case binary(BinaryOperator, SyntaxNode, SyntaxNode)
  case membership(SyntaxNode, [SyntaxNode])
  case call(String, [SyntaxNode])
}

/// A piece of an expression with its place and the height of the tree below it.
///
/// A class, so that the recursive tree needs no boxes of its own; it never changes after it was built.
final class SyntaxNode: Sendable, Hashable {
  let syntax: Syntax
  let position: Int
  let height: Int

  init(_ syntax: Syntax, at position: Int) {
    self.syntax = syntax
    self.position = position
    height = 1 + (syntax.children.map(\.height).max() ?? 0)
  }

  static func == (a: SyntaxNode, b: SyntaxNode) -> Bool { a.syntax == b.syntax }
  func hash(into hasher: inout Hasher) { hasher.combine(syntax) }

  /// All nodes, this one first.
  func walk(_ visit: (SyntaxNode) -> Void) {
    visit(self)
    for child in syntax.children { child.walk(visit) }
  }
}

extension Syntax {
  var children: [SyntaxNode] {
    switch self {
    case .number, .text, .truth, .name, .column: []
    case .negative(let a), .not(let a): [a]
    case .binary(_, let a, let b): [a, b]
    case .membership(let a, let list): [a] + list
    case .call(_, let arguments): arguments
    }
  }
}

/// An operator between two operands.
enum BinaryOperator: String, Sendable, Hashable {
  case or, and
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case modulo = "%"
  case power = "^"

  /// How tightly it binds; a negative sign binds with 7, `not` with 3, the ternary with 0.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
    case .add, .subtract: 5
    case .multiply, .divide, .modulo: 6
    case .power: 8
    }
  }

  var isComparison: Bool { precedence == 4 }
  var isArithmetic: Bool { precedence >= 5 }
}
