import Basics
import Evaluation
import Foundation
import Kernels
import Tables

/// Looks for parts of the test data in which the model is weaker: levels and ranges of single columns, and of pairs.
///
/// Every segment is compared with the rest of the rows, and the verdicts are adjusted for the number of segments looked
/// at (Holm), so that one of hundreds is not called weak by chance.
public struct SegmentSearch: Sendable {
  /// The metric compared.
  public var metric: Metric
  /// What is predicted.
  public var task: LearningTask
  /// The source of bootstrap draws.
  public var key: RandomKey
  /// The fewest rows of a segment.
  public var leastRows: Int
  /// The most segments returned.
  public var limit: Int
  /// The level of intervals and verdicts.
  public var level: Double

  /// Creates a search.
  public init(
    _ metric: Metric, task: LearningTask, key: RandomKey, leastRows: Int = 50, limit: Int = 40, level: Double = 0.95
  ) {
    self.metric = metric
    self.task = task
    self.key = key
    self.leastRows = leastRows
    self.limit = limit
    self.level = level
  }

  private struct Found {
    let segment: Segment
    /// How far the segment's loss lies above the rest's, in standard errors.
    let excess: Double
    /// The mean row loss.
    let loss: Double
  }

  /// The segments, the weak ones first, then those without a difference, then the better ones; within these the largest
  /// loss first. Pairs are told only where they are weak, and weaker than both of their parts.
  ///
  /// - Parameters:
  ///   - columns: the columns to look at; pairs are made of the first eight, so give the most important first.
  ///   - labels, predictions: of the table's rows.
  public func search(
    columns: [String], table: Table, labels: [Double], predictions: Predictions, threads: Int = 1
  ) throws -> [SegmentSummary] {
    precondition(labels.count == table.rowCount, "SegmentSearch: \(labels.count) labels")
    let least = max(leastRows, table.rowCount / 100)
    let perColumn = try columns.map { Segment.of(try table.column($0), least: least) }
    var segments = perColumn.flatMap { $0 }
    let first = Array(perColumn.prefix(8))
    for a in first.indices {
      for b in first.indices where b > a {
        for one in first[a] { segments += first[b].compactMap { one.and($0, least: least, of: table.rowCount) } }
      }
    }
    let losses = rowLosses(labels, predictions)
    let found = segments.map { measure($0, losses) }
    let pValues = PairedTests.holm(found.map { 2 * normalProbability(below: -abs($0.excess)) })
    var verdicts = zip(found, pValues).map { item, pValue -> Difference.Verdict in
      pValue >= 1 - level ? .noDifference : item.excess > 0 ? .worse : .better
    }
    if !comparesRowLosses { confirm(found, &verdicts, labels, predictions, threads: threads) }
    let lossOfSingle = Dictionary(
      found.filter { $0.segment.parts.count == 1 }.map { ($0.segment.name, $0.loss) },
      uniquingKeysWith: { one, _ in one })
    let kept = found.indices.filter { index in
      let parts = found[index].segment.parts
      if parts.count == 1 { return true }
      return verdicts[index] == .worse && parts.allSatisfy { (lossOfSingle[$0] ?? -.infinity) < found[index].loss }
    }
    let order: [Difference.Verdict: Int] = [.worse: 0, .noDifference: 1, .better: 2]
    let sorted = kept.sorted { a, b in
      let ranks = (order[verdicts[a]] ?? 1, order[verdicts[b]] ?? 1)
      return ranks.0 != ranks.1
        ? ranks.0 < ranks.1 : found[a].loss != found[b].loss ? found[a].loss > found[b].loss : a < b
    }
    return sorted.prefix(limit).map { index in
      let rows = found[index].segment.rows
      let estimate = Bootstrap(key: key[index], level: level, resamples: 400, threads: threads).estimate(
        metric, labels: rows.map { labels[$0] }, predictions: predictions.selecting(rows: rows), task: task)
      return SegmentSummary(
        segment: found[index].segment.name, count: rows.count, metric: estimate, verdict: verdicts[index])
    }
  }

  /// Whether the metric is a mean of losses of rows, so that segments compare by them.
  private var comparesRowLosses: Bool {
    switch metric {
    case .logLoss, .brier, .accuracy, .rmse, .mae, .mape, .pinball: true
    default: false
    }
  }

  /// The loss of each row: the metric's own, or log loss and squared error where the metric has none.
  private func rowLosses(_ labels: [Double], _ predictions: Predictions) -> [Double] {
    let own = comparesRowLosses ? metric : Metric.primary(for: task)
    let values = own.rowValues(labels: labels, predictions: predictions) ?? []
    return own.isHigherBetter ? values.map { -$0 } : values
  }

  /// Welch's comparison of the segment's mean loss with that of the other rows.
  private func measure(_ segment: Segment, _ losses: [Double]) -> Found {
    var inside = Moments()
    var outside = Moments()
    var isInside = [Bool](repeating: false, count: losses.count)
    for row in segment.rows { isInside[row] = true }
    for row in losses.indices where !losses[row].isNaN {
      if isInside[row] { inside.add(losses[row]) } else { outside.add(losses[row]) }
    }
    let error = (inside.variance / max(1, inside.count) + outside.variance / max(1, outside.count)).squareRoot()
    let difference = inside.mean - outside.mean
    let isMeasured = inside.count >= 2 && outside.count >= 2 && error > 0
    return Found(segment: segment, excess: isMeasured ? difference / error : 0, loss: inside.mean)
  }

  private struct Moments {
    var count = 0.0
    var mean = 0.0
    private var squares = 0.0
    var variance: Double { count > 1 ? squares / (count - 1) : 0 }

    mutating func add(_ value: Double) {
      count += 1
      let step = value - mean
      mean += step / count
      squares += step * (value - mean)
    }
  }

  /// For metrics without row losses: a verdict stands only if bootstrap intervals of the metric itself, in the
  /// segment and in the rest, agree with it.
  private func confirm(
    _ found: [Found], _ verdicts: inout [Difference.Verdict], _ labels: [Double], _ predictions: Predictions,
    threads: Int
  ) {
    for index in found.indices where verdicts[index] != .noDifference {
      let inside = Set(found[index].segment.rows)
      let parts = [found[index].segment.rows, labels.indices.filter { !inside.contains($0) }].map { rows in
        Bootstrap(key: key["confirm"][index], level: level, resamples: 200, threads: threads).estimate(
          metric, labels: rows.map { labels[$0] }, predictions: predictions.selecting(rows: rows), task: task)
      }
      let isWorse = metric.loss(parts[0].value) > metric.loss(parts[1].value)
      let isApart = parts[0].upper < parts[1].lower || parts[1].upper < parts[0].lower
      if !isApart || isWorse != (verdicts[index] == .worse) { verdicts[index] = .noDifference }
    }
  }
}
