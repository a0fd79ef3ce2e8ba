import Basics
import Evaluation
import Projects
import Tables

/// Which snapshots are learned from, and on which everything is measured.
struct SnapshotSplit {
  /// The snapshots of which it is known whether the unit failed, with the column `split`.
  let table: Table
  /// For each row of `table` its row in the data.
  let sourceRows: [Int]
  /// The rows of `table` that are learned from.
  let training: [Int]
  /// The rows of `table` that are measured on.
  let test: [Int]
  /// The unit of each row; nil where no column names it, or rows are divided by time.
  let machines: [Int]?
  /// Whether rows are divided by time.
  let isByTime: Bool

  /// The name of the column that says on which side a row is.
  static let column = "split"

  /// Divides snapshots by the problem's own column where it names one, else by time where there is one, else by unit
  /// where it is named, else at random with like shares of failures.
  ///
  /// - Throws: a `data` error where a side is empty or holds no failure.
  init(_ snapshots: SnapshotData, _ problem: SnapshotProblem, key: RandomKey) throws {
    let data = problem.data
    let rows = snapshots.failed.indices.filter { !snapshots.failed[$0].isNaN }
    let known = snapshots.table.selecting(rows: rows)
    let labels = rows.map { snapshots.failed[$0] }
    isByTime = data.has(problem.time)
    machines = isByTime || !data.has(problem.unit) ? nil : entities(of: try known.column(problem.unit))
    let split: Split
    if data.has(problem.part) {
      split = try Split.given(by: known.column(problem.part))
    } else {
      split = try Split.holdout(
        labels: labels, task: SnapshotSplit.task, testShare: problem.testShare, entities: machines,
        times: isByTime ? known.column(problem.time).numbers() : nil, key: key)
    }
    var sides = [String](repeating: "train", count: rows.count)
    for row in split.folds[0].test { sides[row] = "test" }
    for row in split.validation { sides[row] = "valid" }
    training = sides.indices.filter { sides[$0] != "test" }
    test = sides.indices.filter { sides[$0] == "test" }
    for (side, members) in [("to learn from", training), ("of the test", test)]
    where !members.contains(where: { labels[$0] == 1 }) {
      throw AssayError(
        .data, "none of the \(members.count) rows \(side) is a failure", at: problem.project.source,
        remedy: "give more rows with failures, or another share or column of the test")
    }
    sourceRows = rows
    table = try known.setting(Column(Self.column, .category(CategoryValues(sides))))
  }

  /// Whether a unit failed.
  static let task = FailureModes.task
}
