import Evaluation

/// Weights of several models' predictions, chosen greedily on out-of-fold predictions.
///
/// Caruana, Niculescu-Mizil, Crew and Ksikes, "Ensemble selection from libraries of models", ICML 2004: members are
/// added with replacement, each time the one that improves the average most.
public struct Ensemble: Sendable, Codable {
  /// One weight per candidate, not negative, with sum 1.
  public let weights: [Double]
  /// The metric of the weighted predictions on the rows it was chosen on.
  public let score: Double

  /// Chooses weights.
  ///
  /// - Parameters:
  ///   - candidates: predictions of each candidate on the same rows.
  ///   - labels: the labels of these rows.
  ///   - memberLimit: the distinct candidates it may use.
  ///   - rounds: the additions tried; the best prefix is kept.
  public init(
    candidates: [Predictions], labels: [Double], task: LearningTask, metric: Metric, memberLimit: Int = 8,
    rounds: Int = 40
  ) {
    precondition(!candidates.isEmpty, "Ensemble: no candidates")
    let sign = metric.isHigherBetter ? 1.0 : -1.0
    func goodness(_ predictions: Predictions) -> Double {
      let value = sign * metric.value(labels: labels, predictions: predictions, task: task, weights: nil)
      return value.isNaN ? -.infinity : value
    }
    var counts = Array(repeating: 0, count: candidates.count)
    var sum = Array(repeating: 0.0, count: candidates[0].values.count)
    var best = (goodness: -Double.infinity, counts: counts)
    for round in 1...max(1, rounds) {
      let members = counts.count { $0 > 0 }
      var pick: (index: Int, goodness: Double)?
      for (index, candidate) in candidates.enumerated() where counts[index] > 0 || members < memberLimit {
        var mean = sum
        let scale = 1 / Double(round)
        for i in mean.indices { mean[i] = (mean[i] + candidate.values[i]) * scale }
        let value = goodness(Predictions(mean, width: candidate.width))
        if value > (pick?.goodness ?? -.infinity) { pick = (index, value) }
      }
      guard let pick else { break }
      counts[pick.index] += 1
      for i in sum.indices { sum[i] += candidates[pick.index].values[i] }
      if pick.goodness > best.goodness { best = (pick.goodness, counts) }
      // Ten additions without a gain: later ones only reshuffle the weights.
      if counts.reduce(0, +) > best.counts.reduce(0, +) + 10 { break }
    }
    if best.counts.allSatisfy({ $0 == 0 }) { best.counts[0] = 1 }
    let total = Double(best.counts.reduce(0, +))
    weights = best.counts.map { Double($0) / total }
    score = sign * best.goodness
  }

  /// The weighted mean of predictions, one per candidate; entries with weight zero may be nil.
  public static func average(_ predictions: [Predictions?], weights: [Double]) -> Predictions? {
    var result: Predictions?
    for (prediction, weight) in zip(predictions, weights) where weight > 0 {
      guard let prediction else { return nil }
      if result == nil {
        result = Predictions(Array(repeating: 0, count: prediction.values.count), width: prediction.width)
      }
      for i in prediction.values.indices { result?.values[i] += weight * prediction.values[i] }
    }
    return result
  }
}
