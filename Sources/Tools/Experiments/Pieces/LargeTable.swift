import Basics
import Evaluation
import Tables

/// A table that is larger than the memory it may take: what a pass over its pieces has found, and what each row is for.
public struct LargeTable: Sendable {
  /// Kinds and levels, and the way to the pieces.
  let survey: SourceSurvey
  /// How the memory is divided.
  let memory: MemoryShares
  /// What is predicted.
  public let task: LearningTask
  /// What each row is for.
  public let roles: RowRoles
  /// The profile of all rows.
  let profile: TableProfile
  /// SHA-256 of the columns of all rows.
  let dataHash: String
  /// The split in words.
  let split: String
  /// The target column.
  let target: String
  /// How candidates are judged, in words.
  let judgedWords: String
  /// What the reader of the report must know about the rows.
  let notes: [String]

  /// Passes over all rows once and divides them.
  ///
  /// - Parameter progress: told what is being done.
  /// - Throws: what is wrong with the data or the request, as for a table in memory.
  public init(
    _ survey: SourceSurvey, request: TrainingRequest, memory: MemoryShares, progress: (String) -> Void = { _ in }
  ) throws {
    self.survey = survey
    self.memory = memory
    target = request.target
    let pass = try FirstPass(survey, request: request, memory: memory, progress: progress)
    profile = pass.profile
    dataHash = pass.dataHash
    progress("dividing \(survey.rowCount) rows")
    task = try pass.task(request)
    let division = try RowDivision(keys: pass.keys, task: task, request: request, wanted: memory.sampleRows(survey))
    roles = division.roles
    split = division.split
    judgedWords = division.judgedWords
    notes = division.notes + PreparedData.dateNotes(survey.guessedDates)
  }

  /// The rows to learn from.
  var learnedRows: Int { roles.count(.learned) }

  /// Reads the sample of the rows to learn from and to judge by, and that of the test rows of this table.
  public func sample(progress: (String) -> Void = { _ in }) throws -> LargeTableSample {
    var training = SampledRows(target: target, task: task)
    var test = training
    var judged: [Int] = []
    try forEachPiece(progress: { progress("drawing a sample: \($0)") }) { piece, first in
      var learnedFrom: [Int] = []
      var measured: [Int] = []
      for row in 0..<piece.rowCount where roles.isSampled(first + row) {
        if roles[first + row] == .test { measured.append(row) } else { learnedFrom.append(row) }
      }
      for (position, row) in learnedFrom.enumerated() where roles[first + row] == .judged {
        judged.append(training.labels.count + position)
      }
      try training.append(piece, rows: learnedFrom)
      try test.append(piece, rows: measured)
    }
    return LargeTableSample(
      training: try training.table(), trainingLabels: training.labels, judged: judged, test: try test.table(),
      testLabels: test.labels)
  }

  /// The rows that the search works on.
  ///
  /// - Parameter given: the source of the test rows; nil where they are a part of the table.
  func prepared(
    request: TrainingRequest, test given: SourceSurvey?, progress: (String) -> Void
  ) throws -> PreparedData {
    var sample = try sample(progress: progress)
    let labelled = RowRoles.Role.allCases.reduce(0) { $0 + ($1 == .unused ? 0 : roles.count($1)) }
    var testRows = roles.count(.test)
    var notes = notes
    if let given {
      let given = try GivenTest(given, task: task, request: request, memory: memory, progress: progress)
      sample.test = try given.rows.table()
      sample.testLabels = given.rows.labels
      testRows = given.labelled
      notes += given.notes
    }
    notes.insert(words(sample, testRows: testRows), at: 0)
    let isRandom = request.splitsAtRandom
    return PreparedData(
      training: sample.training, test: sample.test, trainingLabels: sample.trainingLabels,
      testLabels: sample.testLabels, validationRows: sample.judged, notes: notes,
      judgedShare: Double(sample.judged.count) / Double(max(1, isRandom ? labelled : roles.count(.judged))),
      testShare: Double(sample.testLabels.count) / Double(max(1, isRandom ? labelled : testRows)), whole: self)
  }

  /// Passes over the pieces of the table, each with the number of its first row.
  public func forEachPiece(
    progress: (String) -> Void = { _ in }, _ body: (Table, Int) throws -> Void
  ) throws {
    try survey.forEachPiece(memory, progress: progress, body)
  }

  private func words(_ sample: LargeTableSample, testRows: Int) -> String {
    let measured = sample.testLabels.count
    return
      "The table has \(survey.rowCount) rows, about \(ByteCount.text(survey.byteCount)) in memory: too much for the "
      + "limit of \(ByteCount.text(memory.limit)), so it was worked on by pieces. Candidates were compared on a random "
      + "sample: \(sample.trainingLabels.count - sample.judged.count) rows to learn from and \(sample.judged.count) others "
      + "to judge by. The test was measured on "
      + (measured == testRows ? "all \(testRows)" : "a random \(measured) of the \(testRows)")
      + " test rows. The profile of the data is that of all rows."
  }
}

extension SourceSurvey {
  /// The bytes that a row takes in memory.
  var bytesPerRow: Int { max(1, byteCount / max(1, rowCount)) }

  /// Passes over the pieces, each with the number of its first row.
  func forEachPiece(
    _ memory: MemoryShares, progress: (String) -> Void, _ body: (Table, Int) throws -> Void
  ) throws {
    let chunks = try chunks(rows: memory.pieceRows(bytesPerRow: bytesPerRow))
    var first = 0
    while let piece = try chunks.next() {
      guard first + piece.rowCount <= rowCount else { break }
      try body(piece, first)
      let before = first * 20 / rowCount
      first += piece.rowCount
      if first * 20 / rowCount > before { progress("\(first) of \(rowCount) rows") }
    }
    guard first == rowCount else {
      throw AssayError(
        .data, "the source had \(rowCount) rows and now has other ones", remedy: "train again while nobody writes to it"
      )
    }
  }
}

/// The rows of a large table that were drawn into memory.
public struct LargeTableSample: Sendable {
  /// Rows to learn from and to judge by, all columns, in the order of the table.
  public let training: Table
  /// Their labels.
  public let trainingLabels: [Double]
  /// The positions of the rows to judge by.
  public let judged: [Int]
  /// Test rows, all columns.
  public internal(set) var test: Table
  /// Their labels.
  public internal(set) var testLabels: [Double]
}

/// Rows of a large table that were drawn, with their labels.
struct SampledRows {
  let target: String
  let task: LearningTask
  private(set) var labels: [Double] = []
  private var rows = TableAppender()

  init(target: String, task: LearningTask) {
    self.target = target
    self.task = task
  }

  /// Adds rows of a piece; all have labels.
  mutating func append(_ piece: Table, rows picked: [Int]) throws {
    let drawn = piece.selecting(rows: picked)
    labels += try TargetColumn(of: drawn, target: target, task: task).labels
    try rows.append(drawn)
  }

  func table() throws -> Table { try rows.table() }
}

/// A number of bytes in words.
enum ByteCount {
  static func text(_ bytes: Int) -> String {
    let units = ["bytes", "KB", "MB", "GB", "TB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1000 && unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return ShortNumber.text(value) + " " + units[unit]
  }
}
