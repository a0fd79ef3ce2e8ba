import Foundation

/// Additive profiles of several nested or crossing seasons, each estimated on what the shorter ones leave.
///
/// The trend is the moving average over the longest season. A phase's number is the weighted mean of its differences,
/// with weights that fall by a factor per cycle into the past; of all but the shortest season it is drawn towards zero by
/// the share of its variance that chance explains (empirical Bayes: James and Stein 1961), for a season that was seen only
/// a few times is mostly noise.
struct SeasonalProfiles {
  /// One profile per season; phase 0 is that of the first step, the mean is 0.
  let profiles: [[Double]]
  /// The smoothed course without seasons; not-a-number where the longest season does not fit around the step.
  let trend: [Double]

  /// Estimates.
  ///
  /// - Parameters:
  ///   - values: The series without missing values, at least two of the longest season.
  ///   - seasons: The lengths, ascending, at least one.
  ///   - decay: The weight of a cycle relative to the next, above 0, at most 1.
  init(_ values: [Double], seasons: [Int], decay: Double) {
    let longest = seasons[seasons.count - 1]
    let trend = centredMovingAverage(values, length: longest)
    var rest = zip(values, trend).map { $0 - $1 }
    // At both ends the nearest moving average stands in: half a longest season each, of the latest data above all.
    let first = longest / 2
    let last = values.count - 1 - longest / 2
    for step in 0..<first { rest[step] = values[step] - trend[first] }
    for step in last + 1..<max(last + 1, values.count) { rest[step] = values[step] - trend[last] }
    var profiles: [[Double]] = []
    for (place, season) in seasons.enumerated() {
      var sums = [Double](repeating: 0, count: season)
      var squares = sums
      var weights = sums
      var weightSquares = sums
      for step in rest.indices {
        let cycle = Double((rest.count - 1 - step) / season)
        let weight = decay == 1 ? 1 : pow(decay, cycle)
        sums[step % season] += weight * rest[step]
        squares[step % season] += weight * rest[step] * rest[step]
        weights[step % season] += weight
        weightSquares[step % season] += weight * weight
      }
      var profile = zip(sums, weights).map { $0 / $1 }
      let mean = profile.reduce(0, +) / Double(season)
      profile = profile.map { $0 - mean }
      if place > 0 {
        // The variance of a phase's mean by chance, and what is seen between phases.
        var noise = 0.0
        for phase in 0..<season {
          let inside = max(
            0, squares[phase] / weights[phase] - (sums[phase] / weights[phase]) * (sums[phase] / weights[phase]))
          let effective = weights[phase] * weights[phase] / weightSquares[phase]
          noise += inside / max(0.5, effective - 1)
        }
        noise /= Double(season)
        let seen = profile.reduce(0) { $0 + $1 * $1 } / Double(season)
        let kept = seen > 0 ? max(0, 1 - noise / seen) : 0
        profile = profile.map { $0 * kept }
      }
      for step in rest.indices { rest[step] -= profile[step % season] }
      profiles.append(profile)
    }
    self.profiles = profiles
    self.trend = trend
  }
}
