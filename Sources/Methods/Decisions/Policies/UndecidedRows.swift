import Basics
import Evaluation
import Tables

/// Rows that no action can be decided on, because what an action is worth there cannot be worked out: a column that the
/// value mentions is empty, or a division or logarithm has no result.
public struct UndecidedRows: Sendable, Hashable, Codable {
  /// How many rows.
  public var count = 0
  /// The rows among them in which a column that the value needs is empty, by column.
  public var emptyColumns: [String: Int] = [:]
  /// The expressions that are undefined or infinite in some of them although no column is empty.
  public var expressions: [String] = []

  /// No rows.
  public init() {}

  /// Why, as a clause: `column "amount" has no value in 3 of them`.
  public var reason: String {
    let columns = emptyColumns.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      "column \"\($0.key)\" has no value in \($0.value == count ? "them" : "\($0.value) of them")"
    }
    return (columns + expressions.map { "\($0) is undefined or infinite" }).joined(separator: ", ")
  }

  /// The way out: `say what to take instead, as in coalesce(amount, 0)`.
  public var remedy: String {
    guard let column = emptyColumns.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else {
      return "guard the division, logarithm or root in the value with if(...)"
    }
    return "fill the column in, or say in the value what to take instead, as in coalesce(\(expressionName(column)), 0)"
  }

  /// Adds the rows of another part of the same data.
  public mutating func add(_ other: UndecidedRows) {
    count += other.count
    emptyColumns.merge(other.emptyColumns, uniquingKeysWith: +)
    expressions += other.expressions.filter { !expressions.contains($0) }
  }
}

extension UndecidedRows {
  /// Which rows cannot be decided on, and why; nil if all can.
  ///
  /// - Parameter labels: the true labels where they are known, as the value is measured under them, too.
  static func find(
    _ specification: ValueSpecification, task: LearningTask, table: Table, predictions: Predictions,
    labels: [Double]? = nil
  ) throws(AssayError) -> (isUndecided: [Bool], summary: UndecidedRows)? {
    let scope = ExpressionScope(table: table, task: task, positive: try specification.positiveIndex(task))
    var isUndecided = [Bool](repeating: false, count: table.rowCount)
    var columns: [String] = []
    var summary = UndecidedRows()
    for expression in specification.actions.flatMap({ [$0.placedGain, $0.placedCost] }).compactMap({ $0 }) {
      let mentioned = expression.columns
      columns += mentioned.filter { !columns.contains($0) }
      var hasOwnHole = false
      for labels in labelsToTry(expression, task, predictions, labels) {
        let values = try expression.values(over: table, scope: scope, labels: labels, predictions: predictions)
        for row in values.indices where !values[row].isFinite {
          isUndecided[row] = true
          if !hasOwnHole { hasOwnHole = !mentioned.contains { table[$0]?.isMissing(row) == true } }
        }
      }
      if hasOwnHole { summary.expressions.append(expression.source) }
    }
    if specification.capacity?.unit.isPeriod == true, let time = specification.time, let column = table[time],
      column.kind == .dateTime
    {
      if !columns.contains(time) { columns.append(time) }
      for row in 0..<table.rowCount where column.isMissing(row) { isUndecided[row] = true }
    }
    let rows = isUndecided.indices.filter { isUndecided[$0] }
    if rows.isEmpty { return nil }
    summary.count = rows.count
    for name in columns {
      let empty = rows.count { table[name]?.isMissing($0) == true }
      if empty > 0 { summary.emptyColumns[name] = empty }
    }
    return (isUndecided, summary)
  }

  private static func labelsToTry(
    _ expression: ValueExpression, _ task: LearningTask, _ predictions: Predictions, _ labels: [Double]?
  ) -> [LabelValues] {
    if !expression.usesLabel { return [.assumed(0)] }
    if !task.classes.isEmpty { return task.classes.indices.map { .assumed(Double($0)) } }
    return [.known(predictions.values)] + (labels.map { [.known($0)] } ?? [])
  }
}

extension DecisionData {
  /// The rows that can be decided on, and what was left out; nil if nothing was.
  ///
  /// - Throws: `data` if more than half of the rows would be left out: what is left would say little about all.
  func decidable(
    _ specification: ValueSpecification, task: LearningTask
  ) throws(AssayError) -> (data: DecisionData, rows: [Int], leftOut: UndecidedRows?) {
    let found = try UndecidedRows.find(
      specification, task: task, table: table, predictions: predictions, labels: labels)
    guard let found else { return (self, Array(0..<rowCount), nil) }
    guard 2 * found.summary.count <= rowCount else {
      throw AssayError(
        .data,
        "what the actions are worth cannot be worked out in \(found.summary.count) of \(rowCount) rows: "
          + found.summary.reason, at: "value", remedy: found.summary.remedy)
    }
    let rows = found.isUndecided.indices.filter { !found.isUndecided[$0] }
    let kept = DecisionData(
      table: table.selecting(rows: rows), labels: rows.map { labels[$0] },
      predictions: predictions.selecting(rows: rows), share: share)
    return (kept, rows, found.summary)
  }
}
