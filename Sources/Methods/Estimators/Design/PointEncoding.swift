import Basics
import Kernels

/// Rows as points: features standardised, categories as indicators, so that two unrelated numbers, or two different
/// categories, are 2 apart in squared distance.
struct PointEncoding: Sendable, Codable {
  let encoding: DesignEncoding

  /// The most frequent levels of a feature that get a coordinate.
  private static let maximumLevels = 32
  private static let shardRows = 1024

  /// Coordinates per row.
  var width: Int { encoding.termCount }

  /// Learns the scales.
  ///
  /// - Throws: a `data` error for no rows or infinite numbers.
  init(_ features: FeatureMatrix, threads: Int) throws {
    guard features.rowCount > 0 else {
      throw AssayError(.data, "there are no rows to learn from", remedy: "give at least one row")
    }
    try features.checkFinite()
    encoding = DesignEncoding(
      features, weights: Array(repeating: 1, count: features.rowCount), indicatorScale: 1,
      maximumLevels: PointEncoding.maximumLevels, threads: threads)
  }

  /// The coordinates, `width` per row.
  func points(_ features: FeatureMatrix, threads: Int) -> [Float] {
    let shard = PointEncoding.shardRows
    let parts = parallelMap((features.rowCount + shard - 1) / shard, threads: threads) { part in
      encoding.standardizedRows(features, rows: part * shard..<min(features.rowCount, (part + 1) * shard))
    }
    return parts.flatMap { $0 }
  }
}
