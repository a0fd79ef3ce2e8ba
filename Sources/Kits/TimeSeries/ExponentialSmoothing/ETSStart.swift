/// Where the search for an exponential smoothing model's states begins.
///
/// The season is the mean, by phase, of the first cycles without their moving average; level and slope are those of the
/// regression line through the first adjusted steps (Hyndman, Koehler, Snyder and Grose 2002, section 3.1).
struct ETSStart {
  var level: Double
  var slope: Double
  var season: [Double]

  /// Works out the start.
  ///
  /// - Parameters:
  ///   - values: The series without missing values.
  ///   - length: The season's steps.
  init(_ values: [Double], season kind: ETSForm.Season, length: Int, hasSlope: Bool) {
    var adjusted = values
    var profile: [Double] = []
    if kind != .none {
      let early = Array(values.prefix(min(values.count, 4 * length)))
      let adjustment = SeasonalAdjustment(early, season: length, isMultiplicative: kind == .multiplicative)
      profile = adjustment.profile
      if kind == .multiplicative {
        // Factors near zero have no use as a start: the first of them would divide.
        profile = profile.map { max($0, 0.02) }
        let mean = profile.reduce(0, +) / Double(length)
        profile = profile.map { $0 / mean }
      }
      adjusted = (0..<min(values.count, max(10, 2 * length))).map {
        kind == .multiplicative ? values[$0] / profile[$0 % length] : values[$0] - profile[$0 % length]
      }
    }
    season = profile
    let count = min(adjusted.count, max(10, kind == .none ? 10 : 2 * length))
    let middle = Double(count - 1) / 2
    var (mean, covariance, variance) = (0.0, 0.0, 0.0)
    for step in 0..<count {
      let distance = Double(step) - middle
      mean += adjusted[step]
      covariance += distance * adjusted[step]
      variance += distance * distance
    }
    mean /= Double(count)
    slope = hasSlope && variance > 0 ? covariance / variance : 0
    level = hasSlope ? mean - slope * (middle + 1) : mean
    if kind == .multiplicative, level <= 0 {
      level = max(mean, 0.1)
      slope = 0
    }
  }
}
