import Basics
import Evaluation

/// Gradient-boosted trees (Friedman, "Greedy function approximation", 2001) on histograms, grown leaf by leaf as in
/// LightGBM (Ke et al., 2017).
///
/// Missing values (not-a-number) go the way that was learned at each test; categorical features are tested by sets of
/// levels. The same key gives the same bits with any number of threads.
public struct Boosting: Estimator, Hashable {
  /// The loss; nil means squared error for regression and log loss for classification.
  public var objective: Objective?
  /// The largest number of rounds, at least 1; softmax grows one tree per class and round.
  public var trees: Int
  /// The largest number of leaves per tree, at least 2.
  public var leaves: Int
  /// The largest number of tests from root to leaf, at least 1; nil means no limit.
  public var depthLimit: Int?
  /// Bins for values per feature, 2 ... 255.
  public var bins: Int
  /// What leaf values are multiplied by, above 0 and at most 1.
  public var learningRate: Double
  /// L1 penalty of leaf values, not below 0.
  public var l1: Double
  /// L2 penalty of leaf values, not below 0.
  public var l2: Double
  /// The largest leaf value before it is multiplied by the learning rate, above 0; nil means 5 for log loss and no bound
  /// for other losses. A leaf of rare events asks for a step of one over their share, in which every other row of the leaf
  /// is carried past what later trees can mend.
  public var maximumStep: Double?
  /// What a test must gain, not below 0.
  public var minimumGain: Double
  /// The hessian (for squared error: the weight) that each child must have, not below 0.
  public var minimumChildWeight: Double
  /// The rows that each child must have, at least 1; counted exactly.
  public var minimumChildRows: Int
  /// The share of rows drawn for each round without replacement, above 0 and at most 1.
  public var rowShare: Double
  /// The share of features drawn for each tree, above 0 and at most 1.
  public var columnShare: Double
  /// The share of the tree's features drawn for each node, above 0 and at most 1.
  public var columnShareByNode: Double
  /// 1 or -1 for numeric features, by name, whose growth may only raise or only lower the prediction.
  public var monotone: [String: Int]
  /// Rounds without improvement on the context's validation data after which boosting stops and returns to the best
  /// round; nil means it never does.
  public var earlyStoppingRounds: Int?
  /// Up to so many levels are tried one against the rest; more are sorted by their mean gradient.
  public var categoricalOneAgainstRest: Int
  /// Rows' worth of hessian that pull a level's mean gradient to 0 when levels are sorted, not below 0.
  public var categoricalSmoothing: Double
  /// L2 penalty added in tests of sorted levels, not below 0.
  public var categoricalL2: Double
  /// The most levels on the smaller side of a test of sorted levels, at least 1.
  public var categoricalLevelLimit: Int

  /// Creates settings.
  public init(
    objective: Objective? = nil, trees: Int = 100, leaves: Int = 31, depthLimit: Int? = nil, bins: Int = 255,
    learningRate: Double = 0.1, l1: Double = 0, l2: Double = 0, maximumStep: Double? = nil, minimumGain: Double = 0,
    minimumChildWeight: Double = 1e-3, minimumChildRows: Int = 20, rowShare: Double = 1, columnShare: Double = 1,
    columnShareByNode: Double = 1, monotone: [String: Int] = [:], earlyStoppingRounds: Int? = 50,
    categoricalOneAgainstRest: Int = 4, categoricalSmoothing: Double = 10, categoricalL2: Double = 10,
    categoricalLevelLimit: Int = 32
  ) {
    self.objective = objective
    self.trees = trees
    self.leaves = leaves
    self.depthLimit = depthLimit
    self.bins = bins
    self.learningRate = learningRate
    self.l1 = l1
    self.l2 = l2
    self.maximumStep = maximumStep
    self.minimumGain = minimumGain
    self.minimumChildWeight = minimumChildWeight
    self.minimumChildRows = minimumChildRows
    self.rowShare = rowShare
    self.columnShare = columnShare
    self.columnShareByNode = columnShareByNode
    self.monotone = monotone
    self.earlyStoppingRounds = earlyStoppingRounds
    self.categoricalOneAgainstRest = categoricalOneAgainstRest
    self.categoricalSmoothing = categoricalSmoothing
    self.categoricalL2 = categoricalL2
    self.categoricalLevelLimit = categoricalLevelLimit
  }

  /// Grows trees; the model is a `TreeEnsemble`.
  ///
  /// Rows of weight 0 take no part. The deadline keeps the trees grown so far, at least those of one round.
  public func fit(_ data: TrainingData, context: FitContext) throws -> any Model {
    try check(data)
    try data.checkLearnable()
    let binned = BinnedFeatures(
      data.features, maximumBins: bins, key: context.key["bins"], threads: context.threads)
    return try fit(data, binned: binned, context: context)
  }

  /// Grows trees on features that are binned already; `binned` must come from the features of `data`, whose labels and
  /// weights must be fit to learn from.
  public func fit(_ data: TrainingData, binned: BinnedFeatures, context: FitContext) throws -> TreeEnsemble {
    try check(data)
    precondition(
      binned.rowCount == data.rowCount && binned.featureCount == data.features.featureCount,
      "Boosting: bins of \(binned.rowCount) x \(binned.featureCount), data of "
        + "\(data.rowCount) x \(data.features.featureCount)")
    let prepared = BinnedTrainingData(
      binned: binned, features: data.features.features, task: data.task,
      target: BoostingTarget(data, objective: objective(for: data.task)))
    return try BoostingRun(self, data: prepared, context: context).model()
  }

  /// Grows trees on features that were binned piece by piece; the objective must be the one that the data are for.
  public func fit(_ data: BinnedTrainingData, context: FitContext) throws -> TreeEnsemble {
    try checkSettings()
    precondition(objective(for: data.task) == data.target.objective, "Boosting: the data are for another objective")
    return try BoostingRun(self, data: data, context: context).model()
  }

  /// The objective for a task.
  func objective(for task: LearningTask) -> Objective { objective ?? .standard(for: task) }

  /// The rules for growing trees.
  func growthRules(_ features: [Feature], objective: Objective) -> GrowthRules {
    var rules = GrowthRules()
    rules.leaves = leaves
    rules.depthLimit = depthLimit
    rules.l1 = l1
    rules.l2 = l2
    rules.valueLimit = maximumStep ?? objective.usualStepLimit
    rules.minimumGain = minimumGain
    rules.minimumHessian = minimumChildWeight
    rules.minimumRows = minimumChildRows
    rules.columnShareByNode = columnShareByNode
    if !monotone.isEmpty { rules.monotone = features.map { Int32(monotone[$0.name] ?? 0) } }
    rules.oneAgainstRest = categoricalOneAgainstRest
    rules.levelSmoothing = categoricalSmoothing
    rules.levelL2 = categoricalL2
    rules.levelLimit = categoricalLevelLimit
    return rules
  }
}
