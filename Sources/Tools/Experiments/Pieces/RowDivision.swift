import Basics
import Evaluation
import Tables

/// The division of a large table's rows into those to learn from, to judge by and to test on, with the same splits as
/// for a table in memory.
struct RowDivision {
  /// What each row is for.
  private(set) var roles: RowRoles
  /// The split in words.
  private(set) var split: String
  /// How candidates are judged, in words.
  private(set) var judgedWords = "the rows marked in the split column"
  /// What could not be done as asked.
  private(set) var notes: [String] = []

  /// Divides rows by the columns that decide it.
  init(keys: Table, task: LearningTask, request: TrainingRequest, wanted: SampleSizes) throws {
    let key = RandomKey(seed: request.seed)
    let labels = try TargetColumn(of: keys, target: request.target, task: task).labels
    roles = RowRoles(rowCount: labels.count, key: key["sample"])
    let labelled = labels.contains(where: \.isNaN) ? labels.indices.filter { !labels[$0].isNaN } : nil
    if let labelled {
      notes.append(
        "\(labels.count - labelled.count) of \(labels.count) rows have no \"\(request.target)\" and were left out.")
    }
    split = "the test rows are those of \(request.test ?? "")"
    if request.test != nil {
      for row in labels.indices where !labels[row].isNaN { roles[row] = .learned }
    } else {
      let division = try PreparedData.division(
        labelled.map { keys.selecting(rows: $0) } ?? keys, labels: labelled.map { $0.map { labels[$0] } } ?? labels,
        task: task, request: request)
      func mark(_ rows: [Int], _ role: RowRoles.Role) {
        for row in rows { roles[labelled?[row] ?? row] = role }
      }
      mark(division.folds[0].training, .learned)
      mark(division.folds[0].test, .test)
      mark(division.validation, .judged)
      split = division.description
      notes += division.warnings
    }
    if roles.count(.judged) == 0 { try judge(labels, keys, task, request, wanted: wanted.judged) }
    roles.sample(wanted.learned, of: .learned)
    roles.sample(wanted.judged, of: .judged)
    roles.sample(wanted.test, of: .test)
  }

  /// Sets rows apart to judge by: as many as are wanted, but of times and entities a share that speaks for the others.
  private mutating func judge(
    _ labels: [Double], _ keys: Table, _ task: LearningTask, _ request: TrainingRequest, wanted: Int
  ) throws {
    let rows = roles.rows(.learned)
    let least = request.time != nil ? 0.15 : request.entity != nil ? 0.1 : 0
    let share = min(max(Double(wanted) / Double(max(1, rows.count)), least), 0.2)
    let split = try Split.holdout(
      labels: rows.map { labels[$0] }, task: task, testShare: share,
      entities: request.entity.map { entities(of: try keys.column($0).selecting(rows: rows)) },
      times: request.time.map { try PreparedData.times(of: keys.column($0).selecting(rows: rows)) },
      gap: request.labelDelay ?? 0,
      key: RandomKey(seed: request.seed)["validation"])
    for row in split.folds[0].test { roles[rows[row]] = .judged }
    judgedWords = "rows set apart from those learned from (\(split.description))"
  }
}
