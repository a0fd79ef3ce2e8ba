/// What is expected of the next steps, and how sure it is.
public struct Forecast: Sendable, Codable, Hashable {
  /// The point forecast of each step.
  public var point: [Double]
  /// The probabilities of the quantiles, ascending, for example 0.05, 0.5 and 0.95; may be empty.
  public var levels: [Double]
  /// `quantiles[level][step]`: the number that the truth stays below with that probability.
  public var quantiles: [[Double]]

  /// Creates a forecast; every quantile must have as many steps as `point`.
  public init(point: [Double], levels: [Double] = [], quantiles: [[Double]] = []) {
    precondition(
      levels.count == quantiles.count && quantiles.allSatisfy { $0.count == point.count },
      "Forecast: \(levels.count) levels, quantiles of \(quantiles.map(\.count)) steps, \(point.count) steps")
    self.point = point
    self.levels = levels
    self.quantiles = quantiles
  }

  /// The number of steps.
  public var horizon: Int { point.count }

  /// The quantile of a level that is there.
  public func quantile(_ level: Double) -> [Double]? {
    levels.firstIndex { abs($0 - level) < 1e-9 }.map { quantiles[$0] }
  }
}
