import Basics
import CKernels

/// Tests on levels: one level against the rest where there are few, else the best cut of the levels sorted by their
/// mean gradient.
///
/// For a convex loss some cut of the sorted levels is the best of all partitions (Fisher, "On grouping for maximum
/// homogeneity", 1958), so 2^levels partitions need not be tried. Smoothing and a larger L2 keep rare levels from
/// looking good by chance, as in LightGBM (Ke et al., 2017). The bin of missing and unseen levels takes part as a level.
extension SplitSearch {
  func bestLevels(
    _ feature: Int, cells: UnsafePointer<Int64>, leaf: Leaf, counts: UnsafePointer<UInt32>?
  ) -> SplitCandidate {
    let levels = (0..<bins[feature].count).filter { !isEmpty($0, cells: cells) }
    guard levels.count > 1 else { return SplitCandidate() }
    var kernelRules = kernelRules(leaf, feature: feature)
    kernelRules.monotone = 0
    var orders: [[Int]]
    var limit = 1
    if rules.randomCuts {
      var stream = leaf.key[feature].stream()
      let order = stream.permutation(of: levels.count).map { levels[$0] }
      kernelRules.onlyCut = Int32(1 + stream.integer(below: levels.count - 1))
      orders = [order]
      limit = levels.count - 1
    } else if levels.count <= rules.oneAgainstRest {
      orders = levels.map { [$0] }
    } else {
      let keys = sortKeys(levels, cells: cells, leaf: leaf)
      let ascending = levels.indices.sorted { keys[$0] != keys[$1] ? keys[$0] < keys[$1] : $0 < $1 }
        .map { levels[$0] }
      orders = [ascending, ascending.reversed()]
      limit = min(rules.levelLimit, levels.count - 1)
      kernelRules.l2 += rules.levelL2
    }
    var best = SplitCandidate()
    for order in orders {
      let taken = Array(order.prefix(limit))
      let candidate = bestPrefix(
        taken, cells: cells, feature: feature, leaf: leaf, rules: &kernelRules, counts: counts)
      if candidate.gain > best.gain { best = candidate }
    }
    best.learnedMissing = levels[0] == 0
    return best
  }

  /// What levels are sorted by: the smoothed mean gradient, or the share of the leaf's largest class.
  private func sortKeys(_ levels: [Int], cells: UnsafePointer<Int64>, leaf: Leaf) -> [Double] {
    if classCount > 0 {
      let largest = leaf.sums.indices.max { leaf.sums[$0] < leaf.sums[$1] } ?? 0
      return levels.map { level in
        let total = (0..<classCount).reduce(0.0) { $0 + Double(cells[level + $1 * classStride]) }
        return Double(cells[level + largest * classStride]) / total
      }
    }
    let hessian = Double(UInt32(truncatingIfNeeded: leaf.sums[0]))
    let smoothing = rules.levelSmoothing * hessian / Double(max(leaf.rows, 1))
    return levels.map { level in
      let denominator = Double(UInt32(truncatingIfNeeded: cells[level])) + smoothing
      return denominator > 0 ? Double(cells[level] >> 32) / denominator : 0
    }
  }

  /// The best test that sends the first levels of an order left: the histogram is laid out in that order and cut.
  private func bestPrefix(
    _ order: [Int], cells: UnsafePointer<Int64>, feature: Int, leaf: Leaf, rules: inout assay_cut_rules,
    counts: UnsafePointer<UInt32>?
  ) -> SplitCandidate {
    let classes = max(classCount, 1)
    // Bin 0 stays empty and the last bin, which holds the levels beyond the order, is not read.
    let binCount = order.count + 2
    var sorted = [Int64](repeating: 0, count: classes * binCount)
    var sortedCounts = [UInt32](repeating: 0, count: binCount)
    for (position, level) in order.enumerated() {
      for k in 0..<classes { sorted[k * binCount + position + 1] = cells[level + k * classStride] }
      if let counts { sortedCounts[position + 1] = counts[level] }
    }
    let found = evaluate(
      sorted, binCount, binCount: binCount, leaf: leaf, rules: &rules, counts: counts == nil ? nil : sortedCounts)
    guard found.bin > 0 else { return SplitCandidate() }
    var candidate = SplitCandidate(gain: found.gain, feature: Int32(feature), rowsKnown: found.rowsKnown != 0)
    for level in order.prefix(Int(found.bin)) { candidate.insert(level) }
    return candidate
  }
}
