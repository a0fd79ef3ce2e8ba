import Evaluation
import Kernels

/// Weights of several models' predictions, chosen greedily on out-of-fold predictions.
///
/// Caruana, Niculescu-Mizil, Crew and Ksikes, "Ensemble selection from libraries of models", ICML 2004: members are
/// added with replacement, each time the one that improves the average most. Candidates that keep less than three quarters
/// of what the best gains over a constant take no part (library pruning: Caruana, Munson and Niculescu-Mizil, "Getting
/// the most out of ensemble selection", ICDM 2006): on few positives they fit the noise of the ranking, no more.
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
  ///   - dispensable: the share of the gain over the best single candidate that leaving members out may cost: each
  ///     member costs time at every scoring.
  public init(
    candidates: [Predictions], labels: [Double], task: LearningTask, metric: Metric, memberLimit: Int = 6,
    rounds: Int = 40, dispensable: Double = 0.02, threads: Int = 1
  ) {
    precondition(!candidates.isEmpty, "Ensemble: no candidates")
    let sign = metric.isHigherBetter ? 1.0 : -1.0
    @Sendable func goodness(_ predictions: Predictions) -> Double {
      let value = sign * metric.value(labels: labels, predictions: predictions, task: task, weights: nil)
      return value.isNaN ? -.infinity : value
    }
    let alone = parallelMap(candidates.count, threads: threads) { goodness(candidates[$0]) }
    let leader = alone.indices.max { alone[$0] < alone[$1] } ?? 0
    let constant = goodness(Self.constant(candidates[leader]))
    let least = constant > -.infinity ? alone[leader] - (alone[leader] - constant) / 4 : -.infinity
    let takesPart = alone.indices.map { alone[$0] >= least || $0 == leader }
    var counts = Array(repeating: 0, count: candidates.count)
    var sum = Array(repeating: 0.0, count: candidates[0].values.count)
    var best = (goodness: -Double.infinity, counts: counts)
    var single = -Double.infinity
    for round in 1...max(1, rounds) {
      let members = counts.count { $0 > 0 }
      let scale = 1 / Double(round)
      let values = parallelMap(candidates.count, threads: threads) { [sum, counts] index in
        guard takesPart[index], counts[index] > 0 || members < memberLimit else { return -Double.infinity }
        let mean = zip(sum, candidates[index].values).map { ($0 + $1) * scale }
        return goodness(Predictions(mean, width: candidates[index].width))
      }
      guard let pick = values.indices.max(by: { values[$0] < values[$1] }), values[pick] > -.infinity else { break }
      if round == 1 { single = values[pick] }
      counts[pick] += 1
      for i in sum.indices { sum[i] += candidates[pick].values[i] }
      if values[pick] > best.goodness { best = (values[pick], counts) }
      // Ten additions without a gain: later ones only reshuffle the weights.
      if round > best.counts.reduce(0, +) + 10 { break }
    }
    if best.counts.allSatisfy({ $0 == 0 }) { best.counts[0] = 1 }
    func judged(_ counts: [Int]) -> Double {
      let total = Double(counts.reduce(0, +))
      return Ensemble.average(candidates, weights: counts.map { Double($0) / total }).map(goodness) ?? -.infinity
    }
    let bar = best.goodness - dispensable * max(0, best.goodness - single)
    while best.counts.count(where: { $0 > 0 }) > 1 {
      let smaller = best.counts.indices.filter { best.counts[$0] > 0 }.map { left in
        var counts = best.counts
        counts[left] = 0
        return (goodness: judged(counts), counts: counts)
      }
      guard let kept = smaller.max(by: { $0.goodness < $1.goodness }), kept.goodness >= bar else { break }
      best = kept
    }
    let total = Double(best.counts.reduce(0, +))
    weights = best.counts.map { Double($0) / total }
    score = sign * best.goodness
  }

  /// The mean prediction, for every row.
  private static func constant(_ predictions: Predictions) -> Predictions {
    let (width, rows) = (predictions.width, predictions.values.count / max(1, predictions.width))
    var means = [Double](repeating: 0, count: width)
    for (index, value) in predictions.values.enumerated() { means[index % width] += value / Double(rows) }
    return Predictions((0..<rows * width).map { means[$0 % width] }, width: width)
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
