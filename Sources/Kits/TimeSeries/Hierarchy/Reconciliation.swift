import Basics
import Evaluation

/// Makes the forecasts of a hierarchy's nodes add up.
///
/// Wickramasuriya, Athanasopoulos and Hyndman, "Optimal forecast reconciliation for hierarchical and grouped time series
/// through trace minimization", Journal of the American Statistical Association 114 (2019).
public struct Reconciliation: Sendable, Codable, Hashable {
  /// How coherent forecasts come from those of the nodes.
  public enum Method: Sendable, Codable, Hashable, CaseIterable {
    /// Sums of the bottom forecasts.
    case bottomUp
    /// Shares of the first node's forecast: the mean over time of each bottom series' share.
    case topDownMeanShares
    /// Shares of the first node's forecast: each bottom series' mean over the mean of their sum.
    case topDownSharesOfMeans
    /// Shares of the first node's forecast as the bottom forecasts of each step have them.
    case topDownForecastShares
    /// Least squares, all nodes alike.
    case ordinary
    /// Least squares, each node weighed by the number of bottom series in it.
    case structural
    /// Least squares, each node weighed by the variance of its one-step errors.
    case variance
    /// Least squares with the whole covariance of one-step errors, shrunk towards its diagonal (MinT).
    case shrinkage
  }

  /// Where the quantiles of coherent forecasts come from.
  public enum Uncertainty: Sendable, Codable, Hashable {
    /// Normal errors with the spread of the nodes' own quantiles and the correlation of their one-step errors.
    case gaussian
    /// Errors drawn together from past steps, scaled to the spread of the nodes' own quantiles, made coherent path by
    /// path.
    case bootstrap(paths: Int)
  }

  /// How coherent forecasts come from those of the nodes.
  public var method: Method
  /// Where the quantiles come from.
  public var uncertainty: Uncertainty
  /// Whether negative bottom values become zero before they are summed.
  public var isNonnegative: Bool

  /// Creates the method.
  public init(
    _ method: Method = .shrinkage, uncertainty: Uncertainty = .gaussian, isNonnegative: Bool = false
  ) {
    self.method = method
    self.uncertainty = uncertainty
    self.isNonnegative = isNonnegative
  }

  /// Coherent forecasts of all nodes.
  ///
  /// - Parameters:
  ///   - forecasts: One per node, of equal horizon and levels.
  ///   - hierarchy: The nodes and their sums.
  ///   - residuals: The one-step errors of each node, of equal length, missing ones not-a-number; needed by `variance`,
  ///     `shrinkage` and the quantiles' correlation.
  ///   - history: The past of the nodes; needed by the shares of the past.
  ///   - key: The source of the bootstrap's draws.
  /// - Throws: `data` for parts that do not fit the hierarchy, too few common errors, or a past without sums.
  public func reconcile(
    _ forecasts: [Forecast], _ hierarchy: Hierarchy, residuals: [[Double]] = [], history: [[Double]] = [],
    key: RandomKey = RandomKey(seed: 1)
  ) throws -> [Forecast] {
    try check(forecasts, hierarchy, residuals: residuals, history: history)
    let rows = Reconciliation.commonRows(residuals)
    let horizon = forecasts[0].horizon
    let levels = forecasts[0].levels
    var maps: [ReconciliationMap] = []
    if method == .topDownForecastShares {
      for step in 0..<horizon {
        let bottom = forecasts.suffix(hierarchy.bottomCount).map { $0.point[step] }
        maps.append(.topDown(hierarchy, shares: try Reconciliation.shares(bottom.map { [$0] }, ofMeans: true)))
      }
    } else {
      maps = [try map(hierarchy, rows: rows, history: history)]
    }
    var points: [[Double]] = forecasts.map { _ in [] }
    for step in 0..<horizon {
      let values = clipped(maps[min(step, maps.count - 1)].apply(forecasts.map { $0.point[step] }), hierarchy)
      for (node, value) in values.enumerated() { points[node].append(value) }
    }
    guard !levels.isEmpty else { return points.map { Forecast(point: $0) } }
    var quantiles = forecasts.map { _ in levels.map { _ in [Double](repeating: 0, count: horizon) } }
    for step in 0..<horizon {
      let map = maps[min(step, maps.count - 1)]
      let spreads = forecasts.map { Reconciliation.deviation($0, step) }
      let means = points.map { $0[step] }
      let found: [[Double]]
      switch uncertainty {
      case .gaussian: found = gaussian(map, means: means, spreads: spreads, rows: rows, levels: levels)
      case .bootstrap(let paths):
        let base = forecasts.map { $0.point[step] }
        found = bootstrap(
          map, hierarchy, base: base, spreads: spreads, rows: rows, levels: levels, paths: paths, key: key[step])
      }
      for node in found.indices {
        for (k, value) in found[node].enumerated() {
          quantiles[node][k][step] = isNonnegative ? max(0, value) : value
        }
      }
    }
    return points.indices.map { Forecast(point: points[$0], levels: levels, quantiles: quantiles[$0]) }
  }

  private func map(_ hierarchy: Hierarchy, rows: [[Double]], history: [[Double]]) throws -> ReconciliationMap {
    let covariance: ErrorCovariance
    switch method {
    case .bottomUp: return .bottomUp(hierarchy)
    case .topDownMeanShares, .topDownSharesOfMeans, .topDownForecastShares:
      let bottom = Array(history.suffix(hierarchy.bottomCount))
      return .topDown(
        hierarchy, shares: try Reconciliation.shares(bottom, ofMeans: method == .topDownSharesOfMeans))
    case .ordinary: covariance = ErrorCovariance(diagonal: hierarchy.members.map { _ in 1 })
    case .structural: covariance = ErrorCovariance(diagonal: hierarchy.members.map { Double($0.count) })
    case .variance:
      covariance = ErrorCovariance(
        diagonal: hierarchy.members.indices.map { node in
          rows.reduce(0) { $0 + $1[node] * $1[node] } / Double(rows.count)
        })
    case .shrinkage: covariance = ErrorCovariance(shrinking: rows)
    }
    guard let map = ReconciliationMap.projection(hierarchy, covariance: covariance) else {
      throw AssayError(
        .data, "the covariance of the nodes' errors is singular", at: "hierarchy",
        remedy: "leave out sums that others give, or use structural weights")
    }
    return map
  }

  private func check(
    _ forecasts: [Forecast], _ hierarchy: Hierarchy, residuals: [[Double]], history: [[Double]]
  ) throws {
    let count = hierarchy.count
    guard forecasts.count == count, Set(forecasts.map(\.horizon)).count == 1, Set(forecasts.map(\.levels)).count == 1
    else {
      throw AssayError(
        .data, "\(forecasts.count) forecasts, or forecasts of different horizons or levels, for \(count) nodes",
        at: "hierarchy", remedy: "forecast every node with the same request, in the order of the hierarchy's names")
    }
    let needsErrors = method == .variance || method == .shrinkage
    if needsErrors || !residuals.isEmpty {
      guard residuals.count == count, Set(residuals.map(\.count)).count == 1 else {
        throw AssayError(
          .data, "\(residuals.count) lists of errors, or lists of different lengths, for \(count) nodes",
          at: "hierarchy", remedy: "give the one-step errors of every node at the same steps")
      }
    }
    if needsErrors && Reconciliation.commonRows(residuals).count < 3 {
      throw AssayError(
        .data, "fewer than three steps have errors of all nodes", at: "hierarchy",
        remedy: "use structural weights, which need no errors")
    }
    if (method == .topDownMeanShares || method == .topDownSharesOfMeans) && history.count != count {
      throw AssayError(
        .data, "\(history.count) pasts for \(count) nodes", at: "hierarchy", remedy: "give the past of every node")
    }
    let isTopDown = [.topDownMeanShares, .topDownSharesOfMeans, .topDownForecastShares].contains(method)
    if isTopDown && hierarchy.members[0].count != hierarchy.bottomCount {
      throw AssayError(
        .configuration, "the first node is not the sum of all bottom series", at: "hierarchy",
        remedy: "put the total first, or use another method")
    }
    if case .bootstrap(let paths) = uncertainty, paths < 20 {
      throw AssayError(.configuration, "\(paths) paths are too few for quantiles", remedy: "use 500")
    }
  }
}
