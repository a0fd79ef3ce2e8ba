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

/// The name of a list that is nearest to a misspelled one; the first of equally near ones in alphabetical order.
func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().prefix(60))
  var best: (name: String, distance: Int)?
  for candidate in names.sorted() {
    let distance = editDistance(wanted, Array(candidate.lowercased().prefix(60)))
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

/// The number of single-character insertions, deletions and replacements between two texts (Levenshtein).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let replaced = diagonal + (x == y ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
