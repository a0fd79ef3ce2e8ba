import Basics
import Foundation

/// Tests of two models on the same folds or rows.
public enum PairedTests {
  /// The corrected resampled t test (Nadeau and Bengio 2003) on a metric's values per fold, for (repeated)
  /// cross-validation: the variance of the mean is enlarged because training sets overlap.
  ///
  /// - Parameters:
  ///   - first, second: the metric per fold, the same folds in the same order, at least two.
  ///   - testToTraining: the rows measured on over the rows learned from in a fold; 1 / (k - 1) for k folds.
  /// - Returns: the difference turned so that positive means the first is better.
  public static func correctedResampledT(
    _ metric: Metric, first: [Double], second: [Double], testToTraining: Double, level: Double = 0.95
  ) -> Difference {
    precondition(first.count == second.count, "correctedResampledT: \(first.count) and \(second.count) folds")
    let sign = metric.isHigherBetter ? 1.0 : -1.0
    let differences = zip(first, second).map { sign * ($0 - $1) }.filter { !$0.isNaN }
    let count = Double(differences.count)
    let mean = differences.isEmpty ? .nan : differences.reduce(0, +) / count
    guard differences.count >= 2 else {
      return Difference(
        estimate: Estimate(mean, lower: .nan, upper: .nan), pValue: 1, effectSize: .nan, verdict: .noDifference,
        test: "corrected resampled t")
    }
    let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
    let error = ((1 / count + testToTraining) * variance).squareRoot()
    let half = error > 0 ? studentQuantile(level: level, degrees: count - 1) * error : 0
    let estimate = Estimate(mean, lower: mean - half, upper: mean + half)
    let pValue = error > 0 ? studentTwoSided(mean / error, degrees: count - 1) : mean == 0 ? 1 : 0
    return Difference(
      estimate: estimate, pValue: pValue, effectSize: variance > 0 ? mean / variance.squareRoot() : 0,
      verdict: .init(estimate: estimate), test: "corrected resampled t")
  }

  /// The two-sided probability of McNemar's exact test (1947): rows that only one of two classifiers gets right.
  public static func mcNemar(onlyFirstRight: Int, onlySecondRight: Int) -> Double {
    let total = onlyFirstRight + onlySecondRight
    if total == 0 || onlyFirstRight == onlySecondRight { return 1 }
    // Twice the binomial tail, through the incomplete beta function.
    let fewer = Double(min(onlyFirstRight, onlySecondRight))
    return min(1, 2 * (1 - incompleteBeta(0.5, fewer + 1, Double(total) - fewer)))
  }

  /// The two-sided probability of Wilcoxon's signed rank test (1945) that paired differences are symmetric around zero:
  /// exact up to 50 differences without ties, else by the normal approximation. Zeros are left out.
  public static func wilcoxonSignedRank(_ differences: [Double]) -> Double {
    let kept = differences.filter { $0 != 0 && !$0.isNaN }
    let count = kept.count
    guard count > 0 else { return 1 }
    let order = kept.indices.sorted { abs(kept[$0]) < abs(kept[$1]) }
    var positive = 0.0
    var ties = 0.0
    var start = 0
    while start < count {
      var end = start + 1
      while end < count, abs(kept[order[end]]) == abs(kept[order[start]]) { end += 1 }
      let rank = Double(start + end + 1) / 2
      for i in start..<end where kept[order[i]] > 0 { positive += rank }
      let size = Double(end - start)
      ties += size * size * size - size
      start = end
    }
    let n = Double(count)
    let total = n * (n + 1) / 2
    let statistic = min(positive, total - positive)
    if count <= 50, ties == 0 {
      // The number of sign patterns with each rank sum, as a share of all of them.
      var shares = [1.0] + [Double](repeating: 0, count: Int(total))
      for rank in 1...count {
        for sum in stride(from: Int(total), through: 0, by: -1) {
          shares[sum] = 0.5 * (shares[sum] + (sum >= rank ? shares[sum - rank] : 0))
        }
      }
      return min(1, 2 * shares[0...Int(statistic)].reduce(0, +))
    }
    let variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48
    guard variance > 0 else { return 1 }
    return min(1, 2 * normalProbability(below: (statistic - total / 2) / variance.squareRoot()))
  }

  /// Probabilities adjusted for their number so that the chance of any false finding stays at the level (Holm 1979).
  public static func holm(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    for (position, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      largest = max(largest, min(1, Double(pValues.count - position) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
