import Basics
import Evaluation
import Tables

/// What decisions are worth: the actions with their gains and costs, the limits, and today's practice.
public struct ValueSpecification: Sendable, Hashable, Codable {
  /// Something that can be done with a row.
  public struct Action: Sendable, Hashable, Codable {
    /// The name: "call".
    public var name: String
    /// What it brings in, per row; nil means nothing.
    public var gain: ValueExpression?
    /// What it costs, per row; nil means nothing.
    public var cost: ValueExpression?

    /// Creates an action.
    public init(_ name: String, gain: ValueExpression? = nil, cost: ValueExpression? = nil) {
      self.name = name
      self.gain = gain
      self.cost = cost
    }
  }

  /// The name of the action that is implied where none is given for the rows not acted on.
  public static let doNothing = "do nothing"

  /// The currency as shown: "EUR".
  public var currency: String
  /// The actions; the first is the one for rows not acted on.
  public var actions: [Action]
  /// The class whose label counts as 1, for two classes; nil means the second class of the task.
  public var positive: String?
  /// What a row is, in the singular: "customer".
  public var unit: String
  /// The column with the date and time by which a capacity per period is counted.
  public var time: String?
  /// How many rows can be acted on; nil means no limit.
  public var capacity: Capacity?
  /// Today's practice: a condition (true: the one action is taken), or the name of an action; a missing value stands for
  /// the first action.
  public var today: ValueExpression?

  /// Creates a specification.
  ///
  /// - Parameter actions: what can be done, beside "do nothing", which is put first unless an action of this name is
  ///   there (it moves to the front) or `first` names another one.
  /// - Throws: a `configuration` error for no action, or two of the same name.
  public init(
    actions: [Action], first: String? = nil, currency: String = "units", positive: String? = nil,
    unit: String = "row", time: String? = nil, capacity: Capacity? = nil, today: ValueExpression? = nil
  ) throws(AssayError) {
    let firstName = first ?? ValueSpecification.doNothing
    var ordered = actions
    if let position = actions.firstIndex(where: { $0.name == firstName }) {
      ordered.insert(ordered.remove(at: position), at: 0)
    } else if let first {
      throw AssayError(
        .configuration, "the default action \"\(first)\" is not among the actions",
        remedy: nearestName(to: first, among: actions.map(\.name)).map { "did you mean \"\($0)\"?" } ?? "")
    } else {
      ordered.insert(Action(firstName), at: 0)
    }
    guard ordered.count > 1 else {
      throw AssayError(
        .configuration, "there is no action to decide on", remedy: "give at least one beside \"\(firstName)\"")
    }
    for (index, action) in ordered.enumerated() where ordered[..<index].contains(where: { $0.name == action.name }) {
      throw AssayError(.configuration, "two actions are named \"\(action.name)\"", remedy: "rename one of them")
    }
    self.actions = ordered
    self.currency = currency
    self.positive = positive
    self.unit = unit
    self.time = time
    self.capacity = capacity
    self.today = today
  }

  /// Creates a specification with one action from the texts of command line flags.
  ///
  /// - Throws: a `configuration` error that names the flag.
  public init(
    action: String = "act", gain: String?, cost: String? = nil, capacity: String? = nil, today: String? = nil,
    currency: String = "units", positive: String? = nil
  ) throws(AssayError) {
    func expression(_ text: String?, _ flag: String) throws(AssayError) -> ValueExpression? {
      guard let text else { return nil }
      return try ValueExpression(text, at: flag)
    }
    var limit: Capacity?
    if let capacity { limit = try Capacity(parsing: capacity, at: "--capacity") }
    try self.init(
      actions: [Action(action, gain: expression(gain, "--gain"), cost: expression(cost, "--cost"))],
      currency: currency, positive: positive, capacity: limit, today: expression(today, "--today"))
  }

  /// The names of the actions, the one for rows not acted on first.
  public var actionNames: [String] { actions.map(\.name) }

  /// The columns that deciding needs, each once.
  public var columns: [String] {
    var names: [String] = []
    let expressions = actions.flatMap { [$0.gain, $0.cost] }.compactMap { $0 }
    for name in expressions.flatMap(\.columns) + (capacity?.unit.isPeriod == true ? [time].compactMap { $0 } : [])
    where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  /// The index of the positive class of a task with two classes.
  ///
  /// - Throws: a `configuration` error if `positive` is not one of the classes.
  public func positiveIndex(_ task: LearningTask) throws(AssayError) -> Int {
    guard let positive, !task.classes.isEmpty else { return 1 }
    if let index = task.classes.firstIndex(of: positive) { return index }
    throw AssayError(
      .configuration, "the positive class \"\(positive)\" is not among the classes",
      remedy: nearestName(to: positive, among: task.classes).map { "did you mean \"\($0)\"?" } ?? "")
  }

  /// Checks that everything fits a table: columns, types, class names, time column, names of actions.
  ///
  /// - Parameters:
  ///   - columns: the kinds of the table's columns by name.
  ///   - target: the target column, whose direct use is refused.
  /// - Throws: a `configuration` error for the first thing that does not fit.
  public func check(columns: [String: ColumnKind], task: LearningTask, target: String?) throws(AssayError) {
    let scope = ExpressionScope(columns: columns, task: task, positive: try positiveIndex(task), target: target)
    for action in actions {
      for expression in [action.placedGain, action.placedCost].compactMap({ $0 }) {
        guard try expression.checked(scope).type != .text else {
          throw expression.error("the expression gives a text, a number is needed")
        }
      }
    }
    try checkToday(ExpressionScope(columns: columns, target: target))
    try checkTime(columns)
  }

  private func checkToday(_ scope: ExpressionScope) throws(AssayError) {
    guard let today = placedToday else { return }
    switch try today.checked(scope) {
    case .number:
      throw today.error("the expression gives a number, a condition or a text is needed", remedy: "compare it")
    case .truth:
      guard actions.count == 2 else {
        throw today.error(
          "a condition does not say which of \(actions.count - 1) actions is taken",
          remedy: "give names, as in amount > 500 ? \"\(actions[1].name)\" : \"\(actions[0].name)\"")
      }
    case .text(let node):
      for text in node.constants where !actionNames.contains(text) { throw unknownAction(text, today) }
    }
  }

  func unknownAction(_ name: String, _ rule: ValueExpression) -> AssayError {
    rule.error(
      "there is no action \"\(name)\"",
      remedy: nearestName(to: name, among: actionNames).map { "did you mean \"\($0)\"?" } ?? "")
  }

  private func checkTime(_ columns: [String: ColumnKind]) throws(AssayError) {
    guard let capacity, capacity.unit.isPeriod else { return }
    guard let time else {
      throw AssayError(
        .configuration, "a capacity of \(capacity) needs a column with the time of each row",
        remedy: "name it with --time, or with time: in the value file; or give the capacity in total or in %")
    }
    guard let kind = columns[time] else {
      throw AssayError(
        .configuration, "there is no time column \"\(time)\"",
        remedy: nearestName(to: time, among: columns.keys).map { "did you mean \"\($0)\"?" } ?? "")
    }
    guard kind == .dateTime else {
      throw AssayError(
        .configuration, "the capacity of \(capacity) is counted by \"\(time)\", which holds no dates",
        remedy: "name a column with dates, or give the capacity in total or in %")
    }
  }
}

extension ValueSpecification {
  private enum CodingKeys: String, CodingKey {
    case currency, actions, positive, unit, time, capacity, today
  }

  /// Reads a specification; checks what the initializer checks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let actions = try container.decode([Action].self, forKey: .actions)
    try self.init(
      actions: actions, first: actions.first?.name, currency: container.decode(String.self, forKey: .currency),
      positive: container.decodeIfPresent(String.self, forKey: .positive),
      unit: container.decode(String.self, forKey: .unit),
      time: container.decodeIfPresent(String.self, forKey: .time),
      capacity: container.decodeIfPresent(Capacity.self, forKey: .capacity),
      today: container.decodeIfPresent(ValueExpression.self, forKey: .today))
  }
}

extension ValueSpecification.Action {
  var placedGain: ValueExpression? { gain?.placed(at: "gain of \"\(name)\"") }
  var placedCost: ValueExpression? { cost?.placed(at: "cost of \"\(name)\"") }
}

extension ValueSpecification {
  var placedToday: ValueExpression? { today?.placed(at: "today's rule") }
}

extension CheckedText {
  /// The texts in quotes that may be the result.
  var constants: [String] {
    switch self {
    case .constant(let text): [text]
    case .column, .label: []
    case .choose(_, let a, let b), .coalesce(let a, let b): a.constants + b.constants
    }
  }
}
