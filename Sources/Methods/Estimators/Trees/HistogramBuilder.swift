import CKernels
import Kernels

/// Builds histograms of leaves and keeps those of leaves that may still be split.
final class HistogramBuilder: @unchecked Sendable {
  // Tasks write disjoint buffers or disjoint cells of one.
  private let features: BinnedFeatures
  /// 1, or the number of classes that are counted apart.
  let channels: Int
  private var free: [AlignedBuffer<Int64>] = []
  private var inUse = 0
  private let capacity: Int
  /// Sums of the other tasks while a large leaf is built.
  private var partial: [AlignedBuffer<Int64>] = []

  /// Below so many additions a task is not worth its start.
  private static let additionsPerTask = 1 << 17
  /// Memory for kept histograms; leaves beyond it are built anew when they are split.
  private static let keptBytes = 1 << 29

  init(_ features: BinnedFeatures, channels: Int) {
    self.features = features
    self.channels = channels
    capacity = max(4, Self.keptBytes / max(1, features.cellCount * channels * MemoryLayout<Int64>.stride))
  }

  /// Whether another leaf's histogram may be kept.
  var hasRoom: Bool { inUse < capacity }

  /// An empty histogram.
  func take() -> AlignedBuffer<Int64> {
    inUse += 1
    let buffer = free.popLast() ?? AlignedBuffer<Int64>(count: features.cellCount * channels)
    return buffer
  }

  /// Takes a histogram back.
  func giveBack(_ histogram: AlignedBuffer<Int64>?) {
    guard let histogram else { return }
    inUse -= 1
    free.append(histogram)
  }

  /// Rows of one channel: a stretch of the row list, or of all rows where there is no list.
  struct Stretch {
    let channel: Int
    let rows: Range<Int>
  }

  /// Fills a histogram with the sums of rows.
  ///
  /// - Parameters:
  ///   - list: The row list, or nil for rows in their own order.
  ///   - used: The features to build, ascending.
  func build(
    _ histogram: AlignedBuffer<Int64>, list: AlignedBuffer<UInt32>?, stretches: [Stretch],
    used: AlignedBuffer<UInt32>, gradients: AlignedBuffer<Int64>, threads: Int
  ) {
    let rowCount = stretches.reduce(0) { $0 + $1.rows.count }
    let tasks = channels > 1 ? 1 : max(1, min(threads, rowCount * used.count / Self.additionsPerTask))
    while partial.count < tasks - 1 {
      partial.append(AlignedBuffer(count: features.cellCount * channels))
    }
    let (features, channels, partial) = (features, channels, partial)
    let targets = [histogram] + partial.prefix(tasks - 1)
    parallel(tasks, threads: tasks) { task in
      let target = targets[task]
      HistogramBuilder.clear(target, features: features, channels: channels, used: used)
      for stretch in stretches {
        let begin = stretch.rows.lowerBound + stretch.rows.count * task / tasks
        let end = stretch.rows.lowerBound + stretch.rows.count * (task + 1) / tasks
        assay_histogram(
          features.rows.pointer, features.rowStride, list?.pointer, begin, end, gradients.pointer, used.pointer,
          used.count, features.offsets.pointer, target.pointer + stretch.channel * features.cellCount)
      }
    }
    for other in targets.dropFirst() { assay_add_words(histogram.pointer, other.pointer, histogram.count) }
    // Of bins in a file only what the later, smaller leaves need stays resident: once per tree is often enough.
    if rowCount >= features.rowCount / 2 { features.letGo() }
  }

  private static func clear(
    _ histogram: AlignedBuffer<Int64>, features: BinnedFeatures, channels: Int, used: AlignedBuffer<UInt32>
  ) {
    if used.count == features.featureCount {
      histogram.pointer.update(repeating: 0, count: histogram.count)
      return
    }
    for channel in 0..<channels {
      for position in 0..<used.count {
        let feature = Int(used[position])
        let first = channel * features.cellCount + Int(features.offsets[feature])
        (histogram.pointer + first).update(repeating: 0, count: features.bins[feature].count)
      }
    }
  }
}
