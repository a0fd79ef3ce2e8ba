import Basics
import CKernels
import Kernels

/// Features as bins of one byte, by column for tests and prediction and by row for histograms.
public struct BinnedFeatures: Sendable {
  /// How values become bins, one entry per feature.
  public let bins: [FeatureBins]
  /// The number of rows.
  public let rowCount: Int
  /// The bins of feature f begin at f * columnStride.
  let columns: AlignedBuffer<UInt8>
  let columnStride: Int
  /// The bins of row r begin at r * rowStride; empty where no histograms are wanted.
  let rows: AlignedBuffer<UInt8>
  let rowStride: Int
  /// The first histogram cell of each feature.
  let offsets: AlignedBuffer<UInt32>
  /// The histogram cells of all features.
  let cellCount: Int

  /// The number of features.
  public var featureCount: Int { bins.count }

  /// Finds bins and assigns them.
  ///
  /// - Parameters:
  ///   - features: Dense or sparse; missing is not-a-number, infinite values are allowed.
  ///   - maximumBins: Bins for values per feature, 2 ... 255; one more is kept for missing values.
  ///   - key: Chooses the rows from which bins are found where there are more than 262,144.
  ///   - threads: The threads to use; the result does not depend on it.
  public init(_ features: FeatureMatrix, maximumBins: Int = 255, key: RandomKey, threads: Int = 1) {
    let boundaries = BinBoundaries(bins: min(max(maximumBins, 2), 255))
    let bins = parallelMap(features.featureCount, threads: threads) { feature in
      boundaries.find(
        features.columns[feature], kind: features.features[feature].kind, rowCount: features.rowCount,
        key: key[feature])
    }
    self.init(features, bins: bins, forHistograms: true, threads: threads)
  }

  /// Assigns bins that are known already.
  init(_ features: FeatureMatrix, bins: [FeatureBins], forHistograms: Bool, threads: Int) {
    let rowCount = features.rowCount
    self.bins = bins
    self.rowCount = rowCount
    let columnStride = (rowCount + 63) / 64 * 64
    self.columnStride = columnStride
    let columns = AlignedBuffer<UInt8>(count: columnStride * bins.count)
    self.columns = columns
    let rowStride = BinnedFeatures.paddedRow(bins.count)
    self.rowStride = rowStride
    let rows = AlignedBuffer<UInt8>(count: forHistograms ? rowStride * rowCount : 0)
    self.rows = rows
    var offsets: [UInt32] = []
    var cells = 0
    for feature in bins {
      offsets.append(UInt32(cells))
      cells += (feature.count + 7) / 8 * 8
    }
    self.offsets = AlignedBuffer(offsets)
    cellCount = cells

    let chunk = 1 << 14
    parallel((rowCount + chunk - 1) / chunk, threads: threads) { index in
      let range = index * chunk..<min(rowCount, (index + 1) * chunk)
      for feature in bins.indices {
        let target = columns.pointer + feature * columnStride + range.lowerBound
        bins[feature].assign(
          features.columns[feature], rows: range, paddedCuts: bins[feature].paddedCuts, to: target)
        if range.upperBound == rowCount {
          (target + range.count).update(repeating: 0, count: columnStride - rowCount)
        }
      }
      if forHistograms {
        assay_interleave(
          columns.pointer, columnStride, bins.count, range.lowerBound, range.upperBound, rows.pointer, rowStride)
      }
    }
  }

  /// Bytes per row, so that short rows do not straddle cache lines more than they must.
  private static func paddedRow(_ featureCount: Int) -> Int {
    for size in [4, 8, 16, 32] where featureCount <= size && 8 * featureCount >= 7 * size { return size }
    return max(featureCount, 1)
  }

  /// The bin of a row and feature.
  public func bin(row: Int, feature: Int) -> UInt8 { columns[feature * columnStride + row] }
}
