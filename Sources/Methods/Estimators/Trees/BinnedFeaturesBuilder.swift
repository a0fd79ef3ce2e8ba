import Basics
import Kernels

/// Assigns known bins to features that arrive in pieces: what boosting learns from where a table does not fit into
/// memory.
///
/// The bins come from a sample, for example from the `TreeEnsemble` fitted on it. What comes out is to the last bit what
/// binning all rows at once gives, whatever the sizes of the pieces.
///
/// ```swift
/// var builder = try BinnedFeaturesBuilder(bins: model.bins, capacity: rows, folder: output)
/// while let table = try chunks.next() { try builder.append(pipeline.transform(table)) }
/// let binned = builder.finish()
/// ```
public struct BinnedFeaturesBuilder {
  /// How values become bins, one entry per feature.
  public let bins: [FeatureBins]
  /// The most rows that can be added.
  public let capacity: Int
  /// The rows added so far.
  public private(set) var rowCount = 0
  private let room: BinnedFeatures
  private let mapped: MappedMemory?

  /// Takes the memory for all rows, two bytes per row and feature.
  ///
  /// - Parameters:
  ///   - capacity: The most rows that will be added.
  ///   - folder: Where the bins lie in a file without a name, which the kernel can page; nil keeps them in memory.
  /// - Throws: A `file` error if the folder has no room for them.
  public init(bins: [FeatureBins], capacity: Int, folder: String? = nil) throws {
    precondition(capacity >= 0, "BinnedFeaturesBuilder: a capacity of \(capacity) rows")
    self.bins = bins
    self.capacity = capacity
    mapped = try folder.map {
      try MappedMemory(byteCount: BinnedFeatures.byteCount(bins: bins, rowCount: capacity), folder: $0)
    }
    room = BinnedFeatures(bins: bins, rowCount: capacity, forHistograms: true, mapped: mapped)
  }

  /// The bytes that the bins of so many rows take.
  public static func byteCount(bins: [FeatureBins], rowCount: Int) -> Int {
    BinnedFeatures.byteCount(bins: bins, rowCount: rowCount)
  }

  /// Adds rows behind those that are there; the matrix has the features that the bins belong to.
  ///
  /// - Throws: A `data` error for an infinite value.
  public mutating func append(_ features: FeatureMatrix, threads: Int = 1) throws {
    precondition(
      features.featureCount == bins.count,
      "BinnedFeaturesBuilder: \(features.featureCount) features, bins of \(bins.count)")
    precondition(
      rowCount + features.rowCount <= capacity,
      "BinnedFeaturesBuilder: \(rowCount + features.rowCount) rows, room for \(capacity)")
    try features.checkFinite()
    room.assign(features, at: rowCount, threads: threads)
    rowCount += features.rowCount
    mapped?.letGo()
  }

  /// The bins of all rows added.
  public consuming func finish() -> BinnedFeatures {
    let binned = BinnedFeatures(room, rowCount: rowCount)
    binned.clearPadding()
    return binned
  }
}
