import Evaluation

/// Features with the labels to learn.
public struct TrainingData: Sendable {
  /// The features.
  public var features: FeatureMatrix
  /// What is predicted.
  public var task: LearningTask
  /// One label per row: the number, or the index of the class.
  public var labels: [Double]
  /// One positive weight per row; nil means all 1.
  public var weights: [Double]?
  /// For ranking: the query of each row, rows of a query next to each other; nil otherwise.
  public var groups: [Int]?

  /// Creates training data; labels, weights and groups must have one entry per row.
  public init(
    features: FeatureMatrix, task: LearningTask, labels: [Double], weights: [Double]? = nil, groups: [Int]? = nil
  ) {
    precondition(labels.count == features.rowCount, "TrainingData: \(labels.count) labels, \(features.rowCount) rows")
    precondition(weights == nil || weights!.count == labels.count, "TrainingData: one weight per row")
    precondition(groups == nil || groups!.count == labels.count, "TrainingData: one group per row")
    self.features = features
    self.task = task
    self.labels = labels
    self.weights = weights
    self.groups = groups
  }

  /// The number of rows.
  public var rowCount: Int { labels.count }

  /// The data with only these rows, in this order.
  public func selecting(rows: [Int]) -> TrainingData {
    TrainingData(
      features: features.selecting(rows: rows), task: task, labels: rows.map { labels[$0] },
      weights: weights.map { weights in rows.map { weights[$0] } },
      groups: groups.map { groups in rows.map { groups[$0] } })
  }
}
