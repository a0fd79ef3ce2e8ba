import Basics
import Evaluation
import Tables

/// How predictions move when one column is set to each of its values in all rows: the mean (partial dependence,
/// Friedman 2001) and single rows (individual conditional expectation, Goldstein et al. 2015).
public struct PartialDependence: Sendable {
  /// What is predicted.
  public var task: LearningTask
  /// The source of the rows drawn.
  public var key: RandomKey
  /// The most rows averaged over.
  public var rowLimit: Int
  /// The most values of a number.
  public var points: Int
  /// The single rows kept.
  public var singleRows: Int

  /// Creates a measurement.
  public init(task: LearningTask, key: RandomKey, rowLimit: Int = 400, points: Int = 24, singleRows: Int = 24) {
    precondition(points >= 2, "PartialDependence: \(points) points")
    self.task = task
    self.key = key
    self.rowLimit = rowLimit
    self.points = points
    self.singleRows = singleRows
  }

  /// The effect of a column; nil for free text and constant columns.
  ///
  /// Two classes: the probability of the second; more: of the class that moves most; else the predicted number. One
  /// prediction of rows times values.
  public func effect(of name: String, table: Table, predict: Predictor) throws -> ExplanationSummary.Effect? {
    let column = try table.column(name)
    guard table.rowCount > 0, let grid = EffectGrid(column, points: points, levels: 12) else { return nil }
    let rows = sampledRows(table.rowCount, limit: rowLimit, key: key["effect"])
    let values = grid.positions.count
    // Each row once per value, the values of a row together.
    let spread = table.selecting(rows: rows.flatMap { Array(repeating: $0, count: values) })
    let tiled = grid.column.selecting(rows: rows.flatMap { _ in Array(0..<values) })
    let predictions = try predict(spread.setting(tiled))
    let means = (0..<predictions.width).map { output in
      (0..<values).map { value in
        rows.indices.reduce(0) { $0 + predictions[$1 * values + value, output] } / Double(rows.count)
      }
    }
    let output = shownOutput(means)
    return ExplanationSummary.Effect(
      column: name, output: task.width > 1 ? task.classes[output] : "", levels: grid.levels,
      mean: Curve("mean", x: grid.positions, y: means[output]),
      rows: rows.indices.prefix(singleRows).map { row in
        (0..<values).map { predictions[row * values + $0, output] }
      }, density: grid.density)
  }

  /// The effects of columns in this order, until the deadline passes.
  public func effects(
    of columns: [String], table: Table, deadline: Deadline = .never, predict: Predictor
  ) throws -> [ExplanationSummary.Effect] {
    var result: [ExplanationSummary.Effect] = []
    for name in columns where !deadline.hasPassed {
      if let effect = try effect(of: name, table: table, predict: predict) { result.append(effect) }
    }
    return result
  }

  private func shownOutput(_ means: [[Double]]) -> Int {
    if task.width <= 2 { return task.width - 1 }
    func range(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }
    return means.indices.max { range(means[$0]) < range(means[$1]) } ?? 0
  }
}
