import Evaluation
import Tables

/// Rows on which decisions are chosen or measured: validation data or test data.
public struct DecisionData: Sendable {
  /// The columns that the value and today's rule mention.
  public var table: Table
  /// The true labels: numbers, or indices of classes; one per row.
  public var labels: [Double]
  /// Calibrated predictions made without knowledge of these labels; one row per row.
  public var predictions: Predictions
  /// The share of all rows of each period that is here, 1 unless the rows are a random sample. A capacity that holds for all
  /// rows is scaled by it: with 100 a day, a test sample of a fifth of each day's rows can use 20 a day.
  public var share: Double

  /// Creates data; table, labels and predictions must have equal numbers of rows, `share` must be in (0, 1].
  public init(table: Table, labels: [Double], predictions: Predictions, share: Double = 1) {
    precondition(
      table.rowCount == labels.count && labels.count == predictions.rowCount,
      "DecisionData: \(table.rowCount) rows, \(labels.count) labels, \(predictions.rowCount) predictions")
    precondition(share > 0 && share <= 1, "DecisionData: the share \(share) is not in (0, 1]")
    self.table = table
    self.labels = labels
    self.predictions = predictions
    self.share = share
  }

  /// The number of rows.
  public var rowCount: Int { labels.count }
}
