import Basics
import Foundation

/// Measures of a clustering.
public enum ClusteringMetrics {
  /// The mean silhouette (Rousseeuw 1987): (b - a) / max(a, b) with a the mean Euclidean distance to the row's own
  /// cluster and b to the nearest other one; a row alone in its cluster has 0. NaN unless there are 2 to n - 1
  /// clusters.
  ///
  /// - Parameters:
  ///   - points: row after row, `dimension` numbers each.
  ///   - clusters: the cluster of each row.
  ///   - sample: beyond that many rows a random sample is measured, since the cost is quadratic.
  public static func silhouette(
    points: [Double], dimension: Int, clusters: [Int], key: RandomKey, sample: Int = 3000
  ) -> Double {
    precondition(points.count == clusters.count * dimension, "silhouette: \(points.count) numbers")
    var rows = Array(clusters.indices)
    if rows.count > sample {
      var stream = key["silhouette"].stream()
      rows = Array(stream.permutation(of: rows.count).prefix(sample)).sorted()
    }
    let names = Array(Set(rows.map { clusters[$0] })).sorted()
    guard names.count >= 2, names.count < rows.count else { return .nan }
    let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let own = rows.compactMap { index[clusters[$0]] }
    var sizes = [Int](repeating: 0, count: names.count)
    for cluster in own { sizes[cluster] += 1 }
    var total = 0.0
    var sums = [Double](repeating: 0, count: names.count)
    points.withUnsafeBufferPointer { points in
      for i in rows.indices {
        for cluster in sums.indices { sums[cluster] = 0 }
        for j in rows.indices {
          var squared = 0.0
          for d in 0..<dimension {
            let difference = points[rows[i] * dimension + d] - points[rows[j] * dimension + d]
            squared += difference * difference
          }
          sums[own[j]] += squared.squareRoot()
        }
        if sizes[own[i]] == 1 { continue }
        let inside = sums[own[i]] / Double(sizes[own[i]] - 1)
        var outside = Double.infinity
        for cluster in sums.indices where cluster != own[i] {
          outside = min(outside, sums[cluster] / Double(sizes[cluster]))
        }
        let larger = max(inside, outside)
        if larger > 0 { total += (outside - inside) / larger }
      }
    }
    return total / Double(rows.count)
  }

  /// The Rand index of two clusterings of the same rows, corrected for chance (Hubert and Arabie 1985): 1 if they
  /// agree, about 0 if they are independent.
  public static func adjustedRand(_ first: [Int], _ second: [Int]) -> Double {
    precondition(first.count == second.count, "adjustedRand: \(first.count) and \(second.count) rows")
    func pairs(_ counts: some Sequence<Int>) -> Double { counts.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 } }
    var cells: [[Int]: Int] = [:]
    var rows: [Int: Int] = [:]
    var columns: [Int: Int] = [:]
    for (a, b) in zip(first, second) {
      cells[[a, b], default: 0] += 1
      rows[a, default: 0] += 1
      columns[b, default: 0] += 1
    }
    let all = pairs([first.count])
    let together = pairs(cells.values)
    let firstPairs = pairs(rows.values)
    let secondPairs = pairs(columns.values)
    guard all > 0 else { return 1 }
    let expected = firstPairs * secondPairs / all
    let largest = (firstPairs + secondPairs) / 2
    return largest == expected ? 1 : (together - expected) / (largest - expected)
  }
}
