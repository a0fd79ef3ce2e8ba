import ArgumentParser
import Basics
import Estimators
import Evaluation
import Experiments
import Foundation
import Tables

/// `assay bench`
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time one algorithm alone; `make bench` sets these figures beside the peers'.",
    discussion: """
      Examples:
        assay bench boosting --data train.parquet --test test.parquet --target y --threads 2 --json
        assay bench csv --data table.csv --json
        assay bench score --model assay-output/model --data new.csv --json
      """,
    subcommands: [BenchBoosting.self, BenchCSV.self, BenchScore.self])
}

/// `assay bench boosting`
struct BenchBoosting: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boosting", abstract: "Gradient boosting on numbers: loading, binning, training, prediction.",
    discussion: """
      Example:
        assay bench boosting --data train.parquet --test test.parquet --target y --trees 100 --leaves 63 --bins 255 \\
          --rate 0.1 --threads 2 --json
      """)

  /// What the command prints with --json.
  struct Figures: Codable {
    var load_s: Double
    var bin_s: Double
    var train_s: Double
    var predict_s: Double
    var peak_mb: Double
    var logloss: Double?
    var auc: Double?
    var rmse: Double?
  }

  @Option(help: "The training rows.")
  var data: String
  @Option(help: "The test rows.")
  var test: String
  @Option(help: "The target column.")
  var target: String
  @Option(help: "The number of trees.")
  var trees = 100
  @Option(help: "The most leaves per tree.")
  var leaves = 63
  @Option(help: "The most bins per feature, at most 255.")
  var bins = 255
  @Option(help: "The learning rate.")
  var rate = 0.1
  @Option(help: "The threads to use.")
  var threads = 1
  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let start = ContinuousClock.now
    var options = ReadOptions()
    options.precision = .single
    let training = try Self.rows(try TableReader.read(data, options: options, threads: threads), target: target)
    let held = try Self.rows(
      try TableReader.read(test, options: options, threads: threads), target: target, task: training.task)
    let loaded = seconds(start.duration(to: .now))
    let settings = Boosting(trees: trees, leaves: leaves, bins: bins, learningRate: rate, earlyStoppingRounds: nil)
    let result = try BoostingBenchmark(settings, threads: threads).run(train: training, test: held)
    let figures = Figures(
      load_s: loaded, bin_s: result.binSeconds, train_s: result.trainSeconds, predict_s: result.predictSeconds,
      peak_mb: ResourceUse.peakMemory, logloss: result.logLoss, auc: result.auc, rmse: result.rmse)
    try print(figures, asJSON: json)
  }

  /// The numeric columns of a table as features, the target as labels.
  private static func rows(_ table: Table, target: String, task: LearningTask? = nil) throws -> TrainingData {
    let column: TargetColumn
    if let task {
      column = try TargetColumn(of: table, target: target, task: task)
    } else {
      column = try TargetColumn(of: table, request: TrainingRequest(data: "", target: target), positive: nil)
    }
    var features: [Feature] = []
    var values: [FeatureValues] = []
    for candidate in table.columns where candidate.name != target {
      switch candidate.values {
      case .single(let numbers): values.append(.dense(numbers))
      case .category, .text:
        throw AssayError(
          .schema, "column \"\(candidate.name)\" holds no numbers", remedy: "the benchmark takes numbers only")
      default: values.append(.dense(candidate.numbers().map(Float.init)))
      }
      features.append(Feature(candidate.name))
    }
    return TrainingData(
      features: FeatureMatrix(features: features, columns: values, rowCount: table.rowCount), task: column.task,
      labels: column.labels)
  }
}

/// `assay bench csv`
struct BenchCSV: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "csv", abstract: "Reading a file into typed columns.",
    discussion: "Example:\n  assay bench csv --data table.csv --threads 2 --json")

  /// What the command prints with --json.
  struct Figures: Codable {
    var read_s: Double
    var rows: Int
    var columns: Int
    var peak_mb: Double
  }

  @Option(help: "The file.")
  var data: String
  @Option(help: "The threads to use.")
  var threads = 2
  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let start = ContinuousClock.now
    let table = try TableReader.read(data, threads: threads)
    let figures = Figures(
      read_s: seconds(start.duration(to: .now)), rows: table.rowCount, columns: table.columns.count,
      peak_mb: ResourceUse.peakMemory)
    try print(figures, asJSON: json)
  }
}

/// `assay bench score`
struct BenchScore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Scoring from a bundle inside the process: one row at a time, and all at once.",
    discussion: "Example:\n  assay bench score --model assay-output/model --data new.csv --json")

  /// What the command prints with --json.
  struct Figures: Codable {
    var load_s: Double
    var one_row_median_ms: Double
    var all_rows_s: Double
    var rows: Int
    var members: Int
  }

  @Option(help: "The bundle.")
  var model: String
  @Option(help: "Rows to score.")
  var data: String
  @Option(help: "The threads for all rows at once.")
  var threads = 2
  @Flag(help: "Print JSON, and nothing else on standard output.")
  var json = false

  func run() throws {
    let start = ContinuousClock.now
    let bundle = try BundleFile.read(model)
    let loaded = seconds(start.duration(to: .now))
    let table = try TableReader.read(data, options: bundle.schema.readOptions(bundle.reading), threads: threads)
    guard table.rowCount > 0 else { throw AssayError(.data, "there are no rows to score", at: data) }
    var times: [Double] = []
    for turn in 0..<200 {
      let row = table.selecting(rows: [turn % table.rowCount])
      let before = ContinuousClock.now
      _ = try bundle.score(row, threads: 1)
      times.append(seconds(before.duration(to: .now)) * 1_000)
    }
    let before = ContinuousClock.now
    _ = try bundle.score(table, threads: threads)
    let figures = Figures(
      load_s: loaded, one_row_median_ms: times.sorted()[times.count / 2],
      all_rows_s: seconds(before.duration(to: .now)), rows: table.rowCount, members: bundle.members.count)
    try print(figures, asJSON: json)
  }
}

/// Prints figures as JSON or as lines.
private func print(_ figures: some Encodable, asJSON: Bool) throws {
  let text = String(decoding: try CanonicalJSON.encode(figures, pretty: !asJSON), as: UTF8.self)
  standardOutput(text)
}
