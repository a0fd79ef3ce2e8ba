import Basics
import Decisions
import Evaluation
import Tables

/// Scores as columns, ready to be written.
public struct ScoredTable: Sendable {
  /// One row per input row: `prediction`; `probability:CLASS` for each class, or `lower` and `upper` for numbers; `action`
  /// where there is a policy, missing for rows that cannot be decided on; `reason` if asked for.
  public let table: Table
  /// The rows that cannot be decided on, and why; nil if there are none.
  public let undecided: UndecidedRows?
}

extension ModelBundle {
  /// The scores of a table as columns, one row per input row.
  ///
  /// - Throws: as `score`.
  public func scoredTable(_ table: Table, explains: Bool, threads: Int) throws -> ScoredTable {
    let scores = try score(table, threads: threads)
    let rows = table.rowCount
    var columns: [Column] = []
    if task == .regression {
      columns.append(Column("prediction", .float(scores.predictions.values)))
      if !scores.lower.isEmpty {
        columns.append(Column("lower", .float(scores.lower)))
        columns.append(Column("upper", .float(scores.upper)))
      }
    } else {
      let codes = (0..<rows).map { Int32(scores.topClass($0)) }
      columns.append(Column("prediction", .category(CategoryValues(codes: codes, levels: task.classes))))
      for (output, name) in task.classes.enumerated() {
        columns.append(Column("probability:\(name)", .float(scores.predictions.output(output))))
      }
    }
    if !scores.actions.isEmpty {
      columns.append(Column("action", .category(CategoryValues(scores.actions))))
    }
    if explains {
      columns.append(
        Column("reason", .text(TextValues(try reasons(table, predictions: scores.predictions, threads: threads)))))
    }
    return ScoredTable(table: try Table(columns), undecided: scores.undecided)
  }

  /// A sentence per row that says what moved its prediction.
  ///
  /// Members that know their contributions (trees, linear models) speak; where none does, the reasons are left empty.
  public func reasons(_ table: Table, predictions: Predictions, threads: Int) throws -> [String] {
    let writer = ReasonSentence(task: task, target: target, usual: usual ?? [:])
    let found = try contributions(table, threads: threads)
    return (0..<table.rowCount).map { row in
      let output = task.width > 2 ? writer.output(predictions, row: row) : 0
      return writer.sentence(
        predictions: predictions, row: row, table: table,
        contributions: found.explainedShare > 0 ? found.row(row, output: output) : [])
    }
  }
}
