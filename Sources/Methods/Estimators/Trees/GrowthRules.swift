import CKernels

/// What a tree may become; the settings that boosting and forests share.
struct GrowthRules: Sendable {
  /// The largest number of leaves; nil means no limit, and then growth goes depth first.
  var leaves: Int?
  var depthLimit: Int?
  var l1 = 0.0
  var l2 = 0.0
  /// The largest value of a leaf, up or down.
  var valueLimit = Double.infinity
  var minimumGain = 0.0
  var minimumHessian = 0.0
  var minimumRows = 1
  /// The share of the tree's features that a node may test.
  var columnShareByNode = 1.0
  /// -1, 0 or 1 per feature; empty if nothing is constrained.
  var monotone: [Int32] = []
  /// Whether a node draws one cut per feature at random instead of searching.
  var randomCuts = false
  /// Levels up to this number are tried one against the rest; more are sorted by their mean gradient.
  var oneAgainstRest = 4
  /// Rows' worth of hessian added to a level when levels are sorted.
  var levelSmoothing = 10.0
  /// L2 added in tests of sorted levels.
  var levelL2 = 10.0
  /// The most levels on the smaller side of a test of sorted levels.
  var levelLimit = 32

  /// Whether a leaf is split even if the test gains nothing.
  var splitsWithoutGain = false

  /// What a test must gain more than.
  var gainLimit: Double { splitsWithoutGain ? -.infinity : max(minimumGain, 0) }

  /// Whether histograms hold only the few features that a node may test, and are not worth keeping for subtraction.
  var buildsSampledOnly: Bool { columnShareByNode < 0.4 }

  /// A leaf's value from its sums.
  func value(of leaf: GrowingLeaf, gradients: PackedGradients) -> Double {
    var kernel = kernelRules(gradients: gradients, lower: leaf.lower, upper: leaf.upper, leafRows: leaf.count)
    let value = assay_leaf_value(
      Double(leaf.sums[0] >> 32) * gradients.gradientUnit,
      Double(UInt32(truncatingIfNeeded: leaf.sums[0])) * gradients.hessianUnit, &kernel)
    return min(max(value, -valueLimit), valueLimit)
  }

  /// The rules for the kernel at a leaf whose values are bounded by its ancestors' monotone tests.
  func kernelRules(
    gradients: PackedGradients, lower: Double = -.infinity, upper: Double = .infinity, leafRows: Int
  ) -> assay_cut_rules {
    var rules = assay_cut_rules()
    rules.gradientUnit = gradients.gradientUnit
    rules.hessianUnit = gradients.hessianUnit
    rules.l1 = l1
    rules.l2 = l2
    rules.minimumHessian = minimumHessian
    rules.lower = lower
    rules.upper = upper
    // One row on each side follows from a positive gain.
    rules.minimumRows = minimumRows > 1 ? Double(minimumRows) : 0
    rules.leafRows = Double(leafRows)
    rules.rowsPerUnit = gradients.rowsPerUnit
    rules.rowsExact = gradients.hasEqualHessians ? 1 : 0
    rules.bounded = lower > -.infinity || upper < .infinity ? 1 : 0
    return rules
  }
}
