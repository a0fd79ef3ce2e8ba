/// How a series of demands comes: how often, and how evenly sized (Syntetos, Boylan and Croston, "On the categorization
/// of demand patterns", 2005).
public struct DemandPattern: Sendable, Hashable, Codable {
  /// The four classes.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Often and evenly sized: exponential smoothing serves.
    case smooth
    /// Often, of uneven sizes.
    case erratic
    /// Seldom, evenly sized.
    case intermittent
    /// Seldom and of uneven sizes.
    case lumpy
  }

  /// The mean number of steps per demand; infinite without any demand.
  public let interval: Double
  /// The square of the coefficient of variation of the demands that are not zero.
  public let variation: Double

  /// Measures a series; missing values are left out.
  public init(_ series: Series) {
    let numbers = series.values.filter { !$0.isNaN }
    let demands = numbers.filter { $0 != 0 }
    interval = demands.isEmpty ? .infinity : Double(numbers.count) / Double(demands.count)
    let mean = demands.reduce(0, +) / Double(max(1, demands.count))
    let square = demands.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    variation = demands.count < 2 || mean == 0 ? 0 : square / Double(demands.count - 1) / (mean * mean)
  }

  /// The class: the bounds are 1.32 steps and 0.49.
  public var kind: Kind {
    switch (interval > 1.32, variation > 0.49) {
    case (false, false): .smooth
    case (false, true): .erratic
    case (true, false): .intermittent
    case (true, true): .lumpy
    }
  }
}
