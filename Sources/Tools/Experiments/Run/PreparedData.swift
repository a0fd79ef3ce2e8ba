import Basics
import Evaluation
import Foundation
import Tables

/// The rows of a run: what is learned from, what is measured on, and which columns are used.
struct PreparedData: Sendable {
  /// The rows to learn from, all columns.
  let training: Table
  /// The rows to measure on, all columns.
  let test: Table
  /// What is predicted.
  let task: LearningTask
  /// The labels of the training rows.
  let trainingLabels: [Double]
  /// The labels of the test rows.
  let testLabels: [Double]
  /// Rows of `training` that a split column sets apart for choosing among models; empty otherwise.
  let validationRows: [Int]
  /// The split in words.
  let split: String
  /// What the reader of the report must know about the rows.
  let notes: [String]
  /// SHA-256 of the columns of all rows.
  let dataHash: String
  /// The share of all rows of a period that the judged training rows are: a random test took the others.
  let judgedShare: Double
  /// The share of all rows of a period that the test rows are.
  let testShare: Double
  /// The whole table where the rows here are a sample of it; nil where they are all.
  let whole: LargeTable?

  /// Divides the rows of a request.
  ///
  /// - Parameter table: The rows, where they are at hand; nil reads them.
  init(request: TrainingRequest, table given: Table? = nil) throws {
    try request.check()
    whole = nil
    let isRandom = request.splitsAtRandom
    judgedShare = isRandom ? 1 - request.testShare : 1
    testShare = isRandom ? request.testShare : 1
    let source = try given ?? TableReader.read(request.data, options: request.reading, threads: request.threads)
    for column in request.namedColumns { _ = try source.column(column) }
    let target = try TargetColumn(
      of: source, request: request, positive: request.positive ?? request.value?.positive)
    var notes: [String] = []
    let labelled = target.labelledRows
    if labelled.count < source.rowCount {
      notes.append(
        "\(source.rowCount - labelled.count) of \(source.rowCount) rows have no \"\(request.target)\" and were left out."
      )
    }
    notes += Self.dateNotes(source.guessedDates)
    let table = labelled.count < source.rowCount ? source.selecting(rows: labelled) : source
    let labels = labelled.map { target.labels[$0] }
    try Self.checkFinite(table, firstRow: 0, request: request)
    task = target.task
    dataHash = table.contentHash()

    if let path = request.test {
      let options = source.schema.readOptions(request.reading)
      let given = try TableReader.read(path, options: options, threads: request.threads)
      let givenTarget = try TargetColumn(of: given, target: request.target, task: target.task)
      let rows = givenTarget.labelledRows
      guard !rows.isEmpty else {
        throw AssayError(.data, "no test row has a value of \"\(request.target)\"", at: path)
      }
      if rows.count < given.rowCount {
        notes.append("\(given.rowCount - rows.count) of \(given.rowCount) test rows have no label and were left out.")
      }
      training = table
      trainingLabels = labels
      test = rows.count < given.rowCount ? given.selecting(rows: rows) : given
      testLabels = rows.map { givenTarget.labels[$0] }
      validationRows = []
      split = "the test rows are those of \(path)"
      self.notes = notes
      return
    }
    let division = try Self.division(table, labels: labels, task: target.task, request: request)
    let fold = division.folds[0]
    let learned = (fold.training + division.validation).sorted()
    training = table.selecting(rows: learned)
    trainingLabels = learned.map { labels[$0] }
    test = table.selecting(rows: fold.test)
    testLabels = fold.test.map { labels[$0] }
    let apart = Set(division.validation)
    validationRows = learned.indices.filter { apart.contains(learned[$0]) }
    split = division.description
    self.notes = notes + division.warnings
  }

  /// The rows of a table that is larger than memory: a sample of it.
  init(
    training: Table, test: Table, trainingLabels: [Double], testLabels: [Double], validationRows: [Int],
    notes: [String], judgedShare: Double, testShare: Double, whole: LargeTable
  ) {
    self.training = training
    self.test = test
    self.trainingLabels = trainingLabels
    self.testLabels = testLabels
    self.validationRows = validationRows
    self.notes = notes
    self.judgedShare = judgedShare
    self.testShare = testShare
    self.whole = whole
    task = whole.task
    split = whole.split
    dataHash = whole.dataHash
  }

  /// What the reader must know of dates that were read by a guess.
  static func dateNotes(_ guesses: [(column: String, reading: DateReading)]) -> [String] {
    guesses.map { name, reading in
      "Column \"\(name)\": \(reading.words). If that is wrong, train with --dates \(reading.order.other.rawValue), or give "
        + "dates such as 2025-12-31."
    }
  }

  /// The profile of the training rows, or of all rows of a large table.
  func profile(_ request: TrainingRequest) throws -> TableProfile {
    let shown = request.reserved.isEmpty ? training : training.removing(columns: Set(request.reserved))
    let profile = try shown.profile(time: request.time, threads: request.threads)
    guard var whole = whole?.profile else { return profile }
    // A pass over pieces does not see the change over time; the sample shows it.
    for (position, column) in profile.columns.enumerated() { whole.columns[position].drift = column.drift }
    return whole
  }

  /// The split of labelled rows into those learned from and those of the test.
  static func division(
    _ table: Table, labels: [Double], task: LearningTask, request: TrainingRequest
  ) throws -> Split {
    if let column = request.splitColumn { return try Split.given(by: table.column(column)) }
    return try Split.holdout(
      labels: labels, task: task, testShare: request.testShare,
      entities: request.entity.map { try entities(of: table.column($0)) },
      times: request.time.map { try times(of: table.column($0)) }, gap: request.labelDelay ?? 0,
      key: RandomKey(seed: request.seed)["test split"])
  }

  /// The times of a column as numbers that grow with time.
  static func times(of column: Column) throws -> [Double] {
    guard column.kind == .dateTime || column.kind == .integer || column.kind == .float else {
      throw AssayError(
        .schema, "the time column holds \(column.kind.rawValue) values", at: "column \"\(column.name)\"",
        remedy: "give a column of dates or numbers, or correct the dates that could not be read")
    }
    let times = column.numbers()
    if let row = times.firstIndex(where: { !$0.isFinite }) {
      throw AssayError(
        .data, "row \(row + 1) has no time", at: "column \"\(column.name)\"", remedy: "fill in or remove the row")
    }
    return times
  }

  /// Refuses infinite numbers in columns that are used; `firstRow` rows came before those of the table.
  static func checkFinite(_ table: Table, firstRow: Int, request: TrainingRequest) throws {
    let unused = Set(request.excluded)
    for column in table.columns where column.kind == .float && !unused.contains(column.name) {
      let row: Int? =
        switch column.values {
        case .float(let values): values.firstIndex { $0.isInfinite }
        case .single(let values): values.firstIndex { $0.isInfinite }
        default: nil
        }
      if let row {
        throw AssayError(
          .data, "row \(firstRow + row + 1) of column \"\(column.name)\" is infinite", at: request.data,
          remedy: "correct the value, leave it empty, or leave the column out with --exclude")
      }
    }
  }
}
