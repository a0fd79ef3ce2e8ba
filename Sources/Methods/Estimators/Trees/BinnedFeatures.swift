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
  /// Where the bins lie if not in memory of their own.
  private let mapped: MappedMemory?

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
  ///
  /// - Parameters:
  ///   - features: The features that the bins belong to.
  ///   - bins: One entry per feature.
  ///   - threads: The threads to use; the result does not depend on it.
  public init(_ features: FeatureMatrix, bins: [FeatureBins], threads: Int = 1) {
    self.init(features, bins: bins, forHistograms: true, threads: threads)
  }

  /// Assigns bins that are known already.
  init(_ features: FeatureMatrix, bins: [FeatureBins], forHistograms: Bool, threads: Int) {
    self.init(bins: bins, rowCount: features.rowCount, forHistograms: forHistograms, mapped: nil)
    assign(features, at: 0, threads: threads)
    clearPadding()
  }

  /// Room for rows whose bins are not assigned yet.
  ///
  /// - Parameter mapped: where the bins lie, of at least `byteCount(bins:rowCount:)` bytes; nil for memory of their own.
  init(bins: [FeatureBins], rowCount: Int, forHistograms: Bool, mapped: MappedMemory?) {
    self.bins = bins
    self.rowCount = rowCount
    self.mapped = mapped
    columnStride = BinnedFeatures.columnStride(rowCount)
    rowStride = BinnedFeatures.paddedRow(bins.count)
    let (columnBytes, rowBytes) = (columnStride * bins.count, forHistograms ? rowStride * rowCount : 0)
    if let mapped {
      columns = AlignedBuffer(count: columnBytes, in: mapped, at: 0)
      rows = AlignedBuffer(count: rowBytes, in: mapped, at: columnBytes + 64)
    } else {
      columns = AlignedBuffer(count: columnBytes)
      rows = AlignedBuffer(count: rowBytes)
    }
    var offsets: [UInt32] = []
    var cells = 0
    for feature in bins {
      offsets.append(UInt32(cells))
      cells += (feature.count + 7) / 8 * 8
    }
    self.offsets = AlignedBuffer(offsets)
    cellCount = cells
  }

  /// The first rows of bins, in the same memory.
  init(_ other: BinnedFeatures, rowCount: Int) {
    bins = other.bins
    self.rowCount = rowCount
    columns = other.columns
    columnStride = other.columnStride
    rows = other.rows
    rowStride = other.rowStride
    offsets = other.offsets
    cellCount = other.cellCount
    mapped = other.mapped
  }

  /// The memory that the bins of so many rows take, in both layouts.
  static func byteCount(bins: [FeatureBins], rowCount: Int) -> Int {
    columnStride(rowCount) * bins.count + paddedRow(bins.count) * rowCount + 128
  }

  /// Assigns the bins of all rows of a matrix to the rows from `first` on.
  func assign(_ features: FeatureMatrix, at first: Int, threads: Int) {
    let chunk = 1 << 14
    let count = features.rowCount
    parallel((count + chunk - 1) / chunk, threads: threads) { index in
      let range = index * chunk..<min(count, (index + 1) * chunk)
      for feature in bins.indices {
        bins[feature].assign(
          features.columns[feature], rows: range, paddedCuts: bins[feature].paddedCuts,
          to: columns.pointer + feature * columnStride + first + range.lowerBound)
      }
      if rows.count > 0 {
        assay_interleave(
          columns.pointer, columnStride, bins.count, first + range.lowerBound, first + range.upperBound, rows.pointer,
          rowStride)
      }
    }
  }

  /// Gives the bytes behind the last row of each column a value.
  func clearPadding() {
    for feature in bins.indices {
      (columns.pointer + feature * columnStride + rowCount).update(repeating: 0, count: columnStride - rowCount)
    }
  }

  /// Lets the kernel take back the memory of bins that lie in a file, after a pass over many rows.
  func letGo() { mapped?.letGo() }

  private static func columnStride(_ rowCount: Int) -> Int { (rowCount + 63) / 64 * 64 }

  /// Bytes per row, so that short rows do not straddle cache lines more than they must.
  private static func paddedRow(_ featureCount: Int) -> Int {
    for size in [4, 8, 16, 32] where featureCount <= size && 8 * featureCount >= 7 * size { return size }
    return max(featureCount, 1)
  }

  /// The bin of a row and feature.
  public func bin(row: Int, feature: Int) -> UInt8 { columns[feature * columnStride + row] }
}
