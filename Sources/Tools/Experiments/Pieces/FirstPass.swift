import Basics
import Evaluation
import Tables

/// What one pass over all rows of a large table finds: the columns that decide the split, a profile, a hash.
struct FirstPass {
  /// The target and the columns of time, entity and split, of all rows.
  let keys: Table
  /// The profile of all rows.
  let profile: TableProfile
  /// SHA-256 of the columns of all rows.
  let dataHash: String

  init(
    _ survey: SourceSurvey, request: TrainingRequest, memory: MemoryShares, progress: (String) -> Void
  ) throws {
    let empty = try Table(survey.schema.fields.map { Column($0.name, .float([])) })
    for column in request.namedColumns + [request.target] { _ = try empty.column(column) }
    let keyed = Set([request.target, request.time, request.entity, request.splitColumn].compactMap { $0 })
    let names = survey.schema.fields.map(\.name).filter(keyed.contains)
    var appender = TableAppender()
    var sketch = ProfileSketch(survey.schema)
    var hasher = ContentHasher(survey.schema)
    try survey.forEachPiece(memory, progress: { progress("looking at \($0)") }) { piece, first in
      try PreparedData.checkFinite(piece, firstRow: first, request: request)
      sketch.add(piece, threads: request.threads)
      hasher.add(piece, threads: request.threads)
      try appender.append(piece.selecting(columns: names))
    }
    keys = try appender.table()
    profile = sketch.profile()
    dataHash = hasher.hexadecimal()
  }

  /// The task that the target poses.
  ///
  /// - Throws: as `TargetColumn`.
  func task(_ request: TrainingRequest) throws -> LearningTask {
    let rows = Self.representatives(try keys.column(request.target))
    let few = try keys.selecting(columns: [request.target]).selecting(rows: rows)
    return try TargetColumn(of: few, request: request, positive: request.positive ?? request.value?.positive).task
  }

  /// More distinct values than that are no classes.
  private static let distinctLimit = 4_096

  /// The first two rows of each of the first distinct values: they tell the task as all rows do.
  private static func representatives(_ column: Column) -> [Int] {
    if case .category(let values) = column.values {
      var seen = Array(repeating: 0, count: values.levels.count)
      return values.codes.indices.filter { row in
        guard values.codes[row] >= 0 else { return false }
        seen[Int(values.codes[row])] += 1
        return seen[Int(values.codes[row])] <= 2
      }
    }
    var seen: [String: Int] = [:]
    var rows: [Int] = []
    for row in 0..<column.count where !column.isMissing(row) {
      let text = column.text(at: row) ?? ""
      let count = seen[text] ?? 0
      // One value beyond the limit is enough to tell that there are more.
      guard count < 2, count > 0 || seen.count <= distinctLimit else { continue }
      seen[text] = count + 1
      rows.append(row)
      if seen.count > distinctLimit { break }
    }
    return rows
  }
}
