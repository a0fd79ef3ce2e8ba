import Basics
import Evaluation
import Foundation
import Tables

/// How much worse predictions get when a column's values are shuffled among the rows (Breiman 2001; Fisher, Rudin and
/// Dominici 2019), measured on rows that the model has not learned from.
///
/// Columns that say the same thing share their importance: shuffling one leaves the other.
public struct PermutationImportance: Sendable {
  /// The metric whose loss is measured.
  public var metric: Metric
  /// What is predicted.
  public var task: LearningTask
  /// The source of the shuffles.
  public var key: RandomKey
  /// How often each column is shuffled, at least 2.
  public var repeats: Int
  /// The most rows used.
  public var rowLimit: Int
  /// The level of the intervals.
  public var level: Double

  /// Creates a measurement.
  public init(
    _ metric: Metric, task: LearningTask, key: RandomKey, repeats: Int = 5, rowLimit: Int = 3000, level: Double = 0.95
  ) {
    precondition(repeats >= 2, "PermutationImportance: \(repeats) repeats")
    self.metric = metric
    self.task = task
    self.key = key
    self.repeats = repeats
    self.rowLimit = rowLimit
    self.level = level
  }

  /// The importance of columns, the most important first.
  ///
  /// The interval holds both kinds of chance: which rows were measured on (paired bootstrap) and how they were
  /// shuffled. One prediction of the rows per column and repeat. When the deadline passes, the repeats done so far
  /// count; columns never shuffled are left out.
  ///
  /// - Parameters:
  ///   - columns: the columns to shuffle; nil means all.
  ///   - labels: one per row of the table.
  public func importance(
    of columns: [String]? = nil, table: Table, labels: [Double], deadline: Deadline = .never, threads: Int = 1,
    predict: Predictor
  ) throws -> [ExplanationSummary.Importance] {
    precondition(labels.count == table.rowCount, "PermutationImportance: \(labels.count) labels")
    guard table.rowCount >= 2 else { return [] }
    let rows = sampledRows(table.rowCount, limit: rowLimit, key: key["rows"])
    let sample = table.selecting(rows: rows)
    let truth = rows.map { labels[$0] }
    let intact = try predict(sample)
    let bootstrap = Bootstrap(key: key["bootstrap"], level: level, resamples: 200, threads: threads)
    var rises: [String: [Double]] = [:]
    var errors: [String: Double] = [:]
    let names = columns ?? table.names
    search: for round in 0..<repeats {
      for name in names {
        if deadline.hasPassed { break search }
        var stream = key[name][round].stream()
        let shuffled = try sample.column(name).selecting(rows: stream.permutation(of: rows.count))
        let disturbed = try predict(sample.setting(shuffled))
        let base = metric.value(labels: truth, predictions: intact, task: task)
        let value = metric.value(labels: truth, predictions: disturbed, task: task)
        rises[name, default: []].append(metric.loss(value) - metric.loss(base))
        if round == 0 {
          // Half the width of the normal interval over its quantile is the standard error.
          let difference = bootstrap.difference(metric, labels: truth, first: intact, second: disturbed, task: task)
          let width = difference.estimate.upper - difference.estimate.lower
          errors[name] = width / (2 * normalQuantile(0.5 + level / 2))
        }
      }
    }
    return names.compactMap { name -> ExplanationSummary.Importance? in
      guard let values = rises[name], let error = errors[name] else { return nil }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
      let half = normalQuantile(0.5 + level / 2) * (error * error + variance / count).squareRoot()
      return ExplanationSummary.Importance(column: name, loss: Estimate(mean, lower: mean - half, upper: mean + half))
    }.sorted { ($1.loss.value, $0.column) < ($0.loss.value, $1.column) }
  }
}
