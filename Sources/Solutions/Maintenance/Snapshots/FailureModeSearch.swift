import Basics
import Evaluation
import Experiments
import Projects
import Tables

/// The search for the models of failure modes.
struct FailureModeSearch {
  /// The models, and what those that were learned say together of the training rows, each by models that had not seen
  /// it; nil where none was learned.
  struct Outcome {
    var modes: FailureModes
    var together: Column?
  }

  /// The readings, of the training rows.
  let table: Table
  /// The machine of each row, where its rows must stay together.
  let machines: [Int]?
  let dataHash: String
  let context: ProjectContext
  /// Keeps finished modes for a run that is taken up again.
  let store: ProjectStore

  private struct Learned: Codable {
    let model: ModelBundle
    /// The probability of the mode for each row, by fits that had not seen it.
    let outOfFold: [Double]
  }

  /// Learns the modes; the seconds are shared among those that can be learned.
  ///
  /// - Parameter modes: For each mode its name and whether each training row fails in it.
  func run(_ modes: [(name: String, isPresent: [Bool])], seconds budget: Double) throws -> Outcome {
    let deadline = Deadline(after: budget)
    var found: [FailureModes.Mode] = []
    var outOfFold: [[Double]] = []
    var waiting = modes.count { mode in mode.isPresent.count { $0 } >= FailureModes.fewest }
    for mode in modes {
      let failures = mode.isPresent.count { $0 }
      var learned: Learned?
      if failures >= FailureModes.fewest {
        context.progress(nil, "learning the failure mode \(mode.name)")
        learned = try kept(mode.name, mode.isPresent, seconds: max(1, deadline.secondsLeft / Double(waiting)))
        waiting -= 1
      }
      if let learned { outOfFold.append(learned.outOfFold) }
      found.append(
        FailureModes.Mode(
          name: mode.name, failures: failures, model: learned?.model,
          share: (Double(failures) + 0.5) / (Double(table.rowCount) + 1)))
    }
    return Outcome(
      modes: FailureModes(modes: found), together: outOfFold.isEmpty ? nil : FailureModes.together(outOfFold))
  }

  private func kept(_ name: String, _ isPresent: [Bool], seconds: Double) throws -> Learned {
    let piece = "failure mode \(name)"
    if let earlier = store.load(piece, as: Learned.self), earlier.outOfFold.count == isPresent.count { return earlier }
    let learned = try learn(name, isPresent, seconds: seconds)
    // What was cut short is good enough to go on with, not to be taken up again.
    if !context.interruption.isRequested { try store.save(learned, as: piece) }
    return learned
  }

  private func learn(_ name: String, _ isPresent: [Bool], seconds: Double) throws -> Learned {
    let key = RandomKey(seed: context.seed)["failure mode"][name]
    let labels = isPresent.map { $0 ? 1.0 : 0 }
    let split = try Split.folds(4, labels: labels, task: SnapshotSplit.task, entities: machines, key: key["folds"])
    let problem = SearchProblem(
      table: table, task: SnapshotSplit.task, labels: labels,
      validation: ValidationPlan(folds: split.folds, refits: false, words: split.description), metric: .prAUC,
      key: key, threads: context.threads)
    let search = CandidateSearch(
      problem: problem, deadline: Deadline(after: seconds), candidateLimit: context.candidateLimit,
      interruption: context.interruption)
    let (bundle, judged) = try ModelBundle.assembled(
      search.run(), of: problem, target: name, seed: context.seed, dataHash: dataHash)
    return Learned(model: bundle, outOfFold: judged.output(1))
  }
}
