import Foundation

/// Measures of a ranking of rows within queries.
///
/// A query without a relevant row does not count. Rows with equal scores: nDCG and recall take the mean over their
/// orders (McSherry and Najork 2008); reciprocal rank and average precision give each the rank of the last of them.
public enum RankingMetrics {
  /// Normalised discounted cumulative gain of one query at a cut, gain 2^label - 1 (Burges et al. 2005), discount
  /// 1 / log2(rank + 1); NaN if no label is above zero or one is negative.
  public static func ndcg(labels: [Double], scores: [Double], cut: Int = 10) -> Double {
    guard labels.allSatisfy({ $0 >= 0 }) else { return .nan }
    let gains = labels.map { exp2($0) - 1 }
    let ideal = zip(gains.sorted(by: >), 0..<cut).reduce(0) { $0 + $1.0 / log2(Double($1.1) + 2) }
    guard ideal > 0 else { return .nan }
    var sum = 0.0
    forEachTie(scores) { ranks, rows in
      let discount = ranks.clamped(to: 0..<cut).reduce(0) { $0 + 1 / log2(Double($1) + 2) }
      let gain = rows.reduce(0) { $0 + gains[Int($1)] } / Double(rows.count)
      sum += gain * discount
    }
    return sum / ideal
  }

  /// The share of one query's relevant rows (label above zero) among its `cut` highest scores; NaN without any.
  public static func recall(labels: [Double], scores: [Double], cut: Int = 10) -> Double {
    var found = 0.0
    var relevant = 0.0
    forEachTie(scores) { ranks, rows in
      let hits = Double(rows.count { labels[Int($0)] > 0 })
      relevant += hits
      found += hits * Double(ranks.clamped(to: 0..<cut).count) / Double(rows.count)
    }
    return relevant > 0 ? found / relevant : .nan
  }

  /// The mean over one query's relevant rows of the precision at their rank; NaN without any.
  public static func averagePrecision(labels: [Double], scores: [Double]) -> Double {
    var sum = 0.0
    var relevant = 0.0
    forEachTie(scores) { ranks, rows in
      let hits = Double(rows.count { labels[Int($0)] > 0 })
      relevant += hits
      sum += hits * relevant / Double(ranks.upperBound)
    }
    return relevant > 0 ? sum / relevant : .nan
  }

  /// One over the rank of one query's first relevant row; NaN without any.
  public static func reciprocalRank(labels: [Double], scores: [Double]) -> Double {
    var best = 0.0
    forEachTie(scores) { ranks, rows in
      if best == 0, rows.contains(where: { labels[Int($0)] > 0 }) { best = 1 / Double(ranks.upperBound) }
    }
    return best > 0 ? best : .nan
  }

  /// Calls `body` with the ranks (from 0) and rows of each group of equal scores, from the highest.
  private static func forEachTie(_ scores: [Double], _ body: (Range<Int>, ArraySlice<Int32>) -> Void) {
    let order = descendingOrder(of: scores)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, scores[Int(order[end])] == scores[Int(order[start])] { end += 1 }
      body(start..<end, order[start..<end])
      start = end
    }
  }
}
