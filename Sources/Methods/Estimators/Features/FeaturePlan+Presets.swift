import Basics

extension FeaturePlan {
  /// For trees: levels as codes, statistics of the target and frequencies for columns with many levels, dates as parts,
  /// the most informative terms, no scaling, missing stays missing.
  public static let trees: FeaturePlan = {
    var plan = FeaturePlan()
    plan.categories.rareBelow = 3
    plan.categories.statisticsAbove = 20
    plan.categories.frequencyAbove = 20
    plan.texts.informativeTerms = 128
    plan.texts.normalised = false
    plan.texts.components = 16
    return plan
  }()

  /// For linear models: sparse indicators, standardised amounts, median imputation with flags, cyclic dates, TF-IDF.
  public static let linear: FeaturePlan = {
    var plan = FeaturePlan()
    plan.numbers.scaling = .standard
    plan.numbers.imputation = .median
    plan.numbers.missingFlags = true
    plan.numbers.clippedShare = 0.0005
    plan.numbers.categoriesUpTo = 12
    plan.categories.rareBelow = 5
    plan.categories.oneHotUpTo = 1_000
    plan.categories.codesUpTo = 0
    plan.categories.statisticsAbove = 50
    plan.dates.parts = [.year, .weekend, .daysSinceFirst]
    plan.dates.cyclic = true
    return plan
  }()

  /// For distances: few dense columns of equal scale, text as a few components.
  public static let neighbours: FeaturePlan = {
    var plan = FeaturePlan()
    plan.numbers.scaling = .quantileNormal
    plan.numbers.imputation = .median
    plan.categories.rareBelow = 5
    plan.categories.oneHotUpTo = 10
    plan.categories.codesUpTo = 0
    plan.categories.statisticsAbove = 10
    plan.dates.parts = [.daysSinceFirst]
    plan.dates.cyclic = true
    plan.dates.differences = false
    plan.texts.terms = .none
    plan.texts.components = 16
    plan.texts.statistics = false
    plan.sparse = false
    return plan
  }()

  /// For detectors of unusual rows, which know no target: amounts as they are, levels as codes or, where there are many, by
  /// how frequent they are; of texts their length and the like.
  public static let anomalies: FeaturePlan = {
    var plan = FeaturePlan()
    plan.categories.rareBelow = 5
    plan.categories.codesUpTo = 32
    plan.categories.frequencyAbove = 32
    plan.dates.parts = [.weekend, .hour]
    plan.texts.terms = .none
    plan.sparse = false
    return plan
  }()

  /// For networks that read windows: every number as it is, those that do not vary too, for a window must be whole.
  public static let windows: FeaturePlan = {
    var plan = FeaturePlan()
    plan.numbers.keepsConstants = true
    plan.sparse = false
    return plan
  }()

  /// For neural networks: normally distributed amounts with flags, dense indicators, text as components.
  public static let network: FeaturePlan = {
    var plan = FeaturePlan()
    plan.numbers.scaling = .quantileNormal
    plan.numbers.imputation = .median
    plan.numbers.missingFlags = true
    plan.categories.rareBelow = 5
    plan.categories.oneHotUpTo = 50
    plan.categories.codesUpTo = 0
    plan.categories.statisticsAbove = 20
    plan.categories.frequencyAbove = 50
    plan.dates.parts = [.year, .weekend, .daysSinceFirst]
    plan.dates.cyclic = true
    plan.texts.terms = .none
    plan.texts.components = 64
    plan.sparse = false
    return plan
  }()

  /// Checks every setting against its documented range.
  func check() throws {
    func require(_ holds: Bool, _ setting: String, _ range: String) throws {
      if !holds { throw AssayError(.configuration, "\(setting) must be \(range)", at: "feature plan") }
    }
    try require((0..<0.5).contains(numbers.clippedShare), "numbers.clippedShare", "at least 0 and below 0.5")
    if case .constant(let value) = numbers.imputation {
      try require(value.isFinite, "numbers.imputation", "a finite number")
    }
    try require(numbers.categoriesUpTo >= 0, "numbers.categoriesUpTo", "at least 0")
    try require(categories.rareBelow >= 1, "categories.rareBelow", "at least 1")
    try require(categories.levelLimit >= 1, "categories.levelLimit", "at least 1")
    try require(categories.oneHotUpTo >= 0, "categories.oneHotUpTo", "at least 0")
    try require(categories.codesUpTo >= 0, "categories.codesUpTo", "at least 0")
    try require(
      categories.smoothing > 0 && categories.smoothing.isFinite, "categories.smoothing", "above 0 and finite")
    try require(categories.statisticClassLimit >= 1, "categories.statisticClassLimit", "at least 1")
    if case .outOfFold(let folds) = categories.statistics {
      try require((2...100).contains(folds), "categories.statistics folds", "2 to 100")
    }
    try require((1...3).contains(texts.longestWordRun), "texts.longestWordRun", "1 to 3")
    if let runs = texts.characterRuns {
      try require(runs.lowerBound >= 1 && runs.upperBound <= 8, "texts.characterRuns", "within 1 to 8")
    }
    try require(texts.minimumDocuments >= 1, "texts.minimumDocuments", "at least 1")
    try require(
      texts.maximumDocumentShare > 0 && texts.maximumDocumentShare <= 1, "texts.maximumDocumentShare",
      "above 0 and at most 1")
    try require(texts.vocabularyLimit >= 1, "texts.vocabularyLimit", "at least 1")
    try require(texts.informativeTerms.map { $0 >= 1 } ?? true, "texts.informativeTerms", "at least 1")
    try require((4...22).contains(texts.hashBits), "texts.hashBits", "4 to 22")
    try require((0...1_000).contains(texts.components), "texts.components", "0 to 1000")
    try require((0...50).contains(interactions.numberColumns), "interactions.numberColumns", "0 to 50")
    try require((0...20).contains(interactions.categoryColumns), "interactions.categoryColumns", "0 to 20")
  }
}
