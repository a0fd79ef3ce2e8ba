import Evaluation
import Sequences
import Survival

/// How good the probabilities of failing within the horizon are on test machines.
struct FailureMeasures {
  /// The moments judged.
  let count: Int
  /// The mean squared error of the probabilities, weighed for censoring.
  let brier: Double
  /// That of telling the same of every machine.
  let reference: Double
  /// The probability that of two machines the one that fails first had the larger probability.
  let concordance: Double
  /// Told against what came, from small probabilities to large.
  let bins: [ReliabilityBin]

  /// The measures; nil where nothing is known of the test machines, or all had the same fate.
  init?(_ units: UnitSequences, left: [Double], risks: [Double], horizon: Double) {
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

  /// The share of the error of telling the same of every machine that the probabilities avoid.
  var skill: Double { 1 - brier / reference }
}
