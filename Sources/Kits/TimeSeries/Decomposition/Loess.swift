/// Local regression on equally spaced points: weighted means or lines in a moving window, tricube weights.
///
/// The smoother of Cleveland et al. 1990: the window holds the `window` nearest points; near the ends it leans to one
/// side, and beyond the length of the series it only makes the weights flatter.
struct Loess {
  let window: Int
  let degree: Int
  /// Every so many points are smoothed, those between them interpolated.
  let jump: Int
  /// The weights of a whole window around its middle, where the line adds nothing to the mean.
  private let central: [Double]

  init(window: Int, degree: Int, jump: Int) {
    self.window = window
    self.degree = degree
    self.jump = max(1, jump)
    let half = window / 2
    var weights: [Double] = []
    if window % 2 == 1 && window <= 10_001 {
      weights = (-half...half).map { Loess.tricube(Double(abs($0)), width: Double(half)) }
      let sum = weights.reduce(0, +)
      weights = weights.map { $0 / sum }
    }
    central = weights
  }

  @inline(__always)
  private static func tricube(_ distance: Double, width: Double) -> Double {
    if distance <= 0.001 * width { return 1 }
    if distance > 0.999 * width { return 0 }
    let ratio = distance / width
    let rest = 1 - ratio * ratio * ratio
    return rest * rest * rest
  }

  /// Smooths `count` values; `robustness` weighs them, or all alike if nil.
  func smooth(
    _ values: UnsafePointer<Double>, count: Int, robustness: UnsafePointer<Double>?,
    into result: UnsafeMutablePointer<Double>
  ) {
    guard count >= 2 else {
      if count == 1 { result[0] = values[0] }
      return
    }
    let step = min(jump, count - 1)
    var last = 0
    var i = 0
    while true {
      result[i] = point(i, values, count, robustness)
      if i > last + 1 { Loess.interpolate(result, from: last, to: i) }
      last = i
      if i == count - 1 { break }
      i = min(i + step, count - 1)
    }
  }

  /// The value at a position, which may be one step beyond either end.
  func value(
    at position: Int, _ values: UnsafePointer<Double>, count: Int, robustness: UnsafePointer<Double>?
  ) -> Double {
    let left = position < 0 ? 0 : max(0, count - window)
    let right = position < 0 ? min(window, count) - 1 : count - 1
    return fit(position, values, count, left: left, right: right, robustness) ?? values[position < 0 ? 0 : count - 1]
  }

  private func point(
    _ i: Int, _ values: UnsafePointer<Double>, _ count: Int, _ robustness: UnsafePointer<Double>?
  ) -> Double {
    if window >= count {
      return fit(i, values, count, left: 0, right: count - 1, robustness) ?? values[i]
    }
    let half = (window + 1) / 2
    let left = min(max(0, i + 1 - half), count - window)
    if robustness == nil && window % 2 == 1 && left == i - window / 2 && !central.isEmpty {
      return central.withUnsafeBufferPointer { weights in
        weights.baseAddress.map { ColumnRegression.dot($0, values + left, window) } ?? values[i]
      }
    }
    return fit(i, values, count, left: left, right: left + window - 1, robustness) ?? values[i]
  }

  /// The weighted mean or line at a position; nil where all weights are zero.
  private func fit(
    _ position: Int, _ values: UnsafePointer<Double>, _ count: Int, left: Int, right: Int,
    _ robustness: UnsafePointer<Double>?
  ) -> Double? {
    var width = Double(max(position - left, right - position))
    if window > count { width += Double((window - count) / 2) }
    // Sums of weights, weighted distances and values: the line follows from them in one pass.
    var (sum, first, second, mean, cross) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for j in left..<right + 1 {
      let distance = Double(j - position)
      var weight = Loess.tricube(abs(distance), width: width)
      if let robustness { weight *= robustness[j] }
      let value = values[j]
      sum += weight
      first += weight * distance
      second += weight * distance * distance
      mean += weight * value
      cross += weight * distance * value
    }
    guard sum > 0 else { return nil }
    first /= sum
    mean /= sum
    guard width > 0, degree > 0 else { return mean }
    let spread = second / sum - first * first
    // Points too close together give no slope.
    guard spread.squareRoot() > 0.001 * Double(count - 1) else { return mean }
    return mean - first * (cross / sum - first * mean) / spread
  }

  private static func interpolate(_ values: UnsafeMutablePointer<Double>, from: Int, to: Int) {
    let slope = (values[to] - values[from]) / Double(to - from)
    for i in from + 1..<to { values[i] = values[from] + slope * Double(i - from) }
  }
}
