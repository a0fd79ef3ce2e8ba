import Basics
import Evaluation
import Tables

/// The rows of a test source beside a large table: all, or a sample where they are many.
struct GivenTest {
  /// The rows with their labels.
  private(set) var rows: SampledRows
  /// The rows that have a label, in the sample or not.
  private(set) var labelled = 0
  /// What the reader of the report must know about the rows.
  let notes: [String]

  init(
    _ survey: SourceSurvey, task: LearningTask, request: TrainingRequest, memory: MemoryShares,
    progress: (String) -> Void
  ) throws {
    let key = RandomKey(seed: request.seed)["test sample"]
    let rate = Double(memory.sampleRows(survey).test) / Double(survey.rowCount)
    var drawn = SampledRows(target: request.target, task: task)
    var count = 0
    try survey.forEachPiece(memory, progress: { progress("reading the test: \($0)") }) { piece, first in
      let labels = try TargetColumn(of: piece, target: request.target, task: task).labels
      let present = labels.indices.filter { !labels[$0].isNaN }
      count += present.count
      try drawn.append(piece, rows: present.filter { key.uniform(at: UInt64(first + $0)) < rate })
    }
    guard !drawn.labels.isEmpty else {
      throw AssayError(.data, "no test row has a value of \"\(request.target)\"", at: request.test ?? "")
    }
    rows = drawn
    labelled = count
    notes =
      count < survey.rowCount
      ? ["\(survey.rowCount - count) of \(survey.rowCount) test rows have no label and were left out."] : []
  }
}
