import Basics
import Evaluation
import Foundation
import Kernels

/// Intervals for measures on survival outcomes, by drawing units anew (Efron and Tibshirani 1993).
///
/// Percentiles of the resampled values, moved apart for few units as by Hesterberg (2015). Same key, same numbers for any
/// number of threads.
public struct SurvivalBootstrap: Sendable {
  /// The source of the draws.
  public var key: RandomKey
  /// The level of the intervals.
  public var level: Double
  /// The resamples, at least 20.
  public var resamples: Int
  /// The threads it may use.
  public var threads: Int

  /// A bootstrap.
  public init(key: RandomKey, level: Double = 0.95, resamples: Int = 500, threads: Int = 1) {
    precondition(level > 0 && level < 1 && resamples >= 20, "SurvivalBootstrap: level \(level), \(resamples) resamples")
    self.key = key
    self.level = level
    self.resamples = resamples
    self.threads = threads
  }

  /// A measure with its interval.
  ///
  /// - Parameters:
  ///   - outcomes: When events came; the measure gets them with weights that say how often a row was drawn.
  ///   - units: The unit of each row: rows of a unit are drawn together. Each row its own unless given.
  ///   - measure: The measure of weighted outcomes, all in their places.
  public func estimate(
    _ outcomes: SurvivalOutcomes, units: [Int]? = nil, _ measure: @Sendable (SurvivalOutcomes) -> Double
  ) -> Estimate {
    let value = measure(outcomes)
    var numbers: [Int: Int] = [:]
    let unitOfRow = (0..<outcomes.count).map { row -> Int in
      let unit = units?[row] ?? row
      if let known = numbers[unit] { return known }
      numbers[unit] = numbers.count
      return numbers.count - 1
    }
    let count = numbers.count
    guard count > 1, !value.isNaN else { return Estimate(value, lower: .nan, upper: .nan) }
    let key = key
    let drawn = parallelMap(resamples, threads: threads) { resample in
      var random = key[resample].stream()
      var counts = [Double](repeating: 0, count: count)
      for _ in 0..<count { counts[random.integer(below: count)] += 1 }
      return measure(outcomes.weighted(by: (0..<outcomes.count).map { counts[unitOfRow[$0]] * outcomes.weight($0) }))
    }
    let sorted = drawn.filter { !$0.isNaN }.sorted()
    guard sorted.count >= 20 else { return Estimate(value, lower: .nan, upper: .nan) }
    let n = Double(count)
    let z =
      count < 200
      ? studentQuantile(level: level, degrees: n - 1) * (n / (n - 1)).squareRoot() : normalQuantile(0.5 + level / 2)
    func quantile(_ share: Double) -> Double {
      let position = min(max(share * Double(sorted.count + 1) - 1, 0), Double(sorted.count - 1))
      let index = min(Int(position), sorted.count - 2)
      return sorted[index] + (position - Double(index)) * (sorted[index + 1] - sorted[index])
    }
    return Estimate(
      value, lower: min(value, quantile(normalProbability(below: -z))),
      upper: max(value, quantile(normalProbability(below: z))))
  }
}
