import Kernels

/// Leaf values from the residuals of a leaf's rows, for losses whose gradient does not tell the distance: the median,
/// the quantile, or Friedman's one-step estimate for Huber's loss ("Greedy function approximation", 2001).
struct LeafRenewal: Sendable {
  let target: BoostingTarget

  /// The new values, one per leaf.
  func values(
    leaves: [Range<Int>], list: AlignedBuffer<UInt32>, scores: AlignedBuffer<Float>, threads: Int
  ) -> [Double] {
    parallelMap(leaves.count, threads: threads) { leaf in
      let rows = leaves[leaf].map { Int(list[$0]) }
      let residuals = rows.map { Double(target.labels[$0] - scores[$0]) }
      let weights = target.weights.map { weights in rows.map { Double(weights[$0]) } }
      return value(residuals, weights ?? [Double](repeating: 1, count: rows.count))
    }
  }

  private func value(_ residuals: [Double], _ weights: [Double]) -> Double {
    switch target.objective {
    case .quantile(let level): return weightedQuantile(residuals, weights, level: level)
    case .huber(let delta):
      let median = weightedQuantile(residuals, weights, level: 0.5)
      let total = weights.reduce(0, +)
      guard total > 0 else { return median }
      return median
        + zip(residuals, weights).reduce(0) { $0 + $1.1 * min(max($1.0 - median, -delta), delta) } / total
    default: return weightedQuantile(residuals, weights, level: 0.5)
    }
  }
}
