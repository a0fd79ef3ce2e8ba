/// A season of one length taken out of a series: its profile, and how it goes on.
///
/// Classical decomposition: the trend is a centred moving average over one season, the profile is the mean of what is
/// left in each phase, scaled so that its mean is 1 (ratios) or 0 (differences).
public struct SeasonalAdjustment: Sendable, Codable, Hashable {
  /// The profile, one factor or difference per phase; phase 0 is that of the first step.
  public let profile: [Double]
  /// Whether the profile is of factors, not of differences.
  public let isMultiplicative: Bool
  /// The number of steps of the series.
  public let count: Int

  /// The length of the season; 1 means that nothing is adjusted.
  public var season: Int { profile.count }

  /// No season at all.
  public init(none count: Int) {
    profile = [1]
    isMultiplicative = true
    self.count = count
  }

  /// Decomposes.
  ///
  /// - Parameters:
  ///   - values: The series without missing values, at least two seasons.
  ///   - season: The steps of a season, at least 2.
  ///   - isMultiplicative: Whether to estimate factors; the values must then be positive.
  public init(_ values: [Double], season: Int, isMultiplicative: Bool) {
    precondition(
      season >= 2 && values.count >= 2 * season, "SeasonalAdjustment: \(values.count) steps, season \(season)")
    let trend = centredMovingAverage(values, length: season)
    var sums = [Double](repeating: 0, count: season)
    var counts = [Int](repeating: 0, count: season)
    for step in values.indices where !trend[step].isNaN {
      if isMultiplicative {
        guard trend[step] != 0 else { continue }
        sums[step % season] += values[step] / trend[step]
      } else {
        sums[step % season] += values[step] - trend[step]
      }
      counts[step % season] += 1
    }
    let plain: Double = isMultiplicative ? 1 : 0
    var means = zip(sums, counts).map { $1 == 0 ? plain : $0 / Double($1) }
    let mean = means.reduce(0, +) / Double(season)
    if isMultiplicative {
      // A factor near zero would blow up what is divided by it.
      means = means.map { max(1e-3, mean > 0 ? $0 / mean : 1) }
    } else {
      means = means.map { $0 - mean }
    }
    profile = means
    self.isMultiplicative = isMultiplicative
    count = values.count
  }

  /// The series without the season; missing values stay missing.
  public func adjusted(_ values: [Double]) -> [Double] {
    if season == 1 { return values }
    return values.indices.map {
      isMultiplicative ? values[$0] / profile[$0 % season] : values[$0] - profile[$0 % season]
    }
  }

  /// A forecast of the adjusted series with the season put back.
  public func restored(_ forecast: Forecast) -> Forecast {
    if season == 1 { return forecast }
    let ahead = (0..<forecast.horizon).map { profile[(count + $0) % season] }
    return isMultiplicative ? forecast.multiplied(by: ahead) : forecast.raised(by: ahead)
  }

  /// One-step errors of the adjusted series in the units of the series.
  public func restored(errors: [Double]) -> [Double] {
    if season == 1 || !isMultiplicative { return errors }
    return errors.indices.map { errors[$0] * profile[$0 % season] }
  }
}

extension SeasonalAdjustment {
  /// The adjustment of the M4 competition's benchmarks: if the season passes the test at 90 %, multiplicative where
  /// all values are positive and additive elsewhere (Makridakis, Spiliotis and Assimakopoulos 2020).
  ///
  /// - Parameters:
  ///   - values: The series without missing values.
  ///   - seasons: The lengths of the seasons; the longest that fits three times and passes is taken.
  public static func tested(_ values: [Double], seasons: [Int]) -> SeasonalAdjustment {
    guard let season = seasons.last(where: { isSeasonal(values, season: $0) }) else { return Self(none: values.count) }
    return Self(values, season: season, isMultiplicative: values.allSatisfy { $0 > 0 })
  }
}

/// Whether the autocorrelation at the season's lag stands out at 90 % from what the shorter lags leave to chance
/// (Bartlett's formula), as the M4 competition tests it; false for fewer than three seasons.
public func isSeasonal(_ values: [Double], season: Int, critical: Double = 1.645) -> Bool {
  guard season >= 2, values.count >= 3 * season else { return false }
  let correlations = autocorrelations(values, lags: season)
  guard !correlations.isEmpty else { return false }
  let variance = 1 + 2 * correlations.dropLast().reduce(0) { $0 + $1 * $1 }
  return abs(correlations[season - 1]) > critical * (variance / Double(values.count)).squareRoot()
}

/// The autocorrelations at lags 1 to `lags`, each sum divided by the whole sum of squares; empty for a constant series.
func autocorrelations(_ values: [Double], lags: Int) -> [Double] {
  let mean = values.reduce(0, +) / Double(values.count)
  let centred = values.map { $0 - mean }
  let square = centred.reduce(0) { $0 + $1 * $1 }
  guard square > 1e-24 * (1 + mean * mean) * Double(values.count) else { return [] }
  return centred.withUnsafeBufferPointer { centred in
    (1...lags).map { lag in
      var sum = 0.0
      for step in lag..<max(lag, centred.count) { sum += centred[step] * centred[step - lag] }
      return sum / square
    }
  }
}

/// The centred moving average over `length` steps, the ends of an even length at half weight; not-a-number where the
/// window does not fit.
func centredMovingAverage(_ values: [Double], length: Int) -> [Double] {
  var result = [Double](repeating: .nan, count: values.count)
  let half = length / 2
  let isEven = length % 2 == 0
  guard values.count > 2 * half else { return result }
  for step in half..<values.count - half {
    var sum = 0.0
    for near in step - half...step + half { sum += values[near] }
    if isEven { sum -= 0.5 * (values[step - half] + values[step + half]) }
    result[step] = sum / Double(length)
  }
  return result
}
