import Basics
import Evaluation
import Tables

/// The columns to learn from, after the guard has looked at them.
struct GuardedRows {
  /// The input columns of the training rows.
  let training: Table
  /// The input columns of the test rows.
  let test: Table
  /// The columns left out, with the reason.
  let excluded: [String: String]
  /// What the guard found, with the reasons given for what was allowed.
  let findings: [GuardFinding]

  /// Looks at the rows.
  ///
  /// - Throws: a `guarded` error if something stops the run; `schema` if the test rows lack a column.
  init(_ data: PreparedData, request: TrainingRequest) throws {
    var excluded: [String: String] = [:]
    for name in request.excluded { excluded[name] = "excluded by the request" }
    if let column = request.splitColumn { excluded[column] = "gives the split" }
    let candidates = data.training.removing(columns: Set(excluded.keys).union([request.target]))
    guard !candidates.columns.isEmpty else {
      throw AssayError(
        .schema, "there is no column to learn from", at: request.data, remedy: "leave fewer columns out with --exclude")
    }
    let test = try data.test.conforming(to: candidates.schema)
    let view = GuardedData(
      training: candidates, labels: data.trainingLabels, task: data.task, target: request.target, test: test,
      timeColumn: request.time, entityColumn: request.entity,
      isRandomSplit: request.time == nil && request.entity == nil && request.test == nil && request.splitColumn == nil)
    let found = Guard(key: RandomKey(seed: request.seed)["guard"], threads: request.threads).inspect(view)
    findings = try Guard.allowing(request.allowed, in: found)
    try Guard.check(findings)
    for finding in findings where finding.kind == .identifier && finding.allowedBecause == nil {
      excluded[finding.column] = "identifies rows"
    }
    if let entity = request.entity { excluded[entity] = "names the entity" }
    self.excluded = excluded
    training = candidates.removing(columns: Set(excluded.keys))
    self.test = test.removing(columns: Set(excluded.keys))
    guard !training.columns.isEmpty else {
      throw AssayError(
        .schema, "no column is left to learn from: all identify rows", at: request.data,
        remedy: "allow one with --allow identifier:COLUMN \"reason\"")
    }
  }
}
