import Basics
import Kernels

/// Intervals and paired comparisons by resampling the rows that were measured on (Efron and Tibshirani 1993).
///
/// Rows are drawn within classes, or, where `clusters` are given, whole clusters (entities) at a time. On small data
/// intervals are bias-corrected and accelerated (BCa, Efron 1987), else plain percentiles, widened for few units (the
/// expanded percentile interval of Hesterberg 2015). Same key, same numbers for any number of threads.
public struct Bootstrap: Sendable {
  /// The source of the draws.
  public var key: RandomKey
  /// The level of the intervals.
  public var level: Double
  /// The resamples; nil means 200 to 2,000, fewer for more rows, so that a metric takes about a second at most.
  public var resamples: Int?
  /// The threads it may use.
  public var threads: Int

  /// Creates a bootstrap.
  public init(key: RandomKey, level: Double = 0.95, resamples: Int? = nil, threads: Int = 1) {
    precondition(level > 0 && level < 1, "Bootstrap: level \(level)")
    self.key = key
    self.level = level
    self.resamples = resamples
    self.threads = threads
  }

  /// Several metrics with intervals, from the same resamples.
  ///
  /// - Parameters:
  ///   - weights, groups: as in `Metric.value`; ranking metrics resample whole groups.
  ///   - clusters: rows that belong together, for example the entity of each row.
  /// - Returns: one estimate per metric; not-a-number where the metric is undefined.
  public func estimates(
    _ metrics: [Metric], labels: [Double], predictions: Predictions, task: LearningTask, weights: [Double]? = nil,
    groups: [Int]? = nil, clusters: [Int]? = nil
  ) -> [Estimate] {
    let prepared = parallelMap(metrics.count, threads: threads) {
      PreparedMetric(
        metrics[$0], labels: labels, predictions: predictions, task: task, weights: weights, groups: groups)
    }
    let isRanking = metrics.contains { $0.isRanking }
    let resampler = resampler(labels, task, clusters: isRanking ? groups ?? clusters : clusters)
    var estimates = intervals(resampler, cost: prepared.reduce(0) { $0 + $1.cost }) { counts in
      prepared.map { $0.value(counts) }
    }
    let rows = Double(labels.count)
    for (index, metric) in metrics.enumerated() where metric == .accuracy && clusters == nil && weights == nil {
      let value = estimates[index].value
      // All rows right (or wrong): resamples cannot show that the next row may differ.
      if value == 0 || value == 1 {
        estimates[index] = wilsonInterval(successes: value * rows, trials: rows, level: level)
      }
    }
    return estimates
  }

  /// One metric with its interval.
  public func estimate(
    _ metric: Metric, labels: [Double], predictions: Predictions, task: LearningTask, weights: [Double]? = nil,
    groups: [Int]? = nil, clusters: [Int]? = nil
  ) -> Estimate {
    estimates(
      [metric], labels: labels, predictions: predictions, task: task, weights: weights, groups: groups,
      clusters: clusters)[0]
  }

  /// The mean of one number per row (a loss, a gain in money) with its interval.
  public func mean(of values: [Double], clusters: [Int]? = nil) -> Estimate {
    let means = RowMeans(of: values)
    let resampler = Resampler(rowCount: values.count, strata: nil, clusters: clusters, key: key)
    return intervals(resampler, cost: 1) { [means.value($0)] }[0]
  }

  /// The first metric value minus the second on the same rows, turned so that positive means the first is better, with
  /// interval and verdict ("paired bootstrap").
  public func difference(
    _ metric: Metric, labels: [Double], first: Predictions, second: Predictions, task: LearningTask,
    weights: [Double]? = nil, groups: [Int]? = nil, clusters: [Int]? = nil
  ) -> Difference {
    let prepared = [first, second].map {
      PreparedMetric(metric, labels: labels, predictions: $0, task: task, weights: weights, groups: groups)
    }
    let sign = metric.isHigherBetter ? 1.0 : -1.0
    let resampler = resampler(labels, task, clusters: metric.isRanking ? groups ?? clusters : clusters)
    return difference(resampler, cost: prepared[0].cost + prepared[1].cost) { counts in
      sign * (prepared[0].value(counts) - prepared[1].value(counts))
    }
  }

  /// The mean of one paired difference per row (this policy's gain minus the other's) with interval and verdict.
  public func difference(of values: [Double], clusters: [Int]? = nil) -> Difference {
    let means = RowMeans(of: values)
    let resampler = Resampler(rowCount: values.count, strata: nil, clusters: clusters, key: key)
    return difference(resampler, cost: 1) { means.value($0) }
  }

  private func resampler(_ labels: [Double], _ task: LearningTask, clusters: [Int]?) -> Resampler {
    let strata = task.width > 1 && clusters == nil ? labels.map { Int($0) } : nil
    return Resampler(rowCount: labels.count, strata: strata, clusters: clusters, key: key)
  }

  private func resampleCount(_ resampler: Resampler, cost: Int) -> Int {
    resamples ?? max(200, min(2000, 600_000_000 / max(1, resampler.rowCount * (cost + 3))))
  }

  /// The statistic of each resample.
  private func draw(
    _ resampler: Resampler, cost: Int, _ statistics: @Sendable (UnsafePointer<UInt8>?) -> [Double]
  ) -> [[Double]] {
    parallelMap(resampleCount(resampler, cost: cost), threads: threads) { resample in
      resampler.counts(resample: resample).withUnsafeBufferPointer { statistics($0.baseAddress) }
    }
  }

  private func intervals(
    _ resampler: Resampler, cost: Int, _ statistics: @Sendable (UnsafePointer<UInt8>?) -> [Double]
  ) -> [Estimate] {
    let values = statistics(nil)
    guard resampler.unitCount > 1 else { return values.map { Estimate($0, lower: .nan, upper: .nan) } }
    let drawn = draw(resampler, cost: cost, statistics)
    var jackknife: [[Double]]?
    if resampler.unitCount * resampler.rowCount * cost <= 8_000_000 {
      jackknife = parallelMap(resampler.unitCount, threads: threads) { unit in
        resampler.counts(without: unit).withUnsafeBufferPointer { statistics($0.baseAddress) }
      }
    }
    return values.indices.map { index in
      ResampledInterval(
        value: values[index], resampled: drawn.map { $0[index] }, units: resampler.unitCount,
        jackknife: jackknife?.map { $0[index] }
      ).estimate(level: level)
    }
  }

  private func difference(
    _ resampler: Resampler, cost: Int, _ statistic: @Sendable (UnsafePointer<UInt8>?) -> Double
  ) -> Difference {
    let value = statistic(nil)
    guard resampler.unitCount > 1 else {
      return Difference(
        estimate: Estimate(value, lower: .nan, upper: .nan), pValue: 1, effectSize: .nan, verdict: .noDifference,
        test: "paired bootstrap")
    }
    let drawn = draw(resampler, cost: cost) { [statistic($0)] }.map { $0[0] }
    let interval = ResampledInterval(value: value, resampled: drawn, units: resampler.unitCount, jackknife: nil)
    let pValue = interval.probabilityOfNoDifference
    return Difference(
      estimate: interval.estimate(level: level), pValue: pValue,
      effectSize: interval.deviation > 0 ? value / (interval.deviation * Double(resampler.unitCount).squareRoot()) : 0,
      verdict: .init(estimate: interval.estimate(level: level)), test: "paired bootstrap")
  }
}

extension Difference.Verdict {
  /// The words for an interval: better or worse if zero lies outside.
  public init(estimate: Estimate) {
    self = estimate.lower > 0 ? .better : estimate.upper < 0 ? .worse : .noDifference
  }
}
