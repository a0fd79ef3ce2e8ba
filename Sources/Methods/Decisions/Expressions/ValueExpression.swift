import Basics
import Evaluation
import Tables

/// A formula over a row's columns, its true label and its score: `0.9 * amount * label - 12`.
///
/// - Values: numbers (`12`, `0.9`, `1e3`), texts (`"north"`), `true`, `false`; columns by name, in backticks where the
///   name is not a plain word (`` `monthly fee` ``); date-times count as seconds since 1970.
/// - `label`: the true label. 1 for the positive class and 0 for the other one with two classes (a comparison with a
///   class name, `label == "yes"`, works too), the class name with more classes, the number for a numeric target.
/// - `score`: the probability of the positive class; `prediction` (or `score`) the predicted number of a numeric target;
///   `probability("class")` the probability of any class.
/// - Operators, loosest first: `c ? a : b`, `or`, `and`, `not`, comparisons and `in (...)`, `+ -`, `* / %`, negative
///   sign, `^`. `a % b` has the sign of `b`. Truth values count as 0 and 1 in arithmetic.
/// - Functions: `if(c, a, b)`, `min`, `max`, `abs`, `log` (natural), `exp`, `sqrt`, `round(x)`, `round(x, digits)`,
///   `floor`, `ceil`, `isMissing(x)`, `coalesce(a, b, ...)`.
/// - Missing values: a calculation or comparison with one is missing; `and` and `or` follow Kleene's logic.
public struct ValueExpression: Sendable, Hashable {
  /// The text of the expression.
  public let source: String
  /// Where it stands, for messages: `value.yaml, line 5, gain of "call"`.
  public let place: String
  let tree: SyntaxNode

  /// Parses an expression.
  ///
  /// - Parameter place: where it stands, for messages.
  /// - Throws: a `configuration` error with the character at which the expression goes wrong.
  public init(_ source: String, at place: String = "") throws(AssayError) {
    self.source = source
    self.place = place
    do {
      tree = try ExpressionParser.parse(source)
    } catch {
      throw ValueExpression.error(error, source, place)
    }
  }

  /// The same expression with a place for messages, where it has none.
  func placed(at place: String) -> ValueExpression {
    self.place.isEmpty ? ValueExpression(source: source, place: place, tree: tree) : self
  }

  private init(source: String, place: String, tree: SyntaxNode) {
    self.source = source
    self.place = place
    self.tree = tree
  }

  /// Two expressions are equal if their texts are, wherever they stand.
  public static func == (a: ValueExpression, b: ValueExpression) -> Bool { a.source == b.source }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }

  /// The columns that the expression mentions, each once, in the order of first mention.
  public var columns: [String] {
    var names: [String] = []
    func add(_ name: String) { if !names.contains(name) { names.append(name) } }
    tree.walk { node in
      switch node.syntax {
      case .column(let name): add(name)
      case .name(let name) where !ExpressionParser.reserved.contains(name): add(name)
      default: break
      }
    }
    return names
  }

  /// Whether the expression mentions the true label.
  public var usesLabel: Bool { mentions { $0 == .name("label") } }

  /// Whether the expression mentions the score, the prediction or a probability.
  public var usesScore: Bool {
    mentions { syntax in
      if case .call("probability", _) = syntax { return true }
      return syntax == .name("score") || syntax == .name("prediction")
    }
  }

  private func mentions(_ test: (Syntax) -> Bool) -> Bool {
    var found = false
    tree.walk { found = found || test($0.syntax) }
    return found
  }

  /// The value of an expression without columns and score; nil if it is undefined.
  func constant(_ scope: ExpressionScope, label: Double) -> Double? {
    guard let checked = try? checked(scope), let table = try? Table([]) else { return nil }
    let evaluator = ExpressionEvaluator(table: table, scope: scope, labels: .assumed(label), predictions: nil)
    guard case .number(let node) = checked, case .constant(let value) = evaluator.numbers(node) else { return nil }
    return value.isFinite ? value : nil
  }

  /// Checks names and types.
  ///
  /// - Throws: a `configuration` error that names the word, its place and the nearest known name.
  public func check(_ scope: ExpressionScope) throws(AssayError) {
    _ = try checked(scope)
  }

  /// The value of every row of a table as a number.
  ///
  /// - Parameters:
  ///   - labels: the labels, or the label that all rows are assumed to have.
  ///   - predictions: needed if the expression mentions the score; one row per row of the table.
  /// - Throws: `configuration` for a name or type that does not fit; `data` naming the first row whose value is missing
  ///   or infinite.
  public func numbers(
    over table: Table, scope: ExpressionScope, labels: LabelValues, predictions: Predictions?
  ) throws(AssayError) -> [Double] {
    let values = try values(over: table, scope: scope, labels: labels, predictions: predictions)
    if let row = values.firstIndex(where: { !$0.isFinite }) { throw undefined(values[row], row, table) }
    return values
  }

  /// The value of every row as a number, not finite where it is missing, undefined or infinite.
  ///
  /// - Throws: `configuration` for a name or type that does not fit.
  public func values(
    over table: Table, scope: ExpressionScope, labels: LabelValues, predictions: Predictions?
  ) throws(AssayError) -> [Double] {
    let node: CheckedNumber
    switch try checked(scope) {
    case .number(let value), .truth(let value): node = value
    case .text: throw error("the expression gives a text, a number is needed")
    }
    let evaluator = ExpressionEvaluator(table: table, scope: scope, labels: labels, predictions: predictions)
    return evaluator.numbers(node).values(count: table.rowCount)
  }

  /// The text that every row gives, or the truth as "true" and "false"; nil where it is missing. Labels and scores are
  /// not known here, whatever the scope says.
  ///
  /// - Throws: `configuration` for a name or type that does not fit, or if the expression gives a number.
  public func texts(over table: Table, scope: ExpressionScope) throws(AssayError) -> [String?] {
    let scope = ExpressionScope(columns: scope.columns, target: scope.target)
    let evaluator = ExpressionEvaluator(table: table, scope: scope, labels: .assumed(0), predictions: nil)
    switch try checked(scope) {
    case .number:
      throw error("the expression gives a number, a condition or a text is needed", remedy: "compare it with something")
    case .truth(let node):
      return evaluator.numbers(node).values(count: table.rowCount).map { $0.isNaN ? nil : $0 != 0 ? "true" : "false" }
    case .text(let node):
      let result = evaluator.texts(node).categories(count: table.rowCount)
      return result.codes.map { $0 < 0 ? nil : result.levels[Int($0)] }
    }
  }

  func checked(_ scope: ExpressionScope) throws(AssayError) -> CheckedExpression {
    do {
      return try ExpressionChecker(scope: scope).check(tree)
    } catch {
      throw ValueExpression.error(error, source, place)
    }
  }

  func error(_ problem: String, remedy: String = "") -> AssayError {
    ValueExpression.error(ExpressionMistake(problem: problem, position: 1, remedy: remedy), source, place)
  }

  private func undefined(_ value: Double, _ row: Int, _ table: Table) -> AssayError {
    let missing = columns.lazy.compactMap { table[$0] }.first { $0.isMissing(row) }
    let reason = missing.map { ", because column \"\($0.name)\" has no value there" } ?? ""
    let state = !value.isNaN ? "infinite" : missing == nil ? "undefined" : "missing"
    var remedy = "guard the division, logarithm or root with if(...)"
    if let missing {
      let isText = missing.kind == .text || missing.kind == .category
      let substitute = isText ? "\"unknown\"" : missing.kind == .boolean ? "false" : "0"
      remedy = "say what to take instead, as in coalesce(\(expressionName(missing.name)), \(substitute))"
    }
    return AssayError(.data, "\(source) is \(state) in row \(row + 1)\(reason)", at: place, remedy: remedy)
  }

  private static func error(_ mistake: ExpressionMistake, _ source: String, _ place: String) -> AssayError {
    let shown = source.count > 120 ? source.prefix(117) + "..." : source
    let position = "character \(mistake.position) of \(shown.replacing("\n", with: " "))"
    return AssayError(
      .configuration, mistake.problem, at: place.isEmpty ? position : "\(place), \(position)", remedy: mistake.remedy)
  }
}

extension ValueExpression: Codable {
  /// Reads an expression from its text.
  public init(from decoder: any Decoder) throws {
    let source = try decoder.singleValueContainer().decode(String.self)
    try self.init(source)
  }

  /// Writes the text of the expression.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(source)
  }
}
