import Evaluation

/// Whether events come within a horizon: labels, with weights that make up for rows that went out of sight before it.
///
/// A row counts one over the probability of having been watched as long as it was needed to know its label (Graf and
/// others 1999); rows of which the label is not known count nothing. With these weights any method for two classes
/// learns, and any measure judges, what it would on rows that were all watched for the horizon.
public struct HorizonOutcomes: Sendable, Hashable {
  /// The horizon.
  public let horizon: Double
  /// 1 where the event came within the horizon, else 0; one per row.
  public let labels: [Double]
  /// What each row counts, 0 where its label is not known; outcomes' own weights are part of it.
  public let weights: [Double]

  /// The labels of outcomes.
  ///
  /// - Parameters:
  ///   - horizon: Above 0; an event at the horizon is within it.
  ///   - censoring: That of the training rows, or of these.
  public init(_ outcomes: SurvivalOutcomes, horizon: Double, censoring: CensoringDistribution) {
    precondition(horizon > 0, "HorizonOutcomes: the horizon \(horizon) is not above 0")
    self.horizon = horizon
    let stillWatched = censoring.probability(after: horizon)
    var (labels, weights) = ([Double](), [Double]())
    for row in 0..<outcomes.count {
      let isLater = outcomes.times[row] > horizon
      let isKnown = isLater || outcomes.events[row]
      let probability = isLater ? stillWatched : censoring.probability(until: outcomes.times[row])
      labels.append(isKnown && !isLater ? 1 : 0)
      weights.append(isKnown && probability > 0 ? outcomes.weight(row) / probability : 0)
    }
    self.labels = labels
    self.weights = weights
  }

  /// Whether both labels are there.
  public var hasBoth: Bool {
    zip(labels, weights).contains { $0 == 1 && $1 > 0 } && zip(labels, weights).contains { $0 == 0 && $1 > 0 }
  }

  /// The share of rows with the event within the horizon.
  public var share: Double {
    let total = weights.reduce(0, +)
    return total > 0 ? zip(labels, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : .nan
  }

  /// The mean squared difference between label and probability; 0 is best. Not-a-number without known labels.
  public func brier(_ probabilities: [Double]) -> Double {
    precondition(
      probabilities.count == labels.count, "brier: \(probabilities.count) probabilities, \(labels.count) rows")
    let total = weights.reduce(0, +)
    var sum = 0.0
    for (row, probability) in probabilities.enumerated() where weights[row] > 0 {
      sum += weights[row] * (labels[row] - probability) * (labels[row] - probability)
    }
    return total > 0 ? sum / total : .nan
  }

  /// The probability of the event within the horizon as a rising step of scores that are larger where it comes sooner.
  ///
  /// - Parameters:
  ///   - scores: One per row, from models that have not learned from it.
  ///   - rows: The rows to learn from; all unless given.
  /// - Returns: The step; nil where no label is known. Weights of 1 per independent unit keep it from promising 0 or 1 on
  ///   few units.
  public func calibration(_ scores: [Double], rows: [Int]? = nil) -> IsotonicRegression? {
    precondition(scores.count == labels.count, "calibration: \(scores.count) scores, \(labels.count) rows")
    let known = (rows ?? Array(labels.indices)).filter { weights[$0] > 0 && !scores[$0].isNaN }
    guard !known.isEmpty else { return nil }
    return IsotonicRegression(
      scores: known.map { scores[$0] }, labels: known.map { labels[$0] }, weights: known.map { weights[$0] },
      smoothing: true)
  }

  /// The probability of each row by steps learned from the other folds.
  ///
  /// - Parameters:
  ///   - scores: One per row, from models that have not learned from it.
  ///   - folds: The fold of each row; rows of one unit share it.
  /// - Returns: Not-a-number where the other folds tell nothing.
  public func crossCalibrated(_ scores: [Double], folds: [Int]) -> [Double] {
    var result = [Double](repeating: .nan, count: scores.count)
    for fold in Set(folds) {
      guard let step = calibration(scores, rows: folds.indices.filter { folds[$0] != fold }) else { continue }
      for row in folds.indices where folds[row] == fold { result[row] = step.value(at: scores[row]) }
    }
    return result
  }
}
