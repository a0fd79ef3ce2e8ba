import Basics
import Evaluation
import Tables

/// What the names in an expression may stand for.
public struct ExpressionScope: Sendable, Hashable {
  /// The columns by name.
  public var columns: [String: ColumnKind]
  /// What is predicted; nil where neither the label nor the score is known, as for today's rule.
  public var task: LearningTask?
  /// The index of the positive class, for a classification with two classes.
  public var positive: Int
  /// The target column: its use is refused, because `label` stands for it.
  public var target: String?

  /// Creates a scope.
  public init(columns: [String: ColumnKind], task: LearningTask? = nil, positive: Int = 1, target: String? = nil) {
    self.columns = columns
    self.task = task
    self.positive = positive
    self.target = target
  }

  /// Creates a scope with the columns of a table.
  public init(table: Table, task: LearningTask? = nil, positive: Int = 1, target: String? = nil) {
    self.init(
      columns: Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.kind) }), task: task,
      positive: positive, target: target)
  }
}

/// The name of a list that a misspelled one is close to; nil where none is.
func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  nearName(to: String(name.prefix(60)), among: names.sorted())
}

/// The names that there are, for messages about one that is not.
func listed(_ names: some Sequence<String>) -> String {
  let sorted = names.sorted()
  return "there are " + sorted.prefix(12).joined(separator: ", ")
    + (sorted.count > 12 ? " and \(sorted.count - 12) more" : "")
}
