import Basics
import Evaluation

/// Checks of settings and data that boosting and forests share.
enum SettingChecks {
  /// Throws a configuration error unless a setting is in its range.
  static func require(_ holds: Bool, _ name: String, _ range: String) throws {
    if !holds { throw AssayError(.configuration, "\(name) must be \(range)", at: name) }
  }

  static func share(_ value: Double, _ name: String) throws {
    try require(value > 0 && value <= 1, name, "above 0 and at most 1")
  }

  static func notNegative(_ value: Double, _ name: String) throws {
    try require(value >= 0 && value.isFinite, name, "a number not below 0")
  }

  /// Throws a data error for what no tree can be learned from.
  static func data(_ data: TrainingData) throws {
    if data.rowCount == 0 { throw AssayError(.data, "there are no rows to learn from") }
    if data.rowCount >= 1 << 31 {
      throw AssayError(.data, "there are \(data.rowCount) rows, trees take at most \((1 << 31) - 1)")
    }
    if data.features.featureCount == 0 { throw AssayError(.data, "there are no features to learn from") }
    if let row = data.labels.firstIndex(where: { !$0.isFinite }) {
      throw AssayError(.data, "the label of row \(row + 1) is missing or infinite", remedy: "leave such rows out")
    }
    if case .classification(let classes) = data.task {
      if classes.count < 2 { throw AssayError(.data, "a classification needs two classes or more") }
      if data.labels.contains(where: { $0 < 0 || $0 >= Double(classes.count) || $0 != $0.rounded() }) {
        throw AssayError(.data, "a label is not the index of one of the \(classes.count) classes")
      }
    }
    if let row = data.weights?.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw AssayError(.data, "the weight of row \(row + 1) is not a positive number")
    }
  }
}

extension Boosting {
  /// Throws for settings out of range and data that do not fit the objective.
  func check(_ data: TrainingData) throws {
    try SettingChecks.require(trees >= 1, "trees", "at least 1")
    try SettingChecks.require(leaves >= 2, "leaves", "at least 2")
    try SettingChecks.require(depthLimit ?? 1 >= 1, "depthLimit", "at least 1")
    try SettingChecks.require((2...255).contains(bins), "bins", "2 to 255")
    try SettingChecks.share(learningRate, "learningRate")
    try SettingChecks.notNegative(l1, "l1")
    try SettingChecks.notNegative(l2, "l2")
    try SettingChecks.notNegative(minimumGain, "minimumGain")
    try SettingChecks.notNegative(minimumChildWeight, "minimumChildWeight")
    try SettingChecks.require(minimumChildRows >= 1, "minimumChildRows", "at least 1")
    try SettingChecks.share(rowShare, "rowShare")
    try SettingChecks.share(columnShare, "columnShare")
    try SettingChecks.share(columnShareByNode, "columnShareByNode")
    try SettingChecks.require(earlyStoppingRounds ?? 1 >= 1, "earlyStoppingRounds", "at least 1")
    try SettingChecks.require(categoricalOneAgainstRest >= 0, "categoricalOneAgainstRest", "not below 0")
    try SettingChecks.notNegative(categoricalSmoothing, "categoricalSmoothing")
    try SettingChecks.notNegative(categoricalL2, "categoricalL2")
    try SettingChecks.require(categoricalLevelLimit >= 1, "categoricalLevelLimit", "at least 1")
    try SettingChecks.data(data)
    try checkMonotone(data.features)
    try checkObjective(data)
  }

  private func checkMonotone(_ features: FeatureMatrix) throws {
    for (name, sign) in monotone.sorted(by: { $0.key < $1.key }) {
      try SettingChecks.require((-1...1).contains(sign), "monotone", "-1, 0 or 1 for \(name)")
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
    switch objective {
    case .logistic: try SettingChecks.require(classes == 2, "objective", "another: logistic is for two classes")
    case .softmax: try SettingChecks.require(classes >= 2, "objective", "another: softmax is for classes")
    default: try SettingChecks.require(classes == 0, "objective", "logistic or softmax for classes")
    }
    switch objective {
    case .quantile(let level): try SettingChecks.require(level > 0 && level < 1, "quantile level", "above 0, below 1")
    case .huber(let delta): try SettingChecks.require(delta > 0 && delta.isFinite, "Huber delta", "above 0")
    case .tweedie(let power): try SettingChecks.require(power > 1 && power < 2, "Tweedie power", "above 1, below 2")
    case .lambdaRank(let truncation):
      try SettingChecks.require(truncation >= 1, "LambdaRank truncation", "at least 1")
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
