import Basics
import Evaluation

/// Checks of settings and data that boosting and forests share.
enum SettingChecks {
  static func share(_ value: Double, _ name: String) throws {
    try require(value > 0 && value <= 1, name, value, "above 0 and at most 1")
  }

  static func notNegative(_ value: Double, _ name: String) throws {
    try require(value >= 0 && value.isFinite, name, value, "a number not below 0")
  }

  static func atLeast(_ least: Int, _ value: Int, _ name: String) throws {
    try require(value >= least, name, value, "at least \(least)")
  }

  static func bins(_ value: Int) throws { try require((2...255).contains(value), "bins", value, "2 to 255") }

  /// Throws for more rows than trees can number.
  static func size(_ data: TrainingData) throws {
    if data.rowCount >= 1 << 31 {
      throw AssayError(
        .data, "there are \(data.rowCount) rows, trees take at most \((1 << 31) - 1)", remedy: "take a sample")
    }
  }
}

extension Boosting {
  /// Throws for settings out of range and data that do not fit the objective.
  func check(_ data: TrainingData) throws {
    try checkSettings()
    try SettingChecks.size(data)
    try checkMonotone(data.features)
    try checkObjective(data)
  }

  /// Throws for settings out of range.
  func checkSettings() throws {
    try SettingChecks.atLeast(1, trees, "trees")
    try SettingChecks.atLeast(2, leaves, "leaves")
    try SettingChecks.atLeast(1, depthLimit ?? 1, "depthLimit")
    try SettingChecks.bins(bins)
    try SettingChecks.share(learningRate, "learningRate")
    try SettingChecks.notNegative(l1, "l1")
    try SettingChecks.notNegative(l2, "l2")
    if let maximumStep { try require(maximumStep > 0, "maximumStep", maximumStep, "above 0") }
    try SettingChecks.notNegative(minimumGain, "minimumGain")
    try SettingChecks.notNegative(minimumChildWeight, "minimumChildWeight")
    try SettingChecks.atLeast(1, minimumChildRows, "minimumChildRows")
    try SettingChecks.share(rowShare, "rowShare")
    try SettingChecks.share(columnShare, "columnShare")
    try SettingChecks.share(columnShareByNode, "columnShareByNode")
    try SettingChecks.atLeast(1, earlyStoppingRounds ?? 1, "earlyStoppingRounds")
    try SettingChecks.atLeast(0, categoricalOneAgainstRest, "categoricalOneAgainstRest")
    try SettingChecks.notNegative(categoricalSmoothing, "categoricalSmoothing")
    try SettingChecks.notNegative(categoricalL2, "categoricalL2")
    try SettingChecks.atLeast(1, categoricalLevelLimit, "categoricalLevelLimit")
  }

  private func checkMonotone(_ features: FeatureMatrix) throws {
    for (name, sign) in monotone.sorted(by: { $0.key < $1.key }) {
      try require((-1...1).contains(sign), "monotone for \(name)", sign, "-1, 0 or 1")
      guard let feature = features.features.first(where: { $0.name == name }) else {
        throw AssayError(.configuration, "there is no feature \(name) to keep monotone", at: "monotone")
      }
      if feature.kind != .numeric {
        throw AssayError(.configuration, "\(name) is categorical and has no order to keep", at: "monotone")
      }
    }
  }

  private func checkObjective(_ data: TrainingData) throws {
    let objective = objective(for: data.task)
    let classes = data.task.classes.count
    let suits =
      switch objective {
      case .logistic: classes == 2
      case .softmax: classes >= 2
      default: classes == 0
      }
    if !suits {
      throw AssayError(
        .configuration, "the objective \(objective) does not suit \(classes == 0 ? "numbers" : "\(classes) classes")",
        at: "objective", remedy: "leave the objective out to have one chosen for the task")
    }
    switch objective {
    case .quantile(let level): try require(level > 0 && level < 1, "the quantile level", level, "above 0, below 1")
    case .huber(let delta): try require(delta > 0 && delta.isFinite, "Huber's delta", delta, "above 0")
    case .tweedie(let power): try require(power > 1 && power < 2, "Tweedie's power", power, "above 1, below 2")
    case .lambdaRank(let truncation):
      try SettingChecks.atLeast(1, truncation, "LambdaRank's truncation")
      if data.groups == nil { throw AssayError(.data, "ranking needs the query of each row") }
      if data.labels.contains(where: { $0 < 0 || $0 > 30 || $0 != $0.rounded() }) {
        throw AssayError(.data, "a grade for ranking is not one of 0, 1, ... 30")
      }
    default: break
    }
    switch objective {
    case .poisson, .tweedie:
      if let row = data.labels.firstIndex(where: { $0 < 0 }) {
        throw AssayError(.data, "the label of row \(row + 1) is below 0", remedy: "choose another objective")
      }
    default: break
    }
  }
}
