import Evaluation
import Sequences
import Survival

/// How good the probabilities of failing within a horizon are on test units.
public struct FailureMeasures {
  /// The moments judged.
  public let count: Int
  /// The mean squared error of the probabilities, weighed for censoring.
  public let brier: Double
  /// That of telling the same of every unit.
  public let reference: Double
  /// The probability that of two units the one that fails first had the larger probability.
  public let concordance: Double
  /// Told against what came, from small probabilities to large.
  public let bins: [ReliabilityBin]

  /// The measures; nil where nothing is known of the test units, or all had the same fate.
  ///
  /// - Parameters:
  ///   - units: The test units.
  ///   - left: For each unit how long it ran on after its last row: 0 where it failed in it, not-a-number where nobody
  ///     knows.
  ///   - risks: For each row the probability of a failure within the horizon.
  ///   - horizon: The horizon, in the unit of the sequences' times.
  public init?(_ units: UnitSequences, left: [Double], risks: [Double], horizon: Double) {
    guard let landmarks = Landmarks(units, left: left, most: 20_000) else { return nil }
    let labels = HorizonOutcomes(landmarks, horizon: horizon)
    guard labels.hasBoth else { return nil }
    let told = landmarks.rows.map { risks[$0] }
    count = told.count
    brier = labels.brier(told)
    reference = labels.brier(told.map { _ in labels.share })
    concordance = SurvivalMetrics.concordance(
      landmarks.outcomes, risks: told, censoring: CensoringDistribution(landmarks.outcomes), limit: horizon)
    bins = calibration(landmarks.outcomes, probabilities: told, horizon: horizon, groups: 10)
  }

  /// The share of the error of telling the same of every unit that the probabilities avoid.
  public var skill: Double { 1 - brier / reference }
}
