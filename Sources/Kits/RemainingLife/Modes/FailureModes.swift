import Basics
import Estimators
import Evaluation
import Experiments
import Foundation
import Tables

/// In which way a unit will fail: one calibrated model for each failure mode, since a unit may fail in several ways at
/// once.
///
/// What they say together, the log-odds of a failure in any of them, is a column that the model of failures may lean on:
/// the modes tell apart what a single yes or no mixes.
public struct FailureModes: Sendable, Codable {
  /// One way to fail.
  struct Mode: Sendable, Codable {
    /// Its name.
    let name: String
    /// The failures that were learned from.
    let failures: Int
    /// Tells its probability; nil where it has too few failures to learn from.
    let model: ModelBundle?
    /// The share of rows that fail in this way, for want of a model.
    let share: Double
  }

  /// The ways to fail.
  var modes: [Mode]

  /// The failures of one mode that it takes to learn from.
  public static let fewest = 12

  /// The column of what they say together.
  public static let column = "all failure modes"

  /// Whether a unit fails, or fails in one way.
  public static let task = LearningTask.classification(classes: ["0", "1"])

  /// The names of the modes.
  public var names: [String] { modes.map(\.name) }

  /// Whether any mode could be learned.
  public var isLearned: Bool { modes.contains { $0.model != nil } }

  /// The probability of each mode for each row of a table: `[mode][row]`.
  ///
  /// - Throws: a `schema` error where the table lacks columns that were learned from.
  public func probabilities(_ table: Table, threads: Int) throws -> [[Double]] {
    try modes.map { mode in
      try mode.model?.predict(table, threads: threads).output(1)
        ?? Array(repeating: mode.share, count: table.rowCount)
    }
  }

  /// A table with the column of what the modes say together; as it is where none could be learned.
  ///
  /// - Throws: a `schema` error where the table lacks columns that were learned from.
  public func adding(to table: Table, threads: Int) throws -> Table {
    guard isLearned else { return table }
    let learned = FailureModes(modes: modes.filter { $0.model != nil })
    return try table.setting(Self.together(learned.probabilities(table, threads: threads)))
  }

  /// The log-odds of a failure in any of some modes, as if they were independent given the readings.
  static func together(_ probabilities: [[Double]]) -> Column {
    let rows = probabilities.first?.count ?? 0
    let values = (0..<rows).map { row -> Double in
      let none = probabilities.reduce(1.0) { $0 * (1 - $1[row]) }
      let bounded = min(1 - 1e-6, max(1e-6, none))
      return log((1 - bounded) / bounded)
    }
    return Column(column, .float(values))
  }

  /// The position of the most probable mode of a row; nil without modes.
  ///
  /// - Parameters:
  ///   - probabilities: `[mode][row]`.
  ///   - row: The row.
  public static func likeliest(_ probabilities: [[Double]], _ row: Int) -> Int? {
    // Of equally probable modes the first: the order in which they are given.
    probabilities.indices.max { (probabilities[$0][row], -$0) < (probabilities[$1][row], -$1) }
  }

  /// Candidates that lean on what the modes say together: on it alone, and beside the readings.
  ///
  /// - Parameter readings: The columns of the readings.
  public static func candidates(_ readings: [String]) -> [Candidate] {
    var boosting = Boosting()
    boosting.trees = 2_000
    boosting.earlyStoppingRounds = 60
    boosting.learningRate = 0.05
    boosting.leaves = 8
    boosting.rowShare = 0.8
    boosting.columnShareByNode = 0.5
    return [
      Candidate(name: "failure modes 1", learner: .linear(ElasticNet()), plan: .linear, columns: [column]),
      Candidate(name: "failure modes 2", learner: .boosting(boosting), plan: .trees, columns: readings + [column]),
    ]
  }
}
