import Basics
import Evaluation

/// Clips, fills and scales one column of numbers as learned from the training rows.
struct NumberScaler: Sendable, Codable {
  enum Mapping: Sendable, Codable {
    case identity
    case linear(center: Double, scale: Double)
    /// Piecewise linear between strictly increasing knots, flat beyond the ends.
    case normal(knots: [Double], normals: [Double])
  }

  /// Values of the column as they are, missing kept.
  static let identity = NumberScaler(lower: nil, upper: nil, fill: nil, mapping: .identity)

  private let lower: Double?
  private let upper: Double?
  private let fill: Double?
  private let mapping: Mapping

  private init(lower: Double?, upper: Double?, fill: Double?, mapping: Mapping) {
    self.lower = lower
    self.upper = upper
    self.fill = fill
    self.mapping = mapping
  }

  /// The rows from which quantiles are taken when there are more.
  static let sampleLimit = 100_000
  private static let knotLimit = 1_000

  /// Learns from finite numbers and not-a-number for missing.
  static func fit(_ values: [Double], settings: FeaturePlan.Numbers, key: RandomKey) -> NumberScaler {
    let clips = settings.clippedShare > 0
    if !clips, settings.scaling == .none, settings.imputation == .none { return identity }
    let needsOrder =
      clips || settings.scaling == .robust || settings.scaling == .quantileNormal || settings.imputation == .median
      || settings.imputation == .mode
    let sorted = needsOrder ? sortedSample(values, key: key) : []
    let lower = clips ? quantile(sorted, settings.clippedShare) : nil
    let upper = clips ? quantile(sorted, 1 - settings.clippedShare) : nil
    let (mean, deviation) = moments(values, lower: lower, upper: upper)
    let fill: Double? =
      switch settings.imputation {
      case .none: nil
      case .mean: mean
      case .median: quantile(sorted, 0.5) ?? 0
      case .mode: mode(sorted) ?? 0
      case .constant(let value): value
      }
    let mapping: Mapping =
      switch settings.scaling {
      case .none: .identity
      case .standard: .linear(center: mean, scale: deviation > 0 ? deviation : 1)
      case .robust:
        robust(sorted, deviation: deviation)
      case .quantileNormal:
        normal(sorted)
      }
    return NumberScaler(lower: lower, upper: upper, fill: fill, mapping: mapping)
  }

  /// The scaled numbers; beyond the range of `Float` they are held at its ends.
  func apply(_ values: [Double]) -> [Float] {
    [Float](unsafeUninitializedCapacity: values.count) { result, count in
      values.withUnsafeBufferPointer { values in
        if case .identity = mapping, lower == nil, upper == nil, fill == nil {
          for row in 0..<values.count { result[row] = NumberScaler.single(values[row]) }
        } else {
          for row in 0..<values.count { result[row] = NumberScaler.single(apply(values[row])) }
        }
      }
      count = values.count
    }
  }

  private func apply(_ value: Double) -> Double {
    var x = value
    if x.isNaN {
      guard let fill else { return x }
      x = fill
    }
    if let lower, x < lower { x = lower }
    if let upper, x > upper { x = upper }
    switch mapping {
    case .identity: return x
    case .linear(let center, let scale): return (x - center) / scale
    case .normal(let knots, let normals): return NumberScaler.interpolate(x, knots, normals)
    }
  }

  @inline(__always)
  static func single(_ value: Double) -> Float {
    let largest = Double(Float.greatestFiniteMagnitude)
    if value > largest { return .greatestFiniteMagnitude }
    if value < -largest { return -.greatestFiniteMagnitude }
    return Float(value)
  }

  private static func interpolate(_ x: Double, _ knots: [Double], _ normals: [Double]) -> Double {
    guard let last = knots.last, x > knots[0] else { return normals.first ?? 0 }
    if x >= last { return normals[normals.count - 1] }
    var low = 0
    var high = knots.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= x { low = middle } else { high = middle }
    }
    let share = (x - knots[low]) / (knots[high] - knots[low])
    return normals[low] + share * (normals[high] - normals[low])
  }

  /// The values that are not missing, in order; a random sample of them if they are many.
  static func sortedSample(_ values: [Double], key: RandomKey) -> [Double] {
    var sample: [Double]
    if values.count > 2 * sampleLimit {
      var stream = key.stream()
      sample = []
      sample.reserveCapacity(sampleLimit)
      for _ in 0..<sampleLimit {
        let value = values[stream.integer(below: values.count)]
        if !value.isNaN { sample.append(value) }
      }
    } else {
      sample = values.filter { !$0.isNaN }
    }
    sample.sort()
    return sample
  }

  /// The quantile of sorted values, linear between neighbours; nil if there are none.
  static func quantile(_ sorted: [Double], _ share: Double) -> Double? {
    guard let last = sorted.last else { return nil }
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    if below + 1 >= sorted.count { return last }
    return between(sorted, below, position - Double(below))
  }

  private static func between(_ sorted: [Double], _ below: Int, _ share: Double) -> Double {
    let step = sorted[below + 1] - sorted[below]
    return step.isFinite ? sorted[below] + share * step : sorted[below] * (1 - share) + sorted[below + 1] * share
  }

  private static func moments(_ values: [Double], lower: Double?, upper: Double?) -> (mean: Double, deviation: Double) {
    // Beyond this size, squares would overflow.
    let low = max(lower ?? -1e150, -1e150)
    let high = min(upper ?? 1e150, 1e150)
    var count = 0.0
    var mean = 0.0
    var squares = 0.0
    // Welford's updates: exact enough for large means with small deviations, and no overflow of squares of the mean.
    for value in values where !value.isNaN {
      let x = min(max(value, low), high)
      count += 1
      let step = x - mean
      mean += step / count
      squares += step * (x - mean)
    }
    guard count > 0 else { return (0, 0) }
    let deviation = (squares / count).squareRoot()
    // A constant column has rounding errors of the mean for a deviation.
    let rounding = abs(mean) * 1e-12
    return (mean, deviation.isFinite && deviation > rounding ? deviation : 0)
  }

  private static func robust(_ sorted: [Double], deviation: Double) -> Mapping {
    guard let median = quantile(sorted, 0.5), let low = quantile(sorted, 0.25), let high = quantile(sorted, 0.75)
    else { return .linear(center: 0, scale: 1) }
    // Half of the rows being equal leaves no interquartile range; the deviation is the next best scale.
    let scale = high > low ? high - low : deviation
    return .linear(center: median, scale: scale > 0 ? scale : 1)
  }

  private static func mode(_ sorted: [Double]) -> Double? {
    var best: Double?
    var bestCount = 0
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
      if end - start > bestCount {
        bestCount = end - start
        best = sorted[start]
      }
      start = end
    }
    return best
  }

  /// Knots at equally spaced quantiles; equal quantiles become one knot at the middle of their positions.
  private static func normal(_ sorted: [Double]) -> Mapping {
    guard !sorted.isEmpty else { return .linear(center: 0, scale: 1) }
    let count = min(knotLimit, max(2, sorted.count))
    var knots: [Double] = []
    var shares: [(sum: Double, count: Double)] = []
    for i in 0..<count {
      let share = Double(i) / Double(count - 1)
      // Whole-number arithmetic, for a rounded position would fall beside a run of equal values.
      let (below, rest) = (i * (sorted.count - 1)).quotientAndRemainder(dividingBy: count - 1)
      let knot = rest == 0 ? sorted[below] : between(sorted, below, Double(rest) / Double(count - 1))
      if knots.last == knot {
        shares[shares.count - 1].sum += share
        shares[shares.count - 1].count += 1
      } else {
        knots.append(knot)
        shares.append((share, 1))
      }
    }
    let edge = 0.5 / Double(knotLimit)
    let normals = shares.map { normalQuantile(min(max($0.sum / $0.count, edge), 1 - edge)) }
    return .normal(knots: knots, normals: normals)
  }
}
