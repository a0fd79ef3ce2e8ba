import Basics
import Evaluation

/// How well clusters come back when the rows are drawn anew.
///
/// Source: Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics and Data Analysis 52
/// (2007).
public struct ClusterStability: Sendable, Hashable, Codable {
  /// The mean adjusted Rand index of the clusters and those of a bootstrap sample.
  public let adjustedRand: Double
  /// Per cluster, the mean over samples of the largest Jaccard similarity with a cluster of the sample. Below 0.6 a
  /// cluster is not to be trusted; from 0.85 it is highly stable.
  public let jaccard: [Double]

  /// Refits clusters on bootstrap samples and compares on the rows drawn.
  ///
  /// - Parameters:
  ///   - clustering: What `clusterer` found in `features`.
  ///   - samples: The bootstrap samples, at least 1. Cost: a fit each.
  /// - Throws: what the fit throws.
  public init(
    of clustering: any Clustering, by clusterer: some Clusterer, _ features: FeatureMatrix, samples: Int = 20,
    context: FitContext
  ) throws {
    try require(samples >= 1, "samples", samples, "at least 1")
    let own = clustering.assign(features, threads: context.threads)
    let fixed = clusterer.with(clusters: clustering.clusterCount)
    var rand = 0.0
    var jaccard = [Double](repeating: 0, count: clustering.clusterCount)
    var seen = [Double](repeating: 0, count: clustering.clusterCount)
    var done = 0.0
    for sample in 0..<samples {
      if done > 0, context.deadline.hasPassed { break }
      var stream = context.key["stability"][sample].stream()
      let drawn = (0..<features.rowCount).map { _ in stream.integer(below: features.rowCount) }.sorted()
      var sampleContext = context
      sampleContext.key = context.key["stability fit"][sample]
      let other = try fixed.fit(features.selecting(rows: drawn), context: sampleContext)
      let rows = drawn.enumerated().filter { $0.offset == 0 || drawn[$0.offset - 1] != $0.element }.map(\.element)
      let found = other.assign(features.selecting(rows: rows), threads: context.threads)
      let kept = rows.map { own[$0] }
      rand += ClusteringMetrics.adjustedRand(kept, found)
      for (cluster, best) in ClusterStability.similarities(kept, found, clusters: clustering.clusterCount) {
        jaccard[cluster] += best
        seen[cluster] += 1
      }
      done += 1
    }
    adjustedRand = rand / done
    self.jaccard = zip(jaccard, seen).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// For each cluster of `first` that has rows, the largest Jaccard similarity with a cluster of `second`.
  private static func similarities(_ first: [Int], _ second: [Int], clusters: Int) -> [(Int, Double)] {
    let others = (second.max() ?? 0) + 1
    var both = [Int](repeating: 0, count: clusters * others)
    var sizes = [Int](repeating: 0, count: clusters)
    var otherSizes = [Int](repeating: 0, count: others)
    for (a, b) in zip(first, second) {
      both[a * others + b] += 1
      sizes[a] += 1
      otherSizes[b] += 1
    }
    return (0..<clusters).filter { sizes[$0] > 0 }.map { cluster in
      let best = (0..<others).map { other in
        let common = both[cluster * others + other]
        return Double(common) / Double(sizes[cluster] + otherSizes[other] - common)
      }
      return (cluster, best.max() ?? 0)
    }
  }
}
