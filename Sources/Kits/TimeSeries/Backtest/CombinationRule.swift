/// How the forecasts of several methods become one.
public enum CombinationRule: Sendable, Codable, Hashable {
  /// The plain mean.
  case mean
  /// The median of each step.
  case median
  /// The method with the least error in the backtest.
  case best
  /// Weights proportional to a power of the inverse of the error in the backtest (Bates and Granger 1969 for squares).
  case inverseError(power: Double)
  /// The weights, not negative and of sum 1, with the least squared error in the backtest, errors scaled per series
  /// (Granger and Ramanathan 1984, constrained).
  case nonNegativeLeastSquares
  /// Weights by greedy selection with replacement: the method that lowers the error of the mean most joins it, so many
  /// times (Caruana, Niculescu-Mizil, Crew and Ksikes 2004).
  case greedy(steps: Int)
  /// Weights that are given; they are divided by their sum.
  case fixed([Double])

  /// Whether a backtest is needed.
  public var learns: Bool {
    switch self {
    case .mean, .median, .fixed: false
    case .best, .inverseError, .nonNegativeLeastSquares, .greedy: true
    }
  }
}

/// The weights of methods, for all series or for each.
public struct CombinationWeights: Sendable, Codable, Hashable {
  /// One row of weights, of sum 1, for all series; or one row per series.
  public let rows: [[Double]]
  /// Whether the median of the methods with a weight is taken instead of the weighted mean.
  public let isMedian: Bool

  /// Creates weights.
  public init(rows: [[Double]], isMedian: Bool = false) {
    precondition(!rows.isEmpty, "CombinationWeights: no weights")
    self.rows = rows.map { row in
      let sum = row.reduce(0, +)
      return row.map { sum > 0 ? $0 / sum : 1 / Double(row.count) }
    }
    self.isMedian = isMedian
  }

  /// The weights of a series.
  public func row(_ series: Int) -> [Double] { rows.count == 1 ? rows[0] : rows[series] }

  /// The combined forecast of a series: point by point and quantile by quantile.
  public func combined(_ forecasts: [Forecast], series: Int) -> Forecast {
    let weights = row(series)
    precondition(
      forecasts.count >= weights.count, "CombinationWeights: \(weights.count) weights, \(forecasts.count) forecasts")
    let members = weights.indices.filter { weights[$0] > 0 }
    guard let first = members.first else { return forecasts[0] }
    if members.count == 1 { return forecasts[first] }
    func combine(_ values: [[Double]]) -> [Double] {
      values[0].indices.map { step in
        if isMedian {
          let sorted = values.map { $0[step] }.sorted()
          return interpolatedQuantile(ofSorted: sorted, 0.5)
        }
        var sum = 0.0
        for (place, member) in members.enumerated() { sum += weights[member] * values[place][step] }
        return sum
      }
    }
    return Forecast(
      point: combine(members.map { forecasts[$0].point }), levels: forecasts[first].levels,
      quantiles: forecasts[first].levels.indices.map { level in
        combine(members.map { forecasts[$0].quantiles[level] })
      })
  }
}
