import ArgumentParser
import Basics
import Decisions
import Experiments
import Foundation
import Projects
import Reports
import Tables

/// `assay train`
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train and compare models for a target column; write model, report and results.",
    discussion: """
      Examples:
        assay train customers.csv --target churned
        assay train train.csv --target price --test test.csv --budget 60s --threads 2 --output house-prices
        assay train orders.parquet --target fraud --time ordered_at --entity card --value value.yaml
        assay train 'clicks/*.parquet' --target bought --memory 8GB --budget 1h
        assay train visits.csv --target bought --allow leak:basket "known before the offer is shown"

      A table that is too large for a quarter of --memory is worked on by pieces: candidates are compared on a random
      sample, then the best boosting candidate is fitted on all rows.

      Writes DIR/model (for assay predict), DIR/report.html (for the customer) and DIR/results.json.
      """)

  @Argument(help: "CSV, TSV, Parquet, JSON lines or SQLite file (.gz and .zst too), a glob, or \"sql:SELECT ...\".")
  var data: String

  @Option(help: "The column to predict.")
  var target: String

  @Option(help: "auto, binary, multiclass or regression.")
  var task = TrainingRequest.TaskChoice.auto

  @Option(help: "A file with the test rows; without it a part of DATA is held out.")
  var test: String?

  @Option(help: "The column with the time of each row: test rows are then the latest.")
  var time: String?

  @Option(help: "How long after a row's time its label is known, with --time: 7d, 12h, 90min.")
  var labelDelay: String?

  @Option(help: "The column that names the entity of each row: its rows stay on one side of every split.")
  var entity: String?

  @Option(help: "The column that says train, valid or test.")
  var splitColumn: String?

  @Option(help: "Columns not to learn from, separated by commas.")
  var exclude: String?

  @Option(help: "A YAML file with what actions earn and cost.")
  var value: String?

  @Option(help: "What acting on a row earns, as an expression; instead of a value file.")
  var gain: String?

  @Option(help: "What acting on a row costs, as an expression; instead of a value file.")
  var cost: String?

  @Option(help: "How many rows can be acted on: \"100 per day\", \"5 %\", \"2000\".")
  var capacity: String?

  @Option(help: "The currency of gains and costs.")
  var currency: String?

  @Option(help: "The class that counts as positive in a binary problem.")
  var positive: String?

  @Option(help: "The metric to better: log-loss, roc-auc, rmse, ...; the default depends on the task.")
  var metric: String?

  @Option(help: "The time to spend: 60s, 5m, 1h.")
  var budget = TimeSpan(seconds: 300)

  @Option(help: "Stop after that many candidates, whatever the time; makes a run repeatable on any machine.")
  var candidates: Int?

  @Option(help: "The share of rows held out for the test.")
  var testShare = 0.2

  @Option(help: "The probability that prediction sets and intervals promise.")
  var level = 0.9

  @Option(help: "The seed of all randomness.")
  var seed: UInt64 = 7

  @Option(help: "The threads to use; all processors if not given.")
  var threads: Int?

  @Option(help: "The memory to get along with: 8GB, 500MB; half of the machine's if not given.")
  var memory: ByteSize?

  @Option(
    parsing: .upToNextOption,
    help: "A finding of the guard that may pass, with the reason: --allow leak:COLUMN \"reason\"; may repeat.")
  var allow: [String] = []

  @OptionGroup var reading: ReadingOptions

  @Option(help: "The folder to write into.")
  var output = "assay-output"

  @Flag(help: "Go on with a run of the same request that was stopped or killed.")
  var resume = false

  @Flag(help: "Print the summary of results.json on standard output, and nothing else there.")
  var json = false

  /// The settings as a request.
  func request() throws -> TrainingRequest {
    var request = TrainingRequest(data: data, target: target)
    request.task = task
    request.test = test
    request.time = time
    request.labelDelay = try labelDelay.map(delay)
    request.entity = entity
    request.splitColumn = splitColumn
    request.excluded = exclude.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } } ?? []
    request.positive = positive
    request.metric = metric
    request.budget = budget.seconds
    request.candidateLimit = candidates
    request.testShare = testShare
    request.conformalLevel = level
    request.seed = seed
    request.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    request.memory = memory?.bytes
    request.reading = try reading.readOptions()
    request.allowed = try allowances()
    request.value = try valueSpecification()
    return request
  }

  func run() throws {
    let request = try request()
    let signal = InterruptSignal()
    var bar = ProgressBar()
    let run = TrainingRun(
      request: request, output: output, resumes: resume, command: commandLine(), interruption: signal.interruption,
      ledger: try Ledger(path: Ledger.defaultPath()))
    let results = try run.execute { bar.show(share: $0.share, text: $0.text) }
    bar.finish()
    try Report.write(results, to: output + "/report.html")
    run.finish()
    for limit in results.limits where limit.contains(DateReading.ambiguity) { standardError("warning: \(limit)") }
    if json {
      standardOutput(String(decoding: try CanonicalJSON.encode(ResultsSummary(results)), as: UTF8.self))
    } else {
      let terminal = TerminalSettings.output
      standardOutput(
        TerminalSummary.text(results, width: terminal.textWidth, usesColors: terminal.usesColors))
      standardOutput("report:  \(output)/report.html\nmodel:   \(output)/model\nresults: \(output)/results.json")
    }
  }

  private func delay(_ text: String) throws -> Double {
    guard let seconds = SettingValues.seconds(text) else {
      throw AssayError(
        .configuration, "\"\(text)\" is not a length of time", at: "--label-delay", remedy: "give for example 7d")
    }
    return seconds
  }

  private func allowances() throws -> [String: String] {
    guard allow.count.isMultiple(of: 2) else {
      throw AssayError(
        .configuration, "each --allow needs the finding and the reason", at: "--allow",
        remedy: "write for example --allow leak:COLUMN \"known before the decision\"")
    }
    return stride(from: 0, to: allow.count, by: 2).reduce(into: [:]) { $0[allow[$1]] = allow[$1 + 1] }
  }

  private func valueSpecification() throws -> ValueSpecification? {
    if let value {
      if gain != nil || cost != nil {
        throw AssayError(.configuration, "--value and --gain/--cost are both given", at: "--value", remedy: "give one")
      }
      return try ValueFile.read(value)
    }
    guard gain != nil || cost != nil else { return nil }
    return try ValueSpecification(
      gain: gain, cost: cost, capacity: capacity, currency: currency ?? "units", positive: positive)
  }
}

extension TrainingRequest.TaskChoice: ExpressibleByArgument {}
