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
        assay bench step --model cnn --threads 2 --json
        assay bench operation --name convolution-32-64 --threads 1 --json
        assay bench onnx --output models
        assay bench forecast --set m4-hourly --from ../shared/data --threads 2 --json
        assay bench learn --set mnist --data mnist.safetensors --threads 2 --json
      """,
    subcommands: [
      BenchBoosting.self, BenchCSV.self, BenchScore.self, BenchStep.self, BenchOperation.self, BenchCurve.self,
      BenchONNX.self, BenchLearn.self, BenchForecast.self,
    ])
}

/// What all of them take, and how they print.
struct BenchOptions: ParsableArguments {
  @Option(help: "The rows: to train on, to read, to score.")
  var data: String
  @Option(help: "The threads to use.")
  var threads = 1
  @Flag(help: "Print JSON in one line, and nothing else on standard output.")
  var json = false

  /// Prints the figures that there are.
  func print(_ figures: [String: Double?]) throws {
    let known = figures.compactMapValues { $0 }
    standardOutput(String(decoding: try CanonicalJSON.encode(known, pretty: !json), as: UTF8.self))
  }
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

  @OptionGroup var common: BenchOptions
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

  func run() throws {
    let start = ContinuousClock.now
    var options = ReadOptions()
    options.precision = .single
    let threads = common.threads
    let training = try Self.rows(
      try TableReader.read(common.data, options: options, threads: threads), target: target)
    let held = try Self.rows(
      try TableReader.read(test, options: options, threads: threads), target: target, task: training.task)
    let loaded = seconds(start.duration(to: .now))
    let settings = Boosting(trees: trees, leaves: leaves, bins: bins, learningRate: rate, earlyStoppingRounds: nil)
    let result = try BoostingBenchmark(settings, threads: threads).run(train: training, test: held)
    try common.print([
      "load_s": loaded, "bin_s": result.binSeconds, "train_s": result.trainSeconds, "predict_s": result.predictSeconds,
      "peak_mb": ResourceUse.peakMemory, "logloss": result.logLoss, "auc": result.auc, "rmse": result.rmse,
    ])
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

  @OptionGroup var common: BenchOptions

  func run() throws {
    let start = ContinuousClock.now
    let table = try TableReader.read(common.data, threads: common.threads)
    try common.print([
      "load_s": seconds(start.duration(to: .now)), "rows": Double(table.rowCount),
      "columns": Double(table.columns.count), "peak_mb": ResourceUse.peakMemory,
    ])
  }
}

/// `assay bench score`
struct BenchScore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Scoring from a bundle inside the process: one row at a time, and all at once.",
    discussion: "Example:\n  assay bench score --model assay-output/model --data new.csv --json")

  @Option(help: "The bundle.")
  var model: String
  @OptionGroup var common: BenchOptions

  func run() throws {
    let start = ContinuousClock.now
    let bundle = try BundleFile.read(model)
    let loaded = seconds(start.duration(to: .now))
    let threads = common.threads
    let table = try TableReader.read(
      common.data, options: bundle.schema.readOptions(bundle.reading), threads: threads)
    guard table.rowCount > 0 else { throw AssayError(.data, "there are no rows to score", at: common.data) }
    var times: [Double] = []
    for turn in 0..<200 {
      let row = table.selecting(rows: [turn % table.rowCount])
      let before = ContinuousClock.now
      _ = try bundle.score(row, threads: 1)
      times.append(seconds(before.duration(to: .now)) * 1_000)
    }
    let before = ContinuousClock.now
    _ = try bundle.score(table, threads: threads)
    try common.print([
      "load_s": loaded, "one_row_median_ms": times.sorted()[times.count / 2],
      "all_rows_s": seconds(before.duration(to: .now)), "rows": Double(table.rowCount),
      "members": Double(bundle.members.count),
    ])
  }
}
