import Basics
import Foundation

/// What is known about a demand: drawn values, quantiles of a forecast, or a normal or log-normal distribution.
///
/// Units are the caller's: calls per half hour, requests per second, pallets per day.
public struct DemandDistribution: Sendable, Hashable, Codable {
  private enum Form: Sendable, Hashable, Codable {
    /// Ascending values with the shares up to and with each.
    case points(values: [Double], shares: [Double])
    /// A quantile function that is linear between ascending levels from 0 to 1.
    case line(levels: [Double], values: [Double])
    case normal(mean: Double, deviation: Double)
    case logNormal(mean: Double, deviation: Double)
  }

  private let form: Form
  /// The mean demand.
  public let mean: Double

  private init(_ form: Form, mean: Double) {
    self.form = form
    self.mean = mean
  }

  /// Drawn or observed values, each as likely as the others or with weights.
  ///
  /// - Throws: a `data` error if there are none, a value is not finite, or the weights do not fit.
  public static func samples(_ values: [Double], weights: [Double]? = nil) throws(AssayError) -> DemandDistribution {
    let weights = weights ?? values.map { _ in 1 }
    guard !values.isEmpty, values.allSatisfy(\.isFinite) else {
      throw AssayError(.data, "a demand needs values, all finite", remedy: "leave missing values out")
    }
    let total = weights.reduce(0, +)
    guard weights.count == values.count, weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
      throw AssayError(.data, "the \(weights.count) weights do not fit the \(values.count) values, or are negative")
    }
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var sum = 0.0
    let shares = order.map { index in
      sum += weights[index] / total
      return sum
    }
    let mean = order.reduce(0) { $0 + values[$1] * weights[$1] } / total
    return DemandDistribution(.points(values: order.map { values[$0] }, shares: shares), mean: mean)
  }

  /// Quantiles of a forecast.
  ///
  /// Between levels the quantile function is linear. Beyond the outermost levels it goes on with the slope of the
  /// outermost parts, though not below 0 where all values are at least 0: give levels such as 0.01 and 0.99 where the
  /// tails decide. Values that cross are put in order (Chernozhukov, Fernandez-Val and Galichon, "Quantile and
  /// probability curves without crossing", Econometrica 78, 2010).
  ///
  /// - Throws: a `data` error for fewer than two levels, levels outside (0, 1), repeated levels or values that are not
  ///   finite.
  public static func quantiles(levels: [Double], values: [Double]) throws(AssayError) -> DemandDistribution {
    guard levels.count == values.count, levels.count >= 2, values.allSatisfy(\.isFinite) else {
      throw AssayError(.data, "\(levels.count) levels and \(values.count) finite values of a demand do not fit")
    }
    var levels = levels.sorted()
    var values = values.sorted()
    guard levels.allSatisfy({ $0 > 0 && $0 < 1 }), zip(levels, levels.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw AssayError(.data, "the levels of quantiles are not different numbers between 0 and 1: \(levels)")
    }
    let last = levels.count - 1
    let low = values[0] - levels[0] * (values[1] - values[0]) / (levels[1] - levels[0])
    let high =
      values[last] + (1 - levels[last]) * (values[last] - values[last - 1]) / (levels[last] - levels[last - 1])
    values.insert(max(low, min(0, values[0])), at: 0)
    values.append(high)
    levels.insert(0, at: 0)
    levels.append(1)
    var mean = 0.0
    for i in 1..<levels.count { mean += (levels[i] - levels[i - 1]) * (values[i] + values[i - 1]) / 2 }
    return DemandDistribution(.line(levels: levels, values: values), mean: mean)
  }

  /// A normal distribution; the deviation is above 0.
  public static func normal(mean: Double, deviation: Double) throws(AssayError) -> DemandDistribution {
    try check(mean, deviation)
    return DemandDistribution(.normal(mean: mean, deviation: deviation), mean: mean)
  }

  /// The distribution of a value whose logarithm has this mean and deviation; the deviation is above 0.
  public static func logNormal(
    meanOfLogarithm mean: Double, deviationOfLogarithm deviation: Double
  ) throws(AssayError) -> DemandDistribution {
    try check(mean, deviation)
    return DemandDistribution(
      .logNormal(mean: mean, deviation: deviation), mean: exp(mean + deviation * deviation / 2))
  }

  private static func check(_ mean: Double, _ deviation: Double) throws(AssayError) {
    guard mean.isFinite, deviation > 0, deviation.isFinite else {
      throw AssayError(.data, "a demand of mean \(mean) and deviation \(deviation) is no distribution")
    }
  }

  /// The least value that the demand does not exceed with this probability, in (0, 1).
  public func quantile(_ level: Double) -> Double {
    require(level > 0 && level < 1, "DemandDistribution.quantile", "level \(level)")
    switch form {
    case .points(let values, let shares):
      // Shares are sums, so a share that should equal the level may lie a rounding below it.
      return values[min(firstIndex(in: shares) { $0 >= level - 1e-12 }, values.count - 1)]
    case .line(let levels, let values):
      let upper = max(1, firstIndex(in: levels) { $0 >= level })
      let share = (level - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
      return values[upper - 1] + share * (values[upper] - values[upper - 1])
    case .normal(let mean, let deviation): return mean + deviation * StandardNormal.quantile(level)
    case .logNormal(let mean, let deviation): return exp(mean + deviation * StandardNormal.quantile(level))
    }
  }

  /// The probability that the demand is at most the value.
  public func probability(atMost value: Double) -> Double {
    switch form {
    case .points(let values, let shares):
      let above = firstIndex(in: values) { $0 > value }
      return above == 0 ? 0 : min(1, shares[above - 1])
    case .line(let levels, let values):
      let above = firstIndex(in: values) { $0 > value }
      if above == 0 { return 0 }
      if above == values.count { return 1 }
      let share = (value - values[above - 1]) / (values[above] - values[above - 1])
      return levels[above - 1] + share * (levels[above] - levels[above - 1])
    case .normal(let mean, let deviation): return StandardNormal.probability(below: (value - mean) / deviation)
    case .logNormal(let mean, let deviation):
      return value <= 0 ? 0 : StandardNormal.probability(below: (log(value) - mean) / deviation)
    }
  }

  /// The mean of what goes beyond a capacity: E max(demand - capacity, 0).
  public func expectedExcess(over capacity: Double) -> Double {
    switch form {
    case .points(let values, let shares):
      var total = 0.0
      for index in firstIndex(in: values, where: { $0 > capacity })..<values.count {
        total += (shares[index] - (index > 0 ? shares[index - 1] : 0)) * (values[index] - capacity)
      }
      return total
    case .line(let levels, let values):
      var total = 0.0
      for i in 1..<levels.count where values[i] > capacity {
        let (low, high, width) = (values[i - 1], values[i], levels[i] - levels[i - 1])
        total +=
          capacity <= low
          ? width * ((low + high) / 2 - capacity) : width * (high - capacity) * (high - capacity) / (2 * (high - low))
      }
      return total
    case .normal(let mean, let deviation):
      let z = (capacity - mean) / deviation
      return max(0, deviation * (StandardNormal.density(z) - z * StandardNormal.probability(below: -z)))
    case .logNormal(let center, let deviation):
      if capacity <= 0 { return mean - capacity }
      let z = (log(capacity) - center) / deviation
      return max(
        0,
        mean * StandardNormal.probability(below: deviation - z) - capacity * StandardNormal.probability(below: -z))
    }
  }
}

/// The first place of an ascending array where the condition holds, or its count; by halving.
private func firstIndex(in values: [Double], where condition: (Double) -> Bool) -> Int {
  var (low, high) = (0, values.count)
  while low < high {
    let middle = (low + high) / 2
    if condition(values[middle]) { high = middle } else { low = middle + 1 }
  }
  return low
}
