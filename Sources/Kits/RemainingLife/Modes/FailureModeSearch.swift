import Basics
import Evaluation
import Experiments
import Tables

/// The search for the models of failure modes.
public struct FailureModeSearch {
  /// The models, and what they say of the training rows, each by models that had not seen it.
  public struct Outcome: Sendable {
    /// The models.
    public let modes: FailureModes
    /// What those that were learned say together of the training rows; nil where none was learned.
    public let together: Column?
  }

  /// The readings, of the training rows.
  let table: Table
  /// The unit of each row, where its rows must stay together.
  let units: [Int]?
  let dataHash: String
  let seed: UInt64
  let threads: Int
  let candidateLimit: Int?
  /// Keeps finished modes for a run that is taken up again.
  let store: any FinishedPieces
  let interruption: Interruption
  let progress: @Sendable (_ mode: String) -> Void

  private struct Learned: Codable {
    let model: ModelBundle
    /// The probability of the mode for each row, by fits that had not seen it.
    let outOfFold: [Double]
  }

  /// Prepares a search.
  ///
  /// - Parameters:
  ///   - table: The readings, of the training rows.
  ///   - units: The unit of each row, where its rows must stay together.
  ///   - dataHash: SHA-256 of the data, for the models.
  ///   - seed: Of all randomness.
  ///   - threads: The threads to use; the result does not depend on their number.
  ///   - candidateLimit: The candidates after which the search for a mode stops; nil for none but the time.
  ///   - store: Keeps finished modes.
  ///   - interruption: Ends the search early.
  ///   - progress: Told the name of each mode before it is learned.
  public init(
    table: Table, units: [Int]?, dataHash: String, seed: UInt64, threads: Int, candidateLimit: Int?,
    store: any FinishedPieces, interruption: Interruption, progress: @escaping @Sendable (_ mode: String) -> Void
  ) {
    self.table = table
    self.units = units
    self.dataHash = dataHash
    self.seed = seed
    self.threads = threads
    self.candidateLimit = candidateLimit
    self.store = store
    self.interruption = interruption
    self.progress = progress
  }

  /// Learns the modes; the seconds are shared among those that can be learned.
  ///
  /// - Parameters:
  ///   - modes: For each mode its name and whether each training row fails in it.
  ///   - budget: The seconds for all of them.
  /// - Throws: a `data` error where no candidate can be weighed, a `file` error where a mode cannot be kept.
  public func run(_ modes: [(name: String, isPresent: [Bool])], seconds budget: Double) throws -> Outcome {
    let deadline = Deadline(after: budget)
    var found: [FailureModes.Mode] = []
    var outOfFold: [[Double]] = []
    var waiting = modes.count { mode in mode.isPresent.count { $0 } >= FailureModes.fewest }
    for mode in modes {
      let failures = mode.isPresent.count { $0 }
      var learned: Learned?
      if failures >= FailureModes.fewest {
        progress(mode.name)
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
    if !interruption.isRequested { try store.save(learned, as: piece) }
    return learned
  }

  private func learn(_ name: String, _ isPresent: [Bool], seconds: Double) throws -> Learned {
    let key = RandomKey(seed: seed)["failure mode"][name]
    let labels = isPresent.map { $0 ? 1.0 : 0 }
    let split = try Split.folds(4, labels: labels, task: FailureModes.task, entities: units, key: key["folds"])
    let problem = SearchProblem(
      table: table, task: FailureModes.task, labels: labels,
      validation: ValidationPlan(folds: split.folds, refits: false, words: split.description), metric: .prAUC,
      key: key, threads: threads)
    let search = CandidateSearch(
      problem: problem, deadline: Deadline(after: seconds), candidateLimit: candidateLimit,
      interruption: interruption)
    let (bundle, judged) = try ModelBundle.assembled(
      search.run(), of: problem, target: name, seed: seed, dataHash: dataHash)
    return Learned(model: bundle, outOfFold: judged.output(1))
  }
}
