import ArgumentParser
import Basics
import Decisions
import Experiments
import Foundation
import Projects
import Solutions
import Tables

/// `assay predict`
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score a table with a model: one row per input row, in order.",
    discussion: """
      Examples:
        assay predict assay-output/model new.csv
        assay predict assay-output/model new.parquet --output scored.parquet --explain
        assay predict my-shop later.csv --output scored.csv

      With a project's folder, a file that is not here is looked for in that folder.
      Columns: prediction; probability:CLASS per class, or lower and upper for numbers; action where the model was
      trained with a value (empty where the value needs a column that is empty); reason with --explain. Projects have
      columns of their own; fraud gives reasons for the payments to act on, and with --explain for all.
      """)

  @Argument(help: "The file DIR/model of assay train, or the folder of a project.")
  var model: String

  @Argument(help: "The rows to score: the same kinds of sources as for assay train.")
  var data: String

  @Option(help: "A .csv or .parquet file to write; standard output as CSV if not given.")
  var output: String?

  @Flag(help: "Add a sentence per row that says what drove its prediction.")
  var explain = false

  @Option(help: "The threads to use; all processors if not given.")
  var threads: Int?

  @OptionGroup var reading: ReadingOptions

  func run() throws {
    if FileManager.default.fileExists(atPath: model + "/" + Project.fileName) { return try predictProject() }
    let bundle = try BundleFile.read(model)
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    var options = bundle.schema.readOptions(try reading.readOptions(over: bundle.reading))
    // What is said now counts before what the model remembers of its columns.
    if reading.dates != nil { options.dateOrders = nil }
    let writer = try output.map { try TableWriter(path: $0, threads: threads) }
    var hasHeader = false
    var undecided = UndecidedRows()
    func write(_ table: Table) throws {
      let scored = try bundle.scoredTable(table, explains: explain, threads: threads)
      if let rows = scored.undecided { undecided.add(rows) }
      if let writer {
        try writer.append(scored.table)
      } else {
        CSVOutput.write(scored.table, header: !hasHeader)
        hasHeader = true
      }
    }
    if bundle.policy?.specification.capacity != nil {
      // A capacity is shared among all rows: they are decided on together.
      try write(TableReader.read(data, options: options, threads: threads))
    } else {
      let chunks = try TableReader.chunks(data, options: options, threads: threads)
      while let table = try chunks.next() { try write(table) }
    }
    try writer?.finish()
    if undecided.count > 0 {
      standardError(
        "warning: \(undecided.count) row\(undecided.count == 1 ? " gets" : "s get") no action, because "
          + "\(undecided.reason); \(undecided.remedy)")
    }
  }

  /// Predicts with what a project's run has left in its folder.
  private func predictProject() throws {
    let (project, solution) = try Project.open(model, among: SolutionList.all)
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let isInFolder =
      !FileManager.default.fileExists(atPath: data) && FileManager.default.fileExists(atPath: model + "/" + data)
    let source = isInFolder ? model + "/" + data : data
    let rows = try ProjectData(
      project, solution.card, source: source, lacking: Set(solution.card.fields.map(\.name)),
      orders: ReadingNotes.orders(project), threads: threads)
    let table: Table
    do {
      table = try solution.predict(project, rows, ProjectContext(threads: threads, explains: explain))
    } catch {
      throw rows.explained(error, project, source: source)
    }
    if let output {
      try TableWriter.write(table, to: output, threads: threads)
    } else {
      CSVOutput.write(table, header: true)
    }
  }
}
