import Basics
import Foundation
import Kernels

/// Finds unusual rows: those that random splits cut off after few steps.
///
/// Each tree is grown on a random sample with a random feature and a random threshold at every node (Liu, Ting and
/// Zhou, "Isolation forest", ICDM 2008). A category is split into one of its levels against the others; missing values
/// go to a side drawn at the node.
public struct IsolationForest: AnomalyDetector, Hashable {
  /// The number of trees, at least 1.
  public var trees = 200
  /// The rows a tree is grown on, at least 2.
  public var sampleSize = 256

  /// The default configuration.
  public init() {}

  /// Learns what is usual; see `AnomalyDetector`.
  public func fit(_ features: FeatureMatrix, context: FitContext) throws -> any AnomalyModel {
    try require(trees >= 1, "trees", trees, "at least 1")
    try require(sampleSize >= 2, "sampleSize", sampleSize, "at least 2")
    guard features.rowCount > 0 else {
      throw AssayError(.data, "there are no rows to learn from", remedy: "give at least one row")
    }
    try features.checkFinite()
    try context.interruption.check()
    let columns = features.columns.map { $0.densified(rowCount: features.rowCount) }
    let kinds = features.features.map(\.kind)
    let size = min(sampleSize, features.rowCount)
    let grown = parallelMap(trees, threads: context.threads) { tree in
      var stream = context.key["isolation"][tree].stream()
      return IsolationTree(columns, kinds, rows: sample(size, of: features.rowCount, &stream), &stream)
    }
    try context.interruption.check()
    return IsolationForestModel(trees: grown, sampleSize: size)
  }

  /// Different rows, each set of that size equally likely (Floyd's algorithm).
  private func sample(_ size: Int, of count: Int, _ stream: inout RandomStream) -> [Int] {
    var chosen: Set<Int> = []
    for last in count - size..<count {
      let row = stream.integer(below: last + 1)
      chosen.insert(chosen.contains(row) ? last : row)
    }
    return chosen.sorted()
  }
}

/// Random trees.
public struct IsolationForestModel: AnomalyModel {
  /// The name in bundles.
  public static let kind = "isolation-forest"

  let trees: [IsolationTree]
  private let sampleSize: Int

  init(trees: [IsolationTree], sampleSize: Int) {
    self.trees = trees
    self.sampleSize = sampleSize
  }

  /// 2^(-mean path length / average path length): near 1 for rows that are cut off at once, below 0.5 for usual ones.
  public func scores(_ features: FeatureMatrix, threads: Int) -> [Double] {
    let columns = usedColumns(features)
    let normal = IsolationForestModel.averagePathLength(sampleSize)
    let shard = 512
    let parts = parallelMap((features.rowCount + shard - 1) / shard, threads: threads) { part in
      (part * shard..<min(features.rowCount, (part + 1) * shard)).map { row -> Double in
        var total = 0.0
        for tree in trees { total += tree.pathLength(columns, row) }
        return normal > 0 ? pow(2, -total / Double(trees.count) / normal) : 0.5
      }
    }
    return parts.flatMap { $0 }
  }

  /// The part of each feature in a row's score.
  ///
  /// Each split moves the path length expected of the row; what a feature's splits have shortened it by, over all trees,
  /// is its credit, and the score is shared out by the credits above 0.
  public func parts(_ features: FeatureMatrix, threads: Int) -> [[Double]] {
    let columns = usedColumns(features)
    let expected = trees.map { $0.expectedLengths() }
    let scores = scores(features, threads: threads)
    let shard = 256
    let parts = parallelMap((features.rowCount + shard - 1) / shard, threads: threads) { part in
      (part * shard..<min(features.rowCount, (part + 1) * shard)).map { row -> [Double] in
        var credits = [Double](repeating: 0, count: features.featureCount)
        for (tree, lengths) in zip(trees, expected) {
          tree.addShortenings(columns, row, expected: lengths, to: &credits)
        }
        for feature in credits.indices { credits[feature] = max(0, credits[feature]) }
        let sum = credits.reduce(0, +)
        return sum > 0 ? credits.map { $0 / sum * scores[row] } : credits
      }
    }
    return parts.flatMap { $0 }
  }

  /// The columns that some tree splits by; others are left empty.
  private func usedColumns(_ features: FeatureMatrix) -> [[Float]] {
    var isUsed = [Bool](repeating: false, count: features.featureCount)
    for tree in trees { for node in tree.nodes where node.feature >= 0 { isUsed[Int(node.feature)] = true } }
    return features.columns.indices.map {
      isUsed[$0] ? features.columns[$0].densified(rowCount: features.rowCount) : []
    }
  }

  /// The mean number of steps of an unsuccessful search in a binary search tree of `count` rows:
  /// 2 H(count - 1) - 2 (count - 1) / count, with H the harmonic numbers; 0 for fewer than 2 rows.
  public static func averagePathLength(_ count: Int) -> Double {
    guard count > 1 else { return 0 }
    var harmonic = 0.0
    for k in 1..<count { harmonic += 1 / Double(k) }
    return 2 * harmonic - 2 * Double(count - 1) / Double(count)
  }
}
