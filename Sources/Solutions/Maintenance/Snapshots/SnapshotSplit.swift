import Basics
import Evaluation
import Projects
import RemainingLife
import Tables

/// Which snapshots are learned from, and on which everything is measured.
struct SnapshotSplit {
  /// The snapshots of which it is known whether the machine failed, with the column `split`.
  let table: Table
  /// For each row of `table` its row in the data.
  let sourceRows: [Int]
  /// The rows of `table` that are learned from.
  let training: [Int]
  /// The rows of `table` that are measured on.
  let test: [Int]
  /// The machine of each row; nil where no column names it, or rows are divided by time.
  let machines: [Int]?
  /// Whether rows are divided by time.
  let isByTime: Bool

  /// The name of the column that says on which side a row is.
  static let column = "split"

  /// Divides snapshots by the project's own column where it names one, else by time where there is one, else by machine
  /// where it is named, else at random with like shares of failures.
  ///
  /// - Throws: a `data` error where a side is empty or holds no failure.
  init(_ snapshots: SnapshotData, _ project: Project, _ data: ProjectData, key: RandomKey) throws {
    let rows = snapshots.failed.indices.filter { !snapshots.failed[$0].isNaN }
    let known = snapshots.table.selecting(rows: rows)
    let labels = rows.map { snapshots.failed[$0] }
    isByTime = data.has("cycle")
    machines = isByTime || !data.has("unit") ? nil : entities(of: try known.column("unit"))
    let split: Split
    if data.has("part") {
      split = try Split.given(by: known.column("part"))
    } else {
      split = try Split.holdout(
        labels: labels, task: SnapshotSplit.task, testShare: project.settings.number("test share"), entities: machines,
        times: isByTime ? known.column("cycle").numbers() : nil, key: key)
    }
    var sides = [String](repeating: "train", count: rows.count)
    for row in split.folds[0].test { sides[row] = "test" }
    for row in split.validation { sides[row] = "valid" }
    training = sides.indices.filter { sides[$0] != "test" }
    test = sides.indices.filter { sides[$0] == "test" }
    for (side, members) in [("to learn from", training), ("of the test", test)]
    where !members.contains(where: { labels[$0] == 1 }) {
      throw AssayError(
        .data, "none of the \(members.count) rows \(side) is a failure", at: project.source,
        remedy: "give more rows with failures, or another share or column of the test")
    }
    sourceRows = rows
    table = try known.setting(Column(Self.column, .category(CategoryValues(sides))))
  }

  /// Whether a machine failed.
  static let task = FailureModes.task
}
