import Evaluation

/// A rule on one feature with a prediction per branch.
public struct StumpModel: Model, Hashable {
  /// The name in bundles.
  public static let kind = "one-rule"

  /// What the model predicts.
  public let task: LearningTask
  /// The position of the feature it looks at; nil if no feature tells anything.
  public let feature: Int?
  /// The rule in words, for example `age < 31.5`.
  public let rule: String
  private let split: RuleSearch.Rule?
  /// The predictions of the first side, the second side, missing, and levels not seen; `task.width` numbers each.
  private let branches: [[Double]]

  init(task: LearningTask, candidate: RuleSearch.Candidate?, search: RuleSearch, smoothing: Double) {
    self.task = task
    feature = candidate?.feature
    split = candidate?.rule
    let average = search.all.labels.map { $0 / search.all.weight }
    func prediction(_ sums: RuleSearch.Sums) -> [Double] {
      let isClasses = search.outputs > 1
      // Sums found by subtraction may be a rounding error below zero.
      let labels = isClasses ? sums.labels.map { max($0, 0) } : sums.labels
      let weight = isClasses ? labels.reduce(0, +) : sums.weight
      guard weight > 1e-12 * search.all.weight else { return average.map { $0 + search.centre } }
      return labels.indices.map {
        (labels[$0] + smoothing * average[$0]) / (weight + smoothing) + search.centre
      }
    }
    branches =
      (candidate?.branches ?? [search.all, search.all, search.all]).map(prediction) + [
        average.map { $0 + search.centre }
      ]
    let name = candidate.map { search.data.features.features[$0.feature].name } ?? ""
    switch candidate?.rule {
    case .threshold(let threshold): rule = "\(name) < \(threshold)"
    case .levels(let first, _): rule = "\(name) is level " + first.map(String.init).joined(separator: ", ")
    case nil: rule = "no feature tells anything"
    }
  }

  /// Predicts every row.
  public func predict(_ features: FeatureMatrix, threads: Int) -> Predictions {
    let width = task.width
    var result: [Double] = []
    result.reserveCapacity(features.rowCount * width)
    guard let feature, let split else {
      for _ in 0..<features.rowCount { result.append(contentsOf: branches[3]) }
      return Predictions(result, width: width)
    }
    var branchOfLevel: [Int: Int] = [:]
    if case .levels(let first, let second) = split {
      for level in first { branchOfLevel[level] = 0 }
      for level in second { branchOfLevel[level] = 1 }
    }
    for value in features.columns[feature].densified(rowCount: features.rowCount) {
      let branch: Int
      if value.isNaN {
        branch = 2
      } else if case .threshold(let threshold) = split {
        branch = value < threshold ? 0 : 1
      } else {
        branch = levelCode(value, levels: .max).flatMap { branchOfLevel[$0] } ?? 3
      }
      result.append(contentsOf: branches[branch])
    }
    return Predictions(result, width: width)
  }
}
