import CKernels
import Kernels

/// Gradients and hessians of all rows as integers, two in a word.
///
/// The units are as fine as the sums over all rows allow, so sums are exact, do not depend on their order, and the
/// larger of two children is the parent minus the smaller one without error. Rounding is random but unbiased. The idea
/// of integer gradients is from Shi et al., "Quantized training of gradient boosting decision trees" (2022), who used
/// few bits; here all 64 are used.
struct PackedGradients: Sendable {
  /// One word per row.
  let words: AlignedBuffer<Int64>
  /// The gradient of one unit.
  private(set) var gradientUnit = 1.0
  /// The hessian of one unit.
  private(set) var hessianUnit = 1.0
  /// A sum of hessians of h units comes from at least h * rowsPerUnit rows, exactly so if all hessians are equal.
  private(set) var rowsPerUnit = 1.0
  /// Whether all hessians are equal.
  private(set) var hasEqualHessians = false

  init(rowCount: Int) { words = AlignedBuffer(count: rowCount) }

  /// Sizes of all gradients together, for the choice of units.
  struct Totals: Sendable {
    var gradient = 0.0
    var hessian = 0.0
    var largestGradient: Float = 0
    var largestHessian: Float = 0

    /// Adds the sums and largest sizes that a kernel has found.
    mutating func add(sums: (Double, Double), largest: (Float, Float)) {
      gradient += sums.0
      hessian += sums.1
      largestGradient = max(largestGradient, largest.0)
      largestHessian = max(largestHessian, largest.1)
    }
  }

  /// Packs all rows; `hessians` nil means every hessian is 1.
  mutating func pack(
    _ gradients: UnsafePointer<Float>, _ hessians: UnsafePointer<Float>?, totals: Totals, seed: UInt32, threads: Int
  ) {
    let rowCount = words.count
    let gradientScale = Self.scale(total: totals.gradient, limit: 0x1p31, rowCount: rowCount)
    let hessianScale = hessians == nil ? 1 : Self.scale(total: totals.hessian, limit: 0x1p32, rowCount: rowCount)
    gradientUnit = 1 / Double(gradientScale)
    hessianUnit = 1 / Double(hessianScale)
    hasEqualHessians = hessians == nil
    rowsPerUnit = hessians == nil ? 1 : 1 / (Double(totals.largestHessian) * Double(hessianScale) + 1)
    let job = PackingJob(gradients: gradients, hessians: hessians, words: words.pointer)
    let chunk = 1 << 15
    parallel((rowCount + chunk - 1) / chunk, threads: threads) { index in
      let start = index * chunk
      assay_pack_gradients(
        job.gradients + start, job.hessians.map { $0 + start }, min(chunk, rowCount - start), UInt32(start),
        gradientScale, hessianScale, seed, job.words + start)
    }
  }

  /// The largest power of two that keeps the sum of all rounded sizes below the limit.
  ///
  /// A power of two changes only the exponent, so sums of numbers with few digits stay exact.
  private static func scale(total: Double, limit: Double, rowCount: Int) -> Float {
    guard total > 0, total.isFinite else { return 1 }
    let room = (limit * 0.999 - Double(rowCount)) / total
    return Float(min(max(room, 0x1p-100), 0x1p100).binade)
  }
}

/// The pointers of one packing; tasks read and write disjoint rows.
private struct PackingJob: @unchecked Sendable {
  let gradients: UnsafePointer<Float>
  let hessians: UnsafePointer<Float>?
  let words: UnsafeMutablePointer<Int64>
}
