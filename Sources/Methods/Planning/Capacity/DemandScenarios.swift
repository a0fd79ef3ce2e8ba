import Basics

/// Demand paths over several periods with their probabilities.
public struct DemandScenarios: Sendable, Hashable, Codable {
  /// Demand by scenario and period.
  public let paths: [[Double]]
  /// The probabilities; their sum is 1.
  public let weights: [Double]

  /// Paths such as draws of a forecast, each as likely as the others or with weights.
  ///
  /// - Throws: a `data` error if there are none, their lengths differ, a demand is not finite, or the weights do not fit.
  public init(paths: [[Double]], weights: [Double]? = nil) throws(AssayError) {
    guard let first = paths.first, !first.isEmpty, paths.allSatisfy({ $0.count == first.count }) else {
      throw AssayError(.data, "demand scenarios need one or more paths of equal length")
    }
    for (number, path) in paths.enumerated() {
      if let period = path.firstIndex(where: { !$0.isFinite }) {
        throw AssayError(.data, "the demand of period \(period + 1) is \(path[period])", at: "scenario \(number + 1)")
      }
    }
    let weights = weights ?? paths.map { _ in 1 }
    let total = weights.reduce(0, +)
    guard weights.count == paths.count, weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
      throw AssayError(.data, "the \(weights.count) weights do not fit the \(paths.count) paths, or are negative")
    }
    self.paths = paths
    self.weights = weights.map { $0 / total }
  }

  /// Paths of equal quantiles: path k is at level (k - 0.5) / count in every period.
  ///
  /// A capacity plan's cost is a sum over periods, so it depends on each period's distribution and not on how demands of
  /// different periods go together: such paths lose nothing.
  public init(_ demands: [DemandDistribution], count: Int = 100) throws(AssayError) {
    require(count > 0, "DemandScenarios", "\(count) paths")
    try self.init(
      paths: (0..<count).map { path in demands.map { $0.quantile((Double(path) + 0.5) / Double(count)) } })
  }

  /// The number of periods.
  public var periodCount: Int { paths[0].count }

  /// The mean demand of each period.
  public var mean: [Double] {
    (0..<periodCount).map { period in zip(paths, weights).reduce(0) { $0 + $1.0[period] * $1.1 } }
  }
}
