/// A series taken apart into trend, seasons and what remains.
public struct SeasonalDecomposition: Sendable, Codable, Hashable {
  /// The lengths of the seasons in steps, ascending.
  public var periods: [Int]
  /// The slow part; not-a-number where a method does not give it.
  public var trend: [Double]
  /// One array per season: what it adds to each step, or the factor.
  public var seasons: [[Double]]
  /// What is left.
  public var remainder: [Double]
  /// Whether the parts multiply instead of adding up.
  public var isMultiplicative: Bool

  /// Creates a decomposition; all parts have equal length.
  public init(
    periods: [Int], trend: [Double], seasons: [[Double]], remainder: [Double], isMultiplicative: Bool = false
  ) {
    precondition(
      periods.count == seasons.count && seasons.allSatisfy { $0.count == trend.count }
        && remainder.count == trend.count, "SeasonalDecomposition: parts of different lengths")
    self.periods = periods
    self.trend = trend
    self.seasons = seasons
    self.remainder = remainder
    self.isMultiplicative = isMultiplicative
  }

  /// The series without its seasons.
  public var seasonallyAdjusted: [Double] {
    trend.indices.map { isMultiplicative ? trend[$0] * remainder[$0] : trend[$0] + remainder[$0] }
  }

  /// How strong a season is, from 0 to 1: one minus the variance of the remainder over that of remainder and season
  /// (Wang, Smith and Hyndman, "Characteristic-based clustering for time series data", 2006).
  public func seasonalStrength(_ index: Int) -> Double {
    SeasonalDecomposition.strength(seasons[index], remainder, isMultiplicative)
  }

  /// How strong the trend is, from 0 to 1, by the same measure.
  public var trendStrength: Double { SeasonalDecomposition.strength(trend, remainder, isMultiplicative) }

  /// What the seasons add to the steps after the end (or their factors): each repeats its last period.
  public func seasonsAhead(_ horizon: Int) -> [Double] {
    (0..<horizon).map { step in
      var value = isMultiplicative ? 1.0 : 0
      for (period, season) in zip(periods, seasons) {
        let part = season[season.count - period + step % period]
        value = isMultiplicative ? value * part : value + part
      }
      return value
    }
  }

  private static func strength(_ part: [Double], _ remainder: [Double], _ isMultiplicative: Bool) -> Double {
    let pairs = zip(part, remainder).filter { !$0.isNaN && !$1.isNaN }
    let both = pairs.map { isMultiplicative ? $0 * $1 : $0 + $1 }
    let whole = variance(both)
    guard whole > 0 else { return 0 }
    return min(1, max(0, 1 - variance(pairs.map(\.1)) / whole))
  }

  private static func variance(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}

/// Decomposition by moving averages: the trend is the centred average over one period, the season the mean of each phase.
public struct ClassicalDecomposition: Sendable, Codable, Hashable {
  /// Whether the parts multiply; the series must then be positive.
  public var isMultiplicative: Bool

  /// Creates the method.
  public init(isMultiplicative: Bool = false) { self.isMultiplicative = isMultiplicative }

  /// Takes a series apart; trend and remainder are not-a-number for half a period at both ends.
  ///
  /// - Parameters:
  ///   - values: The series without missing values, at least two periods.
  ///   - period: The steps of a season, at least 2.
  public func decompose(_ values: [Double], period: Int) -> SeasonalDecomposition {
    let adjustment = SeasonalAdjustment(values, season: period, isMultiplicative: isMultiplicative)
    let trend = centredMovingAverage(values, length: period)
    let season = values.indices.map { adjustment.profile[$0 % period] }
    let remainder = values.indices.map {
      isMultiplicative ? values[$0] / (trend[$0] * season[$0]) : values[$0] - trend[$0] - season[$0]
    }
    return SeasonalDecomposition(
      periods: [period], trend: trend, seasons: [season], remainder: remainder, isMultiplicative: isMultiplicative)
  }
}
