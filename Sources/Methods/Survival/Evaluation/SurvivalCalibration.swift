import Basics
import Evaluation
import Foundation

/// Whether predicted distributions as a whole are right: each unit's survival at its own event must be spread evenly
/// between 0 and 1 (D-calibration; Haider, Hoehn, Davis and Greiner 2020).
public struct DistributionCalibration: Sendable, Codable, Hashable {
  /// The share of units in each of the equal ranges of survival, from 0 up; a censored unit counts in all ranges in which
  /// its event may still fall.
  public let shares: [Double]
  /// Chi-squared with `shares.count - 1` degrees of freedom if the distributions are right.
  public let statistic: Double
  /// The probability of a statistic at least this large if they are right. Where many units are censored the test finds
  /// faults less often than it says.
  public let pValue: Double

  /// Judges curves on outcomes.
  ///
  /// - Parameter ranges: 10 unless given.
  public init(_ outcomes: SurvivalOutcomes, curves: SurvivalCurves, ranges: Int = 10) {
    require(
      curves.rowCount == outcomes.count && ranges >= 2, "DistributionCalibration",
      "\(curves.rowCount) curves for \(outcomes.count) outcomes in \(ranges) ranges")
    var counts = [Double](repeating: 0, count: ranges)
    var total = 0.0
    for row in 0..<outcomes.count {
      let weight = outcomes.weight(row)
      let survival = min(max(curves.survival(row, at: outcomes.times[row]), 0), 1)
      let range = min(ranges - 1, Int(survival * Double(ranges)))
      total += weight
      if outcomes.events[row] {
        counts[range] += weight
      } else if survival <= 0 {
        counts[0] += weight
      } else {
        // The event comes where survival is between 0 and what it is now, evenly.
        let low = Double(range) / Double(ranges)
        counts[range] += weight * (survival - low) / survival
        for below in 0..<range { counts[below] += weight / (Double(ranges) * survival) }
      }
    }
    shares = counts.map { $0 / total }
    let expected = total / Double(ranges)
    statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    pValue = chiSquaredProbability(above: statistic, degrees: Double(ranges - 1))
  }
}

/// Predicted against observed probability of the event by a time, in groups of rows with like predictions; observed by
/// Kaplan-Meier, so that censored units count as far as they were watched.
///
/// - Parameters:
///   - outcomes: When events came.
///   - probabilities: The predicted probability of the event by the horizon, per row.
///   - horizon: The time.
///   - groups: Groups of equal size, 10 unless given.
/// - Returns: One bin per group, from the smallest predictions up; groups without rows are left out.
public func calibration(
  _ outcomes: SurvivalOutcomes, probabilities: [Double], horizon: Double, groups: Int = 10
) -> [ReliabilityBin] {
  require(
    probabilities.count == outcomes.count && groups >= 1, "calibration",
    "\(probabilities.count) predictions for \(outcomes.count) outcomes in \(groups) groups")
  let order = probabilities.indices.sorted {
    probabilities[$0] != probabilities[$1] ? probabilities[$0] < probabilities[$1] : $0 < $1
  }
  return (0..<groups).compactMap { group in
    let rows = Array(order[order.count * group / groups..<order.count * (group + 1) / groups])
    guard !rows.isEmpty else { return nil }
    let estimate = KaplanMeier(outcomes.selecting(rows: rows)).estimate(at: horizon)
    return ReliabilityBin(
      predicted: rows.reduce(0) { $0 + probabilities[$1] } / Double(rows.count),
      observed: Estimate(1 - estimate.value, lower: 1 - estimate.upper, upper: 1 - estimate.lower), count: rows.count)
  }
}
