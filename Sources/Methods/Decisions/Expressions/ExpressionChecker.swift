import Evaluation
import Tables

/// Gives every name of an expression its meaning and every part its type.
struct ExpressionChecker {
  let scope: ExpressionScope

  /// The functions with the number of their arguments.
  static let functions: [String: ClosedRange<Int>] = [
    "if": 3...3, "min": 2...100, "max": 2...100, "abs": 1...1, "log": 1...1, "exp": 1...1, "sqrt": 1...1,
    "round": 1...2, "floor": 1...1, "ceil": 1...1, "isMissing": 1...1, "coalesce": 2...100, "probability": 1...1,
  ]

  func check(_ node: SyntaxNode) throws(ExpressionMistake) -> CheckedExpression {
    switch node.syntax {
    case .number(let value): return .number(.constant(value))
    case .text(let text): return .text(.constant(text))
    case .truth(let value): return .truth(.constant(value ? 1 : 0))
    case .name(let name): return try word(name, node)
    case .column(let name): return try column(name, node)
    case .negative(let a): return .number(.map(.negative, try number(a, "after -")))
    case .not(let a): return .truth(.map(.not, try condition(a, "after \"not\"")))
    case .binary(let op, let a, let b): return try binary(op, a, b, node)
    case .membership(let value, let list): return try membership(value, list)
    case .call(let name, let arguments): return try call(name, arguments, node)
    }
  }

  // MARK: Names

  private func word(_ name: String, _ node: SyntaxNode) throws(ExpressionMistake) -> CheckedExpression {
    switch name {
    case "label": return try label(node)
    case "score", "prediction": return try score(name, node)
    default: return try column(name, node)
    }
  }

  private func label(_ node: SyntaxNode) throws(ExpressionMistake) -> CheckedExpression {
    guard let task = scope.task else { throw unknownBefore("label", node) }
    if case .regression = task { return .number(.label) }
    return task.isBinary ? .truth(.label) : .text(.label)
  }

  private func score(_ name: String, _ node: SyntaxNode) throws(ExpressionMistake) -> CheckedExpression {
    guard let task = scope.task else { throw unknownBefore(name, node) }
    if case .regression = task { return .number(.prediction) }
    if name == "prediction" {
      throw ExpressionMistake(
        problem: "\"prediction\" belongs to a numeric target", position: node.position,
        remedy: "write score for the probability of the positive class, or probability(\"class\")")
    }
    guard task.isBinary else {
      throw ExpressionMistake(
        problem: "there is no single score with \(task.width) classes", position: node.position,
        remedy: "write probability(\"\(task.classes[0])\") and so on")
    }
    return .number(.probability(scope.positive))
  }

  private func unknownBefore(_ name: String, _ node: SyntaxNode) -> ExpressionMistake {
    ExpressionMistake(
      problem: "\"\(name)\" is not known when this rule is applied", position: node.position,
      remedy: "use columns only; a column of this name is written `\(name)`")
  }

  private func column(_ name: String, _ node: SyntaxNode) throws(ExpressionMistake) -> CheckedExpression {
    guard let kind = scope.columns[name] else { throw unknown(name, node) }
    if name == scope.target {
      throw ExpressionMistake(
        problem: "\"\(name)\" is the target, which is not known when deciding", position: node.position,
        remedy: scope.task == nil ? "use other columns" : "write label instead")
    }
    switch kind {
    case .integer, .float, .dateTime: return .number(.column(name))
    case .boolean: return .truth(.column(name))
    case .text, .category: return .text(.column(name))
    }
  }

  private func unknown(_ name: String, _ node: SyntaxNode) -> ExpressionMistake {
    var names = Set(scope.columns.keys)
    if scope.task != nil { names.formUnion(["label", "score"]) }
    let nearest = nearestName(to: name, among: names)
    let spelled = nearest.map { scope.columns[$0] == nil ? $0 : expressionName($0) }
    return ExpressionMistake(
      problem: "there is no column \"\(name)\"", position: node.position,
      remedy: spelled.map { "did you mean \($0)?" } ?? (names.isEmpty ? "the table has no columns" : listed(names)))
  }

  // MARK: Types

  // Each part is checked once and its type looked at afterwards: checking twice per level would take time exponential
  // in the depth.

  private func number(_ node: SyntaxNode, _ place: String) throws(ExpressionMistake) -> CheckedNumber {
    try number(try check(node), node, place)
  }

  private func number(
    _ value: CheckedExpression, _ node: SyntaxNode, _ place: String
  ) throws(ExpressionMistake) -> CheckedNumber {
    switch value {
    case .number(let value), .truth(let value): return value
    case .text:
      throw ExpressionMistake(
        problem: "a number is needed \(place), \(shown(node)) is a text", position: node.position,
        remedy: "compare it with a text in quotes, as in (\(shown(node)) == \"...\")")
    }
  }

  private func condition(_ node: SyntaxNode, _ place: String) throws(ExpressionMistake) -> CheckedNumber {
    let value = try check(node)
    if case .truth(let condition) = value { return condition }
    throw ExpressionMistake(
      problem: "a condition is needed \(place), \(shown(node)) is \(value.type.rawValue)", position: node.position,
      remedy: "compare it, as in \(shown(node)) \(value.type == .text ? "== \"...\"" : "> 0")")
  }

  private func shown(_ node: SyntaxNode) -> String {
    switch node.syntax {
    case .number(let value): value.formatted
    case .text(let text): "\"\(text)\""
    case .name(let name): name
    case .column(let name): "`\(name)`"
    default: "this"
    }
  }

  private func binary(
    _ op: BinaryOperator, _ a: SyntaxNode, _ b: SyntaxNode, _ node: SyntaxNode
  ) throws(ExpressionMistake) -> CheckedExpression {
    if op == .and || op == .or {
      let place = "beside \"\(op.rawValue)\""
      return .truth(.combine(op == .and ? .and : .or, try condition(a, place), try condition(b, place)))
    }
    if op.isArithmetic {
      let place = "beside \(op.rawValue)"
      return .number(.combine(Self.meanings[op]!, try number(a, place), try number(b, place)))
    }
    let left = try check(a)
    let right = try check(b)
    guard let (x, y) = try texts(left, a, right, b) else {
      let place = "beside \(op.rawValue)"
      return .truth(.combine(Self.meanings[op]!, try number(left, a, place), try number(right, b, place)))
    }
    guard op == .equal || op == .unequal else {
      throw ExpressionMistake(
        problem: "texts have no order", position: node.position, remedy: "compare them with == or !=")
    }
    return .truth(.compareTexts(equal: op == .equal, x, y))
  }

  private static let meanings: [BinaryOperator: BinaryFunction] = [
    .add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .modulo: .modulo, .power: .power,
    .equal: .equal, .unequal: .unequal, .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
    .greaterOrEqual: .greaterOrEqual,
  ]

  /// Both sides as texts, nil if both are numbers.
  private func texts(
    _ x: CheckedExpression, _ a: SyntaxNode, _ y: CheckedExpression, _ b: SyntaxNode
  ) throws(ExpressionMistake) -> (CheckedText, CheckedText)? {
    if x.type != .text && y.type != .text { return nil }
    let left = try text(x, a, beside: y)
    let right = try text(y, b, beside: x)
    try checkClass(left, right, b)
    try checkClass(right, left, a)
    return (left, right)
  }

  /// A value as a text; the label of a two-class problem may be compared with the name of a class too.
  private func text(
    _ value: CheckedExpression, _ node: SyntaxNode, beside other: CheckedExpression
  ) throws(ExpressionMistake) -> CheckedText {
    if case .text(let text) = value { return text }
    if case .name("label") = node.syntax, scope.task?.isBinary == true { return .label }
    var remedy = "remove the quotes"
    if case .text(.column) = other { remedy = "put \(shown(node)) in quotes" }
    throw ExpressionMistake(
      problem: "a text is compared with \(shown(node)), which is \(value.type.rawValue)", position: node.position,
      remedy: remedy)
  }

  private func checkClass(
    _ side: CheckedText, _ other: CheckedText, _ node: SyntaxNode
  ) throws(ExpressionMistake) {
    if case .label = side, case .constant(let name) = other { _ = try classIndex(name, node) }
  }

  private func classIndex(_ name: String, _ node: SyntaxNode) throws(ExpressionMistake) -> Int {
    let classes = scope.task?.classes ?? []
    if let index = classes.firstIndex(of: name) { return index }
    let nearest = nearestName(to: name, among: classes)
    throw ExpressionMistake(
      problem: "there is no class \"\(name)\"", position: node.position,
      remedy: nearest.map { "did you mean \"\($0)\"?" } ?? (classes.isEmpty ? "" : listed(classes)))
  }

  private func membership(
    _ value: SyntaxNode, _ list: [SyntaxNode]
  ) throws(ExpressionMistake) -> CheckedExpression {
    let tested = try check(value)
    var texts: [CheckedText] = []
    var numbers: [CheckedNumber] = []
    var testedText: CheckedText?
    for node in list {
      let member = try check(node)
      if let (left, right) = try self.texts(tested, value, member, node) {
        testedText = left
        texts.append(right)
      } else {
        numbers.append(try number(member, node, "in this list"))
      }
    }
    guard let testedText else { return .truth(.memberOf(try number(tested, value, "before \"in\""), numbers)) }
    guard numbers.isEmpty else {
      throw ExpressionMistake(
        problem: "the list mixes texts and numbers", position: list[0].position, remedy: "give it values of one type")
    }
    return .truth(.textMemberOf(testedText, texts))
  }

  // MARK: Functions

  private func call(
    _ name: String, _ arguments: [SyntaxNode], _ node: SyntaxNode
  ) throws(ExpressionMistake) -> CheckedExpression {
    guard let allowed = Self.functions[name] else {
      let nearest = nearestName(to: name, among: Self.functions.keys)
      throw ExpressionMistake(
        problem: "there is no function \"\(name)\"", position: node.position,
        remedy: nearest.map { "did you mean \($0)(...)?" } ?? listed(Self.functions.keys))
    }
    guard allowed.contains(arguments.count) else {
      let wanted = allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
      throw ExpressionMistake(
        problem: "\(name) takes \(wanted) argument\(wanted == "1" ? "" : "s"), not \(arguments.count)",
        position: node.position)
    }
    switch name {
    case "if": return try choose(arguments)
    case "coalesce": return try coalesce(arguments)
    case "probability": return try probability(arguments[0])
    case "isMissing":
      switch try check(arguments[0]) {
      case .number(let value), .truth(let value): return .truth(.map(.isMissing, value))
      case .text(let value): return .truth(.textIsMissing(value))
      }
    case "min", "max": return .number(try fold(name == "min" ? .min : .max, arguments, "in \(name)"))
    case "round" where arguments.count == 2: return .number(try fold(.roundTo, arguments, "in round"))
    default: return .number(.map(UnaryFunction(rawValue: name)!, try number(arguments[0], "in \(name)")))
    }
  }

  private func fold(
    _ function: BinaryFunction, _ arguments: [SyntaxNode], _ place: String
  ) throws(ExpressionMistake) -> CheckedNumber {
    var result = try number(arguments[0], place)
    for argument in arguments.dropFirst() { result = .combine(function, result, try number(argument, place)) }
    return result
  }

  private func choose(_ arguments: [SyntaxNode]) throws(ExpressionMistake) -> CheckedExpression {
    let test = try condition(arguments[0], "first in a choice")
    let yes = try check(arguments[1])
    let no = try check(arguments[2])
    switch (yes, no) {
    case (.truth(let yes), .truth(let no)): return .truth(.choose(test, yes, no))
    case (.text(let yes), .text(let no)): return .text(.choose(test, yes, no))
    default:
      let place = "in this choice"
      return .number(
        .choose(test, try number(yes, arguments[1], place), try number(no, arguments[2], place)))
    }
  }

  private func coalesce(_ arguments: [SyntaxNode]) throws(ExpressionMistake) -> CheckedExpression {
    var result = try check(arguments[0])
    for argument in arguments.dropFirst() {
      switch (result, try check(argument)) {
      case (.truth(let a), .truth(let b)): result = .truth(.combine(.coalesce, a, b))
      case (.text(let a), .text(let b)): result = .text(.coalesce(a, b))
      case (.number(let a), .number(let b)), (.number(let a), .truth(let b)), (.truth(let a), .number(let b)):
        result = .number(.combine(.coalesce, a, b))
      default:
        throw ExpressionMistake(
          problem: "coalesce mixes texts and numbers", position: argument.position,
          remedy: "give it values of one type")
      }
    }
    return result
  }

  private func probability(_ argument: SyntaxNode) throws(ExpressionMistake) -> CheckedExpression {
    guard let task = scope.task, !task.classes.isEmpty else {
      throw ExpressionMistake(
        problem: "there are no probabilities here", position: argument.position,
        remedy: scope.task == nil ? "use columns only" : "write prediction for the predicted number")
    }
    guard case .text(let name) = argument.syntax else {
      throw ExpressionMistake(
        problem: "probability takes the name of a class in quotes", position: argument.position,
        remedy: "write probability(\"\(task.classes[0])\")")
    }
    return .number(.probability(try classIndex(name, argument)))
  }
}
