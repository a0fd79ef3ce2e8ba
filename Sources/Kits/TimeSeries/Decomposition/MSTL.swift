import Basics

/// Decomposition into trend, several seasons and remainder: STL for one season after another, repeated.
///
/// Bandara, Hyndman and Bergmeir, "MSTL: a seasonal-trend decomposition algorithm for time series with multiple seasonal
/// patterns", arXiv:2107.13462 (2021).
public struct MSTL: Sendable, Codable, Hashable {
  /// How each season is taken out; its window is used for the first season, and is 4 longer for each further one.
  public var stl: STL
  /// The rounds over all seasons; one is enough for a single season.
  public var rounds: Int

  /// Creates the method.
  public init(stl: STL = STL(), rounds: Int = 2) {
    self.stl = stl
    self.rounds = rounds
  }

  /// Takes a series apart; seasons of which it has no two periods are left out.
  ///
  /// - Parameters:
  ///   - values: The series without missing values.
  ///   - periods: The lengths of the seasons, ascending, each at least 2.
  public func decompose(_ values: [Double], periods: [Int]) -> SeasonalDecomposition {
    let used = periods.filter { $0 >= 2 && 2 * $0 <= values.count }
    guard !used.isEmpty else {
      let trend = MSTL.trend(values)
      return SeasonalDecomposition(
        periods: [], trend: trend, seasons: [], remainder: zip(values, trend).map { $0 - $1 })
    }
    var seasons = used.map { _ in [Double](repeating: 0, count: values.count) }
    var adjusted = values
    var trend = values
    for _ in 0..<(used.count == 1 ? 1 : max(1, rounds)) {
      for (index, period) in used.enumerated() {
        for t in adjusted.indices { adjusted[t] += seasons[index][t] }
        var method = stl
        method.seasonalWindow += 4 * index
        let parts = method.decompose(adjusted, period: period)
        seasons[index] = parts.seasons[0]
        trend = parts.trend
        for t in adjusted.indices { adjusted[t] -= seasons[index][t] }
      }
    }
    return SeasonalDecomposition(
      periods: used, trend: trend, seasons: seasons, remainder: zip(adjusted, trend).map { $0 - $1 })
  }

  /// A smooth line through a series without seasons.
  private static func trend(_ values: [Double]) -> [Double] {
    var result = values
    let window = max(3, values.count / 4) | 1
    values.withUnsafeBufferPointer { from in
      result.withUnsafeMutableBufferPointer { into in
        guard let from = from.baseAddress, let into = into.baseAddress else { return }
        Loess(window: window, degree: 1, jump: 1).smooth(from, count: values.count, robustness: nil, into: into)
      }
    }
    return result
  }
}

/// Fills missing stretches with the season in mind.
public struct SeasonalInterpolation: Sendable, Codable, Hashable {
  /// The steps of the season; 1 for straight lines.
  public var season: Int
  /// The rounds of decomposing what was filled and filling again.
  public var rounds: Int

  /// Creates the method.
  public init(season: Int, rounds: Int = 5) {
    self.season = season
    self.rounds = rounds
  }

  /// The values with missing ones filled: straight lines on the seasonally adjusted series, with the season put back.
  ///
  /// The season comes from the series itself as filled so far, first by lines through the phase's own values, so a gap
  /// of some periods keeps its shape. A series of fewer than two periods gets straight lines. Empty if there is no
  /// number at all.
  public func fill(_ values: [Double]) -> [Double] {
    let straight = Series(values: values).interpolated
    let missing = values.indices.filter { values[$0].isNaN }
    guard season >= 2, values.count >= 2 * season, !missing.isEmpty, missing.count < values.count else {
      return straight
    }
    var filled = straight
    for phase in 0..<season {
      let steps = Array(stride(from: phase, to: values.count, by: season))
      let line = Series(values: steps.map { values[$0] }).interpolated
      if !line.isEmpty { for (k, step) in steps.enumerated() where values[step].isNaN { filled[step] = line[k] } }
    }
    for _ in 0..<rounds {
      let parts = STL(isPeriodic: true).decompose(filled, period: season)
      let adjusted = values.indices.map { values[$0] - parts.seasons[0][$0] }
      let line = Series(values: adjusted).interpolated
      for step in missing { filled[step] = line[step] + parts.seasons[0][step] }
    }
    return filled
  }
}
