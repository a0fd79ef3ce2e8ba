/// Rows by true and predicted class.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
  /// `counts[truth][predicted]`.
  public var counts: [[Int]]

  /// Counts the most probable class of each row against its label.
  public init(labels: [Double], predictions: Predictions) {
    counts = Array(repeating: Array(repeating: 0, count: predictions.width), count: predictions.width)
    for row in labels.indices { counts[Int(labels[row])][predictions.mostProbable(row)] += 1 }
  }

  /// Counts "score at least the threshold" as class 1 against labels 0 and 1.
  public init(labels: [Double], scores: [Double], threshold: Double) {
    counts = [[0, 0], [0, 0]]
    for row in labels.indices { counts[Int(labels[row])][scores[row] >= threshold ? 1 : 0] += 1 }
  }

  /// The share of the rows predicted as a class that are of it; NaN if none is predicted.
  public func precision(of index: Int = 1) -> Double {
    Double(counts[index][index]) / Double(counts.reduce(0) { $0 + $1[index] })
  }

  /// The share of a class' rows that are predicted as it; NaN if it has none.
  public func recall(of index: Int = 1) -> Double {
    Double(counts[index][index]) / Double(counts[index].reduce(0, +))
  }
}

/// The threshold on a score ("at least") with the best F1 for labels 0 and 1, and that F1.
///
/// The threshold lies in the middle between two neighbouring scores; O(n).
public func bestF1Threshold(
  labels: [Double], scores: [Double], weights: [Double]? = nil
) -> (threshold: Double, f1: Double) {
  guard !labels.isEmpty else { return (0.5, .nan) }
  let ranked = RankedRows(scores: scores, isPositive: { labels[$0] == 1 }, weights: weights)
  var total = 0.0
  ranked.forEachTie(nil) { positive, _ in total += positive }
  let ends = ranked.marks.indices.filter { ranked.marks[$0] & 2 == 2 }
  var found = 0.0
  var flagged = 0.0
  var best = (threshold: 0.5, f1: total > 0 ? 0 : Double.nan)
  var tie = 0
  ranked.forEachTie(nil) { positive, negative in
    found += positive
    flagged += positive + negative
    let f1 = 2 * found / (flagged + total)
    if f1 > best.f1 {
      let score = scores[Int(ranked.order[ends[tie]])]
      let below = tie + 1 < ends.count ? scores[Int(ranked.order[ends[tie] + 1])] : score
      // The midpoint may round down to the lower score when the two are neighbours.
      let middle = score / 2 + below / 2
      best = (middle > below ? middle : score, f1)
    }
    tie += 1
  }
  return best
}
