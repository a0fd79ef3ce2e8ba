import Estimators
import Evaluation
import Foundation
import Tables

/// How much a column moved one prediction, on the scale on which contributions add up (log-odds for classes).
public struct ColumnContribution: Sendable, Hashable, Codable {
  /// The column.
  public var column: String
  /// What it added.
  public var amount: Double

  /// Creates a contribution.
  public init(column: String, amount: Double) {
    self.column = column
    self.amount = amount
  }
}

extension Contributions {
  /// The contributions to a row's output, summed over the features that were made from one column.
  public func byColumn(row: Int, output: Int = 0, features: [Feature]) -> [ColumnContribution] {
    precondition(features.count == featureCount, "byColumn: \(features.count) features, not \(featureCount)")
    var order: [String] = []
    var sums: [String: Double] = [:]
    for (index, feature) in features.enumerated() {
      if sums[feature.source] == nil { order.append(feature.source) }
      sums[feature.source, default: 0] += self[row, output, index]
    }
    return order.compactMap { name in sums[name].map { ColumnContribution(column: name, amount: $0) } }
  }
}

/// One sentence per row that says what was predicted and why.
public struct ReasonSentence: Sendable {
  /// What is predicted.
  public var task: LearningTask
  /// The name of the target column, for predicted numbers.
  public var target: String
  /// The most reasons for, and against.
  public var limit: Int
  /// Where the numbers of columns usually lie, by column; a number without a range is told without comparison.
  public var usual: [String: UsualRange]

  /// Creates a writer of sentences.
  public init(task: LearningTask, target: String, limit: Int = 3, usual: [String: UsualRange] = [:]) {
    self.task = task
    self.target = target
    self.limit = limit
    self.usual = usual
  }

  /// The output that is spoken of: the positive class of two, the most probable of more, the number.
  public func output(_ predictions: Predictions, row: Int) -> Int {
    task.width > 2 ? predictions.mostProbable(row) : task.width - 1
  }

  /// The prediction in words: "churn 0.83", "price 231,000".
  public func prediction(_ predictions: Predictions, row: Int) -> String {
    if task.width == 1 { return "\(target) \(shownNumber(predictions[row, 0]))" }
    let output = output(predictions, row: row)
    let name = task.classes[output]
    // A class that is a number would run into its probability.
    return "\(Double(name) == nil ? name : "\"\(name)\"") \(shownProbability(predictions[row, output]))"
  }

  /// The sentence: "predicted churn 0.83, mostly because contract = monthly (+0.9), tenure = 2 (unusually low, usual 8
  /// to 40; +0.5); against it: age = 61 (high, usual 30 to 52; -0.2)".
  ///
  /// Reasons are the columns that moved the prediction the way it went from the base; those that moved it back stand
  /// against it. What is below a twentieth of the largest is left out.
  public func sentence(
    predictions: Predictions, row: Int, table: Table, contributions: [ColumnContribution]
  ) -> String {
    let opening = "predicted \(prediction(predictions, row: row))"
    let direction = contributions.reduce(0) { $0 + $1.amount } >= 0 ? 1.0 : -1.0
    let largest = contributions.map(\.amount.magnitude).max() ?? 0
    let told = contributions.filter { $0.amount.magnitude >= 0.05 * largest && $0.amount != 0 }
      .sorted { ($1.amount.magnitude, $0.column) < ($0.amount.magnitude, $1.column) }
    let reasons = told.filter { $0.amount * direction > 0 }.prefix(limit).map { words($0, table, row) }
    let against = told.filter { $0.amount * direction < 0 }.prefix(limit).map { words($0, table, row) }
    var text = opening
    if reasons.isEmpty { text += ", as no column tells much" }
    if !reasons.isEmpty { text += ", mostly because \(reasons.joined(separator: ", "))" }
    if !against.isEmpty { text += "; against it: \(against.joined(separator: ", "))" }
    return text
  }

  private func words(_ contribution: ColumnContribution, _ table: Table, _ row: Int) -> String {
    let column = table[contribution.column]
    let value = column.map { $0.isMissing(row) ? " is missing" : " = \($0.shown(row))" } ?? ""
    let amount = contribution.amount
    let size =
      amount.magnitude >= 100
      ? (amount < 0 ? "-" : "+") + shownNumber(amount.magnitude.rounded())
      : amount.magnitude >= 0.095 ? String(format: "%+.1f", amount) : String(format: "%+.2g", amount)
    // A number says nothing to a reader who does not know what is usual.
    let number = column.flatMap { ranges($0) ? $0.selecting(rows: [row]).numbers().first : nil }
    let comparison = number.flatMap { usual[contribution.column]?.words(for: $0) } ?? ""
    return "\(contribution.column)\(value) (\(comparison.isEmpty ? "" : comparison + "; ")\(size))"
  }

  /// Whether a column's values can be high or low.
  private func ranges(_ column: Column) -> Bool { column.kind == .integer || column.kind == .float }
}
