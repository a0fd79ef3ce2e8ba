import Basics
import Evaluation
import Experiments
import Projects
import Tables

/// Which events are learned from, and on which everything is measured.
struct AlertSplit {
  /// The events to learn from and to measure on, with the column `split`.
  let table: Table
  /// The positions of the test events in `table`.
  let testRows: [Int]

  /// The name of the column that says on which side an event is.
  static let column = "split"

  /// Divides events by the problem's own column where it names one, else by time: the latest are the test, and those
  /// whose label would not have been known when it began are left out.
  ///
  /// - Throws: a `data` error where a side is empty.
  init(_ table: Table, _ problem: AlertProblem, seed: UInt64) throws {
    let labels = try table.column(problem.outcome).numbers()
    var sides = [String?](repeating: nil, count: table.rowCount)
    if let given = problem.data.table[problem.part] {
      for row in sides.indices where !labels[row].isNaN {
        let word = given.text(at: row)?.lowercased() ?? ""
        if ["train", "valid", "test"].contains(word) { sides[row] = word }
      }
    } else {
      let times = try table.column(problem.time).numbers()
      let known = labels.indices.filter { !labels[$0].isNaN }
      let split = try Split.holdout(
        labels: known.map { labels[$0] }, task: .classification(classes: ["0", "1"]),
        testShare: problem.testShare, times: known.map { times[$0] },
        gap: problem.labelDelay, key: RandomKey(seed: seed))
      for row in split.folds[0].training { sides[known[row]] = "train" }
      for row in split.folds[0].test { sides[known[row]] = "test" }
    }
    Self.leaveOutLate(&sides, table, problem)
    for side in ["train", "test"] where !sides.contains(side) {
      throw AssayError(
        .data, "no \(problem.nouns.event) with a known label is marked \(side)", at: problem.project.source,
        remedy: "mark \(problem.nouns.events) as train and test, or take the part column out")
    }
    let rows = sides.indices.filter { sides[$0] != nil }
    let kept = rows.map { sides[$0] }
    self.table = try table.selecting(rows: rows).setting(Column(Self.column, .category(CategoryValues(kept))))
    testRows = kept.indices.filter { kept[$0] == "test" }
  }

  /// Takes out events to learn from whose outcome was reported when the test had begun: nobody knew of it then.
  private static func leaveOutLate(_ sides: inout [String?], _ table: Table, _ problem: AlertProblem) {
    guard let reports = table[problem.reported]?.numbers(), let times = table[problem.time]?.numbers(),
      let begin = sides.indices.filter({ sides[$0] == "test" }).map({ times[$0] }).min()
    else { return }
    // An event of the test's own time is on its side by the project's word, not by time.
    for row in sides.indices where sides[row] != "test" && times[row] < begin && reports[row] >= begin {
      sides[row] = nil
    }
  }

  /// The same events, those to learn from with some columns of another split of them.
  ///
  /// - Throws: a `schema` error where it lacks one of these columns.
  func learning(_ names: [String], from other: AlertSplit) throws -> AlertSplit {
    let tested = Set(testRows)
    var merged = table
    for name in names {
      let (own, theirs) = (try table.column(name).numbers(), try other.table.column(name).numbers())
      let values = own.indices.map { Float(tested.contains($0) ? own[$0] : theirs[$0]) }
      merged = try merged.setting(Column(name, .single(values)))
    }
    return AlertSplit(table: merged, testRows: testRows)
  }

  private init(table: Table, testRows: [Int]) {
    self.table = table
    self.testRows = testRows
  }
}
