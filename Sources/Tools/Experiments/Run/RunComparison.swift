import Basics
import Evaluation

/// Two runs of the ledger set against each other on what they have in common.
public struct RunComparison: Sendable, Codable {
  /// The first run's name.
  public let first: String
  /// The second run's name.
  public let second: String
  /// The metric compared by.
  public let metric: String
  /// The first run's value.
  public let firstValue: Estimate
  /// The second run's value.
  public let secondValue: Estimate
  /// The first against the second: positive means the first is better.
  public let difference: Difference
  /// What was compared: "the same 2,000 test rows".
  public let basis: String

  /// Compares two runs: by paired bootstrap if they were measured on the same test rows, else by the corrected resampled
  /// t test if their folds are equal.
  ///
  /// - Throws: `configuration` if the runs predict different things or have no rows in common.
  public static func between(_ first: String, _ second: String, ledger: Ledger, key: RandomKey, threads: Int)
    throws -> RunComparison
  {
    let records = try [first, second].map { try ledger.fetch($0) }
    let (one, two) = (records[0], records[1])
    guard one.target == two.target, one.task == two.task else {
      throw AssayError(
        .configuration,
        "run \(one.identifier) predicts \"\(one.target)\" (\(one.task)), run \(two.identifier) "
          + "\"\(two.target)\" (\(two.task))", remedy: "compare runs of one target")
    }
    for record in records where record.score == nil {
      throw AssayError(
        .configuration, "run \(record.identifier) has no result (\(record.state.rawValue))",
        remedy: "choose a finished run")
    }
    let scores = records.compactMap { record in
      record.artifact(.testPredictions).flatMap { try? TestScores.read($0.path) }
    }
    // A later run into the same folder has replaced the scores: they are not this run's.
    let replaced = zip(records, scores).first { scores.count == 2 && $0.identifier != $1.run }.map(\.0.identifier)
    if scores.count == 2, replaced == nil, scores[0].rowsHash == scores[1].rowsHash,
      scores[0].labels == scores[1].labels
    {
      let metric = scores[0].metric
      let bootstrap = Bootstrap(key: key, threads: threads)
      let difference = bootstrap.difference(
        metric, labels: scores[0].labels, first: scores[0].predictions, second: scores[1].predictions,
        task: scores[0].task, clusters: scores[0].clusters ?? scores[1].clusters)
      let values = scores.map {
        bootstrap.estimate(
          metric, labels: $0.labels, predictions: $0.predictions, task: $0.task, clusters: $0.clusters)
      }
      return RunComparison(
        first: one.identifier, second: two.identifier, metric: metric.rawValue, firstValue: values[0],
        secondValue: values[1], difference: difference, basis: "the same \(scores[0].labels.count) test rows")
    }
    return try byFolds(one, two, replaced: replaced)
  }

  /// Compares the best candidates fold by fold.
  ///
  /// - Parameter replaced: a run whose test scores are lost.
  private static func byFolds(_ one: RunRecord, _ two: RunRecord, replaced: String?) throws -> RunComparison {
    let loss = replaced.map { "the test scores of run \($0) were replaced by a later run into the same folder" }
    guard one.dataHash == two.dataHash, one.foldsHash == two.foldsHash, !one.foldsHash.isEmpty,
      one.metric == two.metric, let metric = Metric(rawValue: one.metric)
    else {
      throw AssayError(
        .configuration,
        loss ?? "the runs \(one.identifier) and \(two.identifier) share neither test rows nor folds",
        remedy: loss == nil
          ? "run both with the same --test file, or on the same data with the same seed"
          : "give each run a folder of its own with --output")
    }
    let values = [one, two].map { bestFolds($0, metric: metric) }
    guard values[0].count == values[1].count, values[0].count >= 2 else {
      throw AssayError(
        .configuration, "the runs \(one.identifier) and \(two.identifier) have no folds to compare",
        remedy: "keep the output folders of the runs: their test scores are compared then")
    }
    let folds = Double(values[0].count)
    return RunComparison(
      first: one.identifier, second: two.identifier, metric: metric.rawValue,
      firstValue: mean(values[0]), secondValue: mean(values[1]),
      difference: PairedTests.correctedResampledT(
        metric, first: values[0], second: values[1], testToTraining: 1 / (folds - 1)),
      basis: "the best candidates on the same \(Int(folds)) folds" + (loss.map { ", as \($0)" } ?? ""))
  }

  /// The mean over folds with Student's interval, the variance enlarged for overlapping training rows (Nadeau and Bengio).
  private static func mean(_ values: [Double]) -> Estimate {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let half =
      studentQuantile(level: 0.95, degrees: count - 1) * ((1 / count + 1 / (count - 1)) * variance).squareRoot()
    return Estimate(mean, lower: mean - half, upper: mean + half)
  }

  private static func bestFolds(_ record: RunRecord, metric: Metric) -> [Double] {
    let models = Set(record.metrics.filter { $0.part == .validation }.map(\.model))
    let all = models.sorted().map { record.foldValues(of: metric.rawValue, model: $0) }.filter { !$0.isEmpty }
    return all.min { metric.loss($0.reduce(0, +)) < metric.loss($1.reduce(0, +)) } ?? []
  }
}
