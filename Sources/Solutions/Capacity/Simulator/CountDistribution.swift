import Basics
import Foundation

/// Counts with a known mean: Poisson numbers whose rate varies by a gamma distribution (negative binomial), and which on
/// some days do not come at all.
struct CountDistribution: Sendable {
  /// The mean.
  let mean: Double
  /// The shape of the gamma distribution of the rate: the variance of a count is `m + m * m / shape` at the mean m.
  let shape: Double
  /// The probability that there is any demand, above 0; 1 for series that are not intermittent.
  var activity = 1.0

  /// The smallest counts that are not exceeded with at least these probabilities, which ascend.
  func quantiles(_ levels: [Double]) -> [Int] {
    let active = mean / activity
    guard active > 0 else { return levels.map { _ in 0 } }
    let odds = active / (active + shape)
    // The probabilities follow each other by p(k + 1) = p(k) * (k + shape) / (k + 1) * odds.
    var probability = exp(shape * log(shape / (shape + active)))
    var reached = (1 - activity) + activity * probability
    var count = 0
    var result: [Int] = []
    for level in levels {
      // Rounding errors may keep the sum from the highest levels; the mean plus forty deviations is beyond all of them.
      let last = Int(active + 40 * (active + active * active / shape).squareRoot()) + 10
      while reached < level, count < last {
        probability *= (Double(count) + shape) / Double(count + 1) * odds
        reached += activity * probability
        count += 1
      }
      result.append(count)
    }
    return result
  }

  /// Draws a count.
  ///
  /// - Parameter rate: a gamma number of mean 1 and this shape, shared by what happens together.
  func draw(rate: Double, using random: inout RandomStream) -> Int {
    if activity < 1, random.uniform() >= activity { return 0 }
    return random.poisson(mean: mean / activity * rate)
  }
}
