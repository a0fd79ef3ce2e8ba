import Basics
import Evaluation
import Experiments
import Projects
import Tables

/// In which way a machine will fail: one calibrated model for each failure mode, since a machine may fail in several ways
/// at once.
struct FailureModes: Sendable, Codable {
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
  static let fewest = 12

  /// The names of the modes.
  var names: [String] { modes.map(\.name) }

  /// The probability of each mode for each row of a table: `[mode][row]`.
  func probabilities(_ table: Table, threads: Int) throws -> [[Double]] {
    try modes.map { mode in
      try mode.model?.predict(table, threads: threads).output(1)
        ?? Array(repeating: mode.share, count: table.rowCount)
    }
  }

  /// The position of the most probable mode of a row; nil without modes.
  static func likeliest(_ probabilities: [[Double]], _ row: Int) -> Int? {
    // Of equally probable modes the first: the order of the project's file.
    probabilities.indices.max { (probabilities[$0][row], -$0) < (probabilities[$1][row], -$1) }
  }
}

/// The search for the models of failure modes.
struct FailureModeSearch {
  /// The columns that are learned from, of the training rows.
  let table: Table
  /// The machine of each row, where its rows must stay together.
  let machines: [Int]?
  let seed: UInt64
  let dataHash: String
  let context: ProjectContext

  /// Learns the modes; the seconds are shared among those that can be learned.
  ///
  /// - Parameter modes: For each mode its name and whether each training row fails in it.
  func run(_ modes: [(name: String, isPresent: [Bool])], seconds budget: Double) throws -> FailureModes {
    let deadline = Deadline(after: budget)
    var learned: [FailureModes.Mode] = []
    var waiting = modes.count { mode in mode.isPresent.count { $0 } >= FailureModes.fewest }
    for mode in modes {
      let failures = mode.isPresent.count { $0 }
      var model: ModelBundle?
      if failures >= FailureModes.fewest {
        context.progress(nil, "learning the failure mode \(mode.name)")
        model = try learn(mode.name, mode.isPresent, seconds: max(1, deadline.secondsLeft / Double(waiting)))
        waiting -= 1
      }
      learned.append(
        FailureModes.Mode(
          name: mode.name, failures: failures, model: model,
          share: (Double(failures) + 0.5) / (Double(table.rowCount) + 1)))
    }
    return FailureModes(modes: learned)
  }

  private func learn(_ name: String, _ isPresent: [Bool], seconds: Double) throws -> ModelBundle {
    let key = RandomKey(seed: seed)["failure mode"][name]
    let labels = isPresent.map { $0 ? 1.0 : 0 }
    let split = try Split.folds(4, labels: labels, task: SnapshotSplit.task, entities: machines, key: key["folds"])
    let problem = SearchProblem(
      table: table, task: SnapshotSplit.task, labels: labels,
      validation: ValidationPlan(folds: split.folds, refits: false, words: split.description), metric: .prAUC,
      key: key, threads: context.threads)
    let search = CandidateSearch(
      problem: problem, deadline: Deadline(after: seconds), candidateLimit: context.candidateLimit,
      interruption: context.interruption)
    return try ModelBundle(search: search.run(), of: problem, target: name, seed: seed, dataHash: dataHash)
  }
}
