/// Whether a series stays around a level or a line, or wanders.
public enum StationarityTest {
  /// The 5% critical value of the statistic around a level (Kwiatkowski et al. 1992, table 1).
  public static let levelCriticalValue = 0.463
  /// The 5% critical value of the statistic around a line.
  public static let trendCriticalValue = 0.146

  /// The statistic of Kwiatkowski, Phillips, Schmidt and Shin, "Testing the null hypothesis of stationarity against the
  /// alternative of a unit root", Journal of Econometrics 54 (1992): large for a series that wanders.
  ///
  /// - Parameters:
  ///   - values: The series; missing values are left out.
  ///   - aroundTrend: Whether the null hypothesis is stationarity around a line instead of a level.
  ///   - lags: The autocovariances in the long-run variance, with Bartlett's weights; 3 sqrt(n) / 13 by default.
  /// - Returns: The statistic; 0 for fewer than 3 values and for values that do not vary.
  public static func kpss(_ values: [Double], aroundTrend: Bool = false, lags: Int? = nil) -> Double {
    let present = values.filter { !$0.isNaN }
    let n = present.count
    guard n >= 3 else { return 0 }
    let mean = present.reduce(0, +) / Double(n)
    var rest = present.map { $0 - mean }
    if aroundTrend {
      let middle = Double(n - 1) / 2
      var (cross, square) = (0.0, 0.0)
      for t in 0..<n {
        cross += (Double(t) - middle) * rest[t]
        square += (Double(t) - middle) * (Double(t) - middle)
      }
      for t in 0..<n { rest[t] -= cross / square * (Double(t) - middle) }
    }
    let longest = min(lags ?? Int(3 * Double(n).squareRoot() / 13), n - 1)
    var variance = rest.reduce(0) { $0 + $1 * $1 }
    let scale = present.reduce(0) { max($0, abs($1)) }
    guard variance > 1e-20 * scale * scale * Double(n) else { return 0 }
    for lag in stride(from: 1, through: longest, by: 1) {
      var sum = 0.0
      for t in lag..<n { sum += rest[t] * rest[t - lag] }
      variance += 2 * (1 - Double(lag) / Double(longest + 1)) * sum
    }
    var (walk, total) = (0.0, 0.0)
    for value in rest {
      walk += value
      total += walk * walk
    }
    return variance > 0 ? total / (Double(n) * variance) : 0
  }

  /// The differences that a series needs until the test around a level accepts it at 5%, at most `maximum`.
  public static func differences(_ values: [Double], maximum: Int = 2) -> Int {
    var current = values.filter { !$0.isNaN }
    for d in 0..<maximum {
      if current.count < 6 || kpss(current) < levelCriticalValue { return d }
      current = ARIMAOrder.difference(current, lag: 1)
    }
    return maximum
  }
}
