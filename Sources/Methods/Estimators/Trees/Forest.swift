import Basics
import CKernels
import Evaluation
import Kernels

/// Random forests (Breiman, 2001) and extremely randomised trees (Geurts, Ernst and Wehenkel, 2006) on histograms.
///
/// Regression averages the trees' leaf means, classification their class shares. The same key gives the same bits with
/// any number of threads.
public struct Forest: Estimator, Hashable {
  /// How trees differ from each other.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Every tree sees a bootstrap sample, every node searches the best cut.
    case randomForest
    /// Every tree sees all rows, every node draws one cut per feature.
    case extraTrees
  }

  /// Random forest or extremely randomised trees.
  public var kind: Kind
  /// The number of trees, at least 1.
  public var trees: Int
  /// The largest number of leaves per tree, at least 2; nil means no limit.
  public var leaves: Int?
  /// The largest number of tests from root to leaf, at least 1; nil means no limit.
  public var depthLimit: Int?
  /// Bins for values per feature, 2 ... 255.
  public var bins: Int
  /// The share of features drawn for each node, above 0 and at most 1; nil means the square root of their number for
  /// classification and a third for regression.
  public var columnShareByNode: Double?
  /// The rows that each child must have, at least 1.
  public var minimumChildRows: Int
  /// The rows drawn for each tree, as a share of all, above 0 and at most 1; nil means as many as there are, with
  /// replacement for random forests, all of them for extremely randomised trees. A share is drawn without replacement.
  public var rowShare: Double?

  /// Creates settings.
  public init(
    kind: Kind = .randomForest, trees: Int = 200, leaves: Int? = nil, depthLimit: Int? = nil, bins: Int = 255,
    columnShareByNode: Double? = nil, minimumChildRows: Int = 1, rowShare: Double? = nil
  ) {
    self.kind = kind
    self.trees = trees
    self.leaves = leaves
    self.depthLimit = depthLimit
    self.bins = bins
    self.columnShareByNode = columnShareByNode
    self.minimumChildRows = minimumChildRows
    self.rowShare = rowShare
  }

  /// Grows trees; the model is a `TreeEnsemble`, with those trees that were finished by the deadline.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try check(data)
    let binned = BinnedFeatures(
      data.features, maximumBins: bins, key: context.key["bins"], threads: context.threads)
    let run = ForestRun(self, data: data, binned: binned, context: context)
    return try run.model()
  }

  private func check(_ data: TrainingData) throws {
    try SettingChecks.atLeast(1, trees, "trees")
    try SettingChecks.atLeast(2, leaves ?? 2, "leaves")
    try SettingChecks.atLeast(1, depthLimit ?? 1, "depthLimit")
    try SettingChecks.bins(bins)
    try SettingChecks.share(columnShareByNode ?? 1, "columnShareByNode")
    try SettingChecks.atLeast(1, minimumChildRows, "minimumChildRows")
    try SettingChecks.share(rowShare ?? 1, "rowShare")
    try SettingChecks.size(data)
    try data.checkLearnable()
  }

  /// The rules for growing trees.
  func growthRules(_ data: TrainingData) -> GrowthRules {
    let count = Double(max(1, data.features.featureCount))
    let standard = data.task.classes.isEmpty ? max(1, count / 3) : max(1, count.squareRoot())
    var rules = GrowthRules()
    rules.leaves = leaves
    rules.depthLimit = depthLimit
    rules.minimumRows = minimumChildRows
    // A side without rows is no side, also where a test may gain nothing.
    rules.minimumHessian = .leastNormalMagnitude
    rules.splitsWithoutGain = true
    rules.columnShareByNode = columnShareByNode ?? min(1, standard / count)
    rules.randomCuts = kind == .extraTrees
    rules.levelSmoothing = 0
    rules.levelL2 = 0
    rules.levelLimit = 256
    return rules
  }
}
