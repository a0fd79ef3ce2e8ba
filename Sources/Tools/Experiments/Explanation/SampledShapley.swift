import Basics
import Evaluation
import Foundation
import Tables

/// How much each column moved single predictions, for any model: Shapley values by sampling (Štrumbelj and Kononenko
/// 2014).
///
/// The way from a background row to the explained row is walked column by column in random orders; what a step changes
/// is the column's. Contributions add up exactly to the prediction minus the mean of the background rows walked from.
/// Cost per row: `orders` times (columns + 1) predictions; a model that knows its own contributions is far quicker.
public struct SampledShapley: Sendable {
  /// What is predicted.
  public var task: LearningTask
  /// The source of orders and background rows.
  public var key: RandomKey
  /// The orders per row.
  public var orders: Int

  /// Creates a measurement.
  public init(task: LearningTask, key: RandomKey, orders: Int = 16) {
    precondition(orders >= 1, "SampledShapley: \(orders) orders")
    self.task = task
    self.key = key
    self.orders = orders
  }

  /// The contributions of columns to a row's predicted output, on the scale of log-odds for classes.
  ///
  /// - Parameters:
  ///   - output: the class; ignored for regression.
  ///   - columns: the columns to explain by; the others stay as they are in the row.
  ///   - background: rows like those learned from.
  public func contributions(
    row: Int, output: Int, columns: [String], table: Table, background: Table, predict: Predictor
  ) throws -> [ColumnContribution] {
    guard background.rowCount > 0, !columns.isEmpty else { return [] }
    let steps = columns.count + 1
    var stream = key[row].stream()
    let starts = (0..<orders).map { _ in stream.integer(below: background.rowCount) }
    let walks = (0..<orders).map { _ in stream.permutation(of: columns.count) }
    var walked = table.selecting(rows: Array(repeating: row, count: orders * steps))
    for (position, name) in columns.enumerated() {
      // Rows 0 ..< orders of the joined column are background rows, the last one is the explained row.
      let joined = try background.column(name).selecting(rows: starts).appending(table.column(name), row: row)
      let picks = walks.indices.flatMap { walk -> [Int] in
        let turn = walks[walk].firstIndex(of: position) ?? 0
        return (0..<steps).map { $0 > turn ? orders : walk }
      }
      walked = try walked.setting(joined.selecting(rows: picks))
    }
    let predictions = try predict(walked)
    let margins = (0..<predictions.rowCount).map { margin(predictions, $0, output) }
    var amounts = [Double](repeating: 0, count: columns.count)
    for walk in walks.indices {
      for (turn, position) in walks[walk].enumerated() {
        amounts[position] += (margins[walk * steps + turn + 1] - margins[walk * steps + turn]) / Double(orders)
      }
    }
    return zip(columns, amounts).map { ColumnContribution(column: $0, amount: $1) }
  }

  private func margin(_ predictions: Predictions, _ row: Int, _ output: Int) -> Double {
    if task.width == 1 { return predictions[row, 0] }
    let probability = min(1 - 1e-9, max(1e-9, predictions[row, output]))
    return log(probability / (1 - probability))
  }
}

extension Column {
  /// The column with one more row, taken from a column of the same kind; levels are matched by their names.
  func appending(_ other: Column, row: Int) throws -> Column {
    switch (values, other.values) {
    case (.integer(let a), .integer(let b)): return Column(name, .integer(a + [b[row]]))
    case (.float(let a), .float(let b)): return Column(name, .float(a + [b[row]]))
    case (.single(let a), .single(let b)): return Column(name, .single(a + [b[row]]))
    case (.boolean(let a), .boolean(let b)): return Column(name, .boolean(a + [b[row]]))
    case (.dateTime(let a), .dateTime(let b)): return Column(name, .dateTime(a + [b[row]]))
    case (.text(var a), .text(let b)):
      a.append(b[row])
      return Column(name, .text(a))
    case (.category(var a), .category(let b)):
      let level = b.codes[row] < 0 ? nil : b.levels[Int(b.codes[row])]
      var code: Int32 = -1
      if let level, let known = a.levels.firstIndex(of: level) {
        code = Int32(known)
      } else if let level {
        code = Int32(a.levels.count)
        a.levels.append(level)
      }
      a.codes.append(code)
      return Column(name, .category(a))
    default:
      throw AssayError(
        .schema, "the column is \(kind.rawValue) in one table and \(other.kind.rawValue) in the other",
        at: "column \"\(name)\"")
    }
  }
}
