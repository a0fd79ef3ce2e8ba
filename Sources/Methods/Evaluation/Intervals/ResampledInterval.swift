import Foundation

/// A statistic and its values on bootstrap resamples.
struct ResampledInterval {
  let value: Double
  /// The values on resamples where the statistic is defined, rising.
  let sorted: [Double]
  /// The independent rows or clusters.
  let units: Int
  /// The values without each unit in turn, for the acceleration of BCa; nil means plain percentiles.
  let jackknife: [Double]?

  init(value: Double, resampled: [Double], units: Int, jackknife: [Double]?) {
    self.value = value
    sorted = resampled.filter { !$0.isNaN }.sorted()
    self.units = units
    self.jackknife = jackknife.flatMap { $0.contains(where: \.isNaN) ? nil : $0 }
  }

  /// The interval at a level; the value is always inside.
  func estimate(level: Double) -> Estimate {
    guard !value.isNaN, sorted.count >= 20 else { return Estimate(value, lower: .nan, upper: .nan) }
    // Few units: the normal tail is replaced by Student's, scaled for the n - 1 of the variance.
    let n = Double(units)
    let z =
      units < 200
      ? studentQuantile(level: level, degrees: n - 1) * (n / (n - 1)).squareRoot() : normalQuantile(0.5 + level / 2)
    var tails = (normalProbability(below: -z), normalProbability(below: z))
    if let corrected = correctedTails(z) { tails = corrected }
    return Estimate(value, lower: min(value, quantile(tails.0)), upper: max(value, quantile(tails.1)))
  }

  /// The tail shares corrected for bias and skewness; nil where the correction is undefined.
  private func correctedTails(_ z: Double) -> (Double, Double)? {
    guard let jackknife else { return nil }
    var below = 0.0
    for resampled in sorted { below += resampled < value ? 1 : resampled == value ? 0.5 : 0 }
    let share = below / Double(sorted.count)
    // A statistic at the edge of its resamples (AUC of 1) has no finite bias correction.
    guard share > 0.01, share < 0.99 else { return nil }
    let bias = normalQuantile(share)
    let mean = jackknife.reduce(0, +) / Double(jackknife.count)
    var squares = 0.0
    var cubes = 0.0
    for other in jackknife {
      squares += (mean - other) * (mean - other)
      cubes += (mean - other) * (mean - other) * (mean - other)
    }
    guard squares > 0 else { return nil }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    func tail(_ z: Double) -> Double {
      let moved = bias + z
      return normalProbability(below: bias + moved / max(0.1, 1 - acceleration * moved))
    }
    return (tail(-z), tail(z))
  }

  /// The standard deviation of the resampled values.
  var deviation: Double {
    let mean = sorted.reduce(0, +) / Double(max(1, sorted.count))
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(max(1, sorted.count - 1))).squareRoot()
  }

  /// The two-sided probability of a difference at least this large if there were none: from the share of resamples on
  /// the other side of zero, or, where fewer than ten are, from the normal distribution.
  var probabilityOfNoDifference: Double {
    guard !value.isNaN, !sorted.isEmpty else { return 1 }
    let deviation = deviation
    if deviation == 0 { return value == 0 ? 1 : 0 }
    let below = sorted.count { $0 <= 0 }
    let above = sorted.count { $0 >= 0 }
    let rarer = min(below, above)
    let counted = min(1, 2 * Double(rarer + 1) / Double(sorted.count + 1))
    if rarer >= 10 { return counted }
    return min(counted, 2 * normalProbability(below: -abs(value) / deviation))
  }

  /// The value with that share of the resampled values below, interpolated.
  private func quantile(_ share: Double) -> Double {
    let position = share * Double(sorted.count + 1) - 1
    if position <= 0 { return sorted[0] }
    if position >= Double(sorted.count - 1) { return sorted[sorted.count - 1] }
    let index = Int(position)
    return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
  }
}
