import Tables

/// What the guard looks at: the rows to learn from, the rows to measure on, and what is known about their division.
public struct GuardedData: Sendable {
  /// The columns of the rows learned from, without the target and without what the user excluded.
  public var training: Table
  /// The labels of the training rows; class indices for classification.
  public var labels: [Double]
  /// What is predicted.
  public var task: LearningTask
  /// The name of the target column, for the words of findings.
  public var target: String
  /// The same columns of the rows measured on; nil if there are none yet.
  public var test: Table?
  /// The column that the split is by in time, as declared.
  public var timeColumn: String?
  /// The column that names the entity of a row, as declared.
  public var entityColumn: String?
  /// Whether rows were divided at random, without regard to time or entity.
  public var isRandomSplit: Bool

  /// Creates the input of the guard; one label per training row.
  public init(
    training: Table, labels: [Double], task: LearningTask, target: String, test: Table? = nil,
    timeColumn: String? = nil, entityColumn: String? = nil, isRandomSplit: Bool = true
  ) {
    precondition(labels.count == training.rowCount, "GuardedData: \(labels.count) labels, \(training.rowCount) rows")
    self.training = training
    self.labels = labels
    self.task = task
    self.target = target
    self.test = test
    self.timeColumn = timeColumn
    self.entityColumn = entityColumn
    self.isRandomSplit = isRandomSplit
  }

  /// Creates the input from one table with the target in it and a fold of its rows.
  public init(
    table: Table, target: String, labels: [Double], task: LearningTask, fold: Fold, timeColumn: String? = nil,
    entityColumn: String? = nil, isRandomSplit: Bool = true
  ) {
    let features = table.removing(columns: [target])
    self.init(
      training: features.selecting(rows: fold.training), labels: fold.training.map { labels[$0] }, task: task,
      target: target, test: features.selecting(rows: fold.test), timeColumn: timeColumn, entityColumn: entityColumn,
      isRandomSplit: isRandomSplit)
  }
}
