import Basics
import CKernels

/// Finds the best test of a leaf on one feature from its histogram.
struct SplitSearch: Sendable {
  let rules: GrowthRules
  let bins: [FeatureBins]
  let gradients: PackedGradients
  /// 0 where histograms hold gradients; else the number of classes, one histogram each.
  let classCount: Int
  /// Words between the histograms of two classes.
  let classStride: Int

  /// A leaf's part of the question.
  struct Leaf {
    let sums: [Int64]
    let rows: Int
    let lower: Double
    let upper: Double
    /// Draws random cuts, where asked for.
    let key: RandomKey
  }

  /// The best test on a feature.
  ///
  /// - Parameters:
  ///   - cells: The feature's histogram (of the first class).
  ///   - counts: The rows of every bin if they are known; otherwise the result may have `rowsKnown` false.
  func best(
    _ feature: Int, cells: UnsafePointer<Int64>, leaf: Leaf, counts: UnsafePointer<UInt32>? = nil
  ) -> SplitCandidate {
    let featureBins = bins[feature]
    if featureBins.isCategorical { return bestLevels(feature, cells: cells, leaf: leaf, counts: counts) }
    var kernelRules = kernelRules(leaf, feature: feature)
    let count = featureBins.count
    if rules.randomCuts {
      guard let cut = randomCut(featureBins, cells: cells, key: leaf.key[feature]) else { return SplitCandidate() }
      kernelRules.onlyCut = cut
    }
    let found = evaluate(cells, classStride, binCount: count, leaf: leaf, rules: &kernelRules, counts: counts)
    guard found.bin > 0 else { return SplitCandidate() }
    return SplitCandidate(
      gain: found.gain, feature: Int32(feature), cut: UInt8(found.bin), missingLeft: found.missingLeft != 0,
      learnedMissing: found.hadMissing != 0, rowsKnown: found.rowsKnown != 0)
  }

  func kernelRules(_ leaf: Leaf, feature: Int) -> assay_cut_rules {
    var result = rules.kernelRules(gradients: gradients, lower: leaf.lower, upper: leaf.upper, leafRows: leaf.rows)
    if !rules.monotone.isEmpty, rules.monotone[feature] != 0 {
      result.monotone = rules.monotone[feature]
      result.bounded = 1
    }
    return result
  }

  /// Asks the kernel for the best cut of a histogram.
  func evaluate(
    _ cells: UnsafePointer<Int64>, _ stride: Int, binCount: Int, leaf: Leaf, rules: inout assay_cut_rules,
    counts: UnsafePointer<UInt32>?
  ) -> assay_cut {
    var result = assay_cut()
    if classCount > 0 {
      assay_best_class_cut(
        cells, stride, Int32(classCount), Int32(binCount), leaf.sums, &rules, counts, &result)
    } else {
      let sum = leaf.sums[0]
      let parent = assay_leaf_score(
        Double(sum >> 32) * rules.gradientUnit, Double(UInt32(truncatingIfNeeded: sum)) * rules.hessianUnit, &rules)
      assay_best_cut(cells, Int32(binCount), sum, parent, &rules, counts, &result)
    }
    return result
  }

  /// Whether any row of the leaf has a bin, as far as sums show it.
  func isEmpty(_ bin: Int, cells: UnsafePointer<Int64>) -> Bool {
    if classCount == 0 { return cells[bin] == 0 }
    return (0..<classCount).allSatisfy { cells[bin + $0 * classStride] == 0 }
  }

  /// A cut drawn uniformly between the smallest and the largest value of the leaf (Geurts, Ernst and Wehenkel,
  /// "Extremely randomized trees", 2006), moved to the next boundary of a bin; nil if the leaf has fewer than two bins.
  private func randomCut(_ bins: FeatureBins, cells: UnsafePointer<Int64>, key: RandomKey) -> Int32? {
    let used = 1..<bins.count
    guard let first = used.first(where: { !isEmpty($0, cells: cells) }),
      let last = used.last(where: { !isEmpty($0, cells: cells) })
    else { return nil }
    // With one bin of values only the cut between them and missing is left.
    if first == last { return Int32(first) }
    let low = Double(bins.threshold(ofBin: first))
    let high = Double(bins.threshold(ofBin: last - 1))
    let wanted = low + (high - low) * key.uniform(at: 0)
    let cut = (first..<last).first { Double(bins.threshold(ofBin: $0)) >= wanted } ?? last - 1
    return Int32(cut)
  }
}
