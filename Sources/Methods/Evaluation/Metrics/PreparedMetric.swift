import Foundation

/// A metric made ready on fixed labels and predictions, so that it can be computed again and again with other row
/// counts: what is sorted or looked up per row is done once.
public struct PreparedMetric: Sendable {
  /// The metric.
  public let metric: Metric
  /// The rows.
  public let rowCount: Int
  private let form: Form

  private enum Form: Sendable {
    case means(RowMeans)
    case cells(RowCells)
    /// One ranking per class that counts (one for two classes).
    case ranked([RankedRows])
    /// The value of each query and its first row, whose count is the query's.
    case queries(values: [Double], firstRows: [Int])
    case undefined
  }

  /// Prepares a metric.
  ///
  /// - Parameters:
  ///   - labels: one per row; class indices for classification.
  ///   - predictions: `task.width` numbers per row; for `pinball` any number of quantiles.
  ///   - weights: row weights, or nil for one each; ranking metrics take none.
  ///   - groups: the query of each row, for ranking metrics; nil means one query.
  public init(
    _ metric: Metric, labels: [Double], predictions: Predictions, task: LearningTask, weights: [Double]? = nil,
    groups: [Int]? = nil
  ) {
    precondition(
      labels.count == predictions.rowCount, "\(metric): \(labels.count) labels, \(predictions.rowCount) rows")
    precondition(weights.map { $0.count == labels.count } ?? true, "\(metric): one weight per row")
    precondition(groups.map { $0.count == labels.count } ?? true, "\(metric): one group per row")
    self.metric = metric
    rowCount = labels.count
    let fits = metric == .pinball ? task.width == 1 : predictions.width == task.width && metric.applies(to: task)
    let isFinite = predictions.values.allSatisfy { !$0.isNaN } && labels.allSatisfy { !$0.isNaN }
    guard fits, isFinite, !labels.isEmpty else {
      form = .undefined
      return
    }
    form = Self.form(metric, labels, predictions, weights, groups)
  }

  private static func form(
    _ metric: Metric, _ labels: [Double], _ predictions: Predictions, _ weights: [Double]?, _ groups: [Int]?
  ) -> Form {
    let width = predictions.width
    switch metric {
    case .logLoss, .brier, .accuracy, .mae, .mape, .pinball, .rmse:
      return .means(RowMeans(metric, labels, predictions, weights))
    case .r2: return .means(RowMeans(r2: labels, predictions, weights))
    case .f1, .balancedAccuracy: return .cells(RowCells(confusion: metric, labels, predictions, weights))
    case .calibrationError: return .cells(RowCells(calibration: labels, predictions, weights))
    case .rocAUC, .prAUC, .recallAtOnePercent, .recallAtFivePercent, .recallAtTenPercent:
      let classes = width == 2 ? 1..<2 : 0..<width
      return .ranked(
        classes.map { output in
          RankedRows(
            scores: predictions.output(output), isPositive: { Int(labels[$0]) == output }, weights: weights)
        })
    case .ndcg, .map, .mrr, .recallAtK:
      return queries(metric, labels, predictions.output(width - 1), groups)
    }
  }

  private static func queries(_ metric: Metric, _ labels: [Double], _ scores: [Double], _ groups: [Int]?) -> Form {
    var rowsOfQuery: [Int: [Int]] = [:]
    var order: [Int] = []
    for row in labels.indices {
      let query = groups?[row] ?? 0
      if rowsOfQuery[query] == nil { order.append(query) }
      rowsOfQuery[query, default: []].append(row)
    }
    var values: [Double] = []
    var firstRows: [Int] = []
    for query in order {
      guard let rows = rowsOfQuery[query] else { continue }
      let queryLabels = rows.map { labels[$0] }
      let queryScores = rows.map { scores[$0] }
      let value =
        switch metric {
        case .map: RankingMetrics.averagePrecision(labels: queryLabels, scores: queryScores)
        case .mrr: RankingMetrics.reciprocalRank(labels: queryLabels, scores: queryScores)
        case .recallAtK: RankingMetrics.recall(labels: queryLabels, scores: queryScores)
        default: RankingMetrics.ndcg(labels: queryLabels, scores: queryScores)
        }
      if value.isNaN { continue }
      values.append(value)
      firstRows.append(rows[0])
    }
    return .queries(values: values, firstRows: firstRows)
  }

  /// The value on all rows; NaN where the metric is undefined, for example ROC-AUC with one class.
  public var value: Double { value(nil) }

  /// The value with each row counted so many times.
  public func value(counts: [UInt8]) -> Double {
    precondition(counts.count == rowCount, "\(metric): \(counts.count) counts, \(rowCount) rows")
    return counts.withUnsafeBufferPointer { value($0.baseAddress) }
  }

  /// The value with each row counted as often as `counts` says; nil means once. The pointer holds `rowCount` counts.
  func value(_ counts: UnsafePointer<UInt8>?) -> Double {
    switch form {
    case .undefined: return .nan
    case .means(let means): return means.value(counts)
    case .cells(let cells): return cells.value(counts)
    case .ranked(let classes): return macro(classes, counts)
    case .queries(let values, let firstRows):
      var sum = 0.0
      var total = 0.0
      for (value, row) in zip(values, firstRows) {
        let weight = counts.map { Double($0[row]) } ?? 1
        sum += weight * value
        total += weight
      }
      return total > 0 ? sum / total : .nan
    }
  }

  private func macro(_ classes: [RankedRows], _ counts: UnsafePointer<UInt8>?) -> Double {
    var sum = 0.0
    var defined = 0.0
    for rows in classes {
      let value =
        switch metric {
        case .prAUC: rows.averagePrecision(counts)
        case .recallAtOnePercent: rows.recall(atRate: 0.01, counts)
        case .recallAtFivePercent: rows.recall(atRate: 0.05, counts)
        case .recallAtTenPercent: rows.recall(atRate: 0.10, counts)
        default: rows.areaUnderROC(counts)
        }
      if value.isNaN { continue }
      sum += value
      defined += 1
    }
    return defined > 0 ? sum / defined : .nan
  }

  /// How long one evaluation takes, in passes over the rows.
  var cost: Int {
    switch form {
    case .undefined: 1
    case .means(let means): means.components.count
    case .cells: 2
    case .ranked(let classes): 3 * classes.count
    case .queries: 1
    }
  }
}

extension Metric {
  /// The value of the metric; NaN where it is undefined (ROC-AUC with one class, a task it does not apply to).
  ///
  /// - Parameters:
  ///   - labels: one per row; class indices for classification.
  ///   - predictions: `task.width` numbers per row.
  ///   - weights: row weights, or nil for one each.
  ///   - groups: the query of each row, for ranking metrics; nil means one query.
  public func value(
    labels: [Double], predictions: Predictions, task: LearningTask, weights: [Double]? = nil, groups: [Int]? = nil
  ) -> Double {
    PreparedMetric(
      self, labels: labels, predictions: predictions, task: task, weights: weights, groups: groups
    ).value
  }
}
