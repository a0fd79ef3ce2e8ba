import Basics
import Decisions
import Evaluation
import Tables

/// What to learn, from what, under which rules: the settings of one run.
public struct TrainingRequest: Sendable, Codable {
  /// Which kind of problem to solve.
  public enum TaskChoice: String, Sendable, Codable, CaseIterable {
    /// Found out from the target's values.
    case auto
    /// Two classes.
    case binary
    /// Several classes.
    case multiclass
    /// A number.
    case regression
  }

  /// The data source as the user wrote it.
  public var data: String
  /// The target column.
  public var target: String
  /// Which kind of problem; `auto` finds out.
  public var task = TaskChoice.auto
  /// A source with the test rows; nil holds out part of `data`.
  public var test: String?
  /// The column with the time of each row: the split then goes by time.
  public var time: String?
  /// The seconds after a row's time in which its label is not known yet: rows so shortly before those that are judged
  /// are not learned from. Nil means none; with `time` only.
  public var labelDelay: Double?
  /// The column that names the entity of each row: its rows stay on one side of every split.
  public var entity: String?
  /// The column that says "train", "valid" or "test".
  public var splitColumn: String?
  /// Columns not to learn from.
  public var excluded: [String] = []
  /// The class that counts as positive in a binary problem; nil takes the value file's, else the second in order.
  public var positive: String?
  /// The primary metric; nil takes the default of the task.
  public var metric: String?
  /// Seconds for search and fitting.
  public var budget = 300.0
  /// The number of candidates after which the search stops even if time is left; nil means only the budget counts.
  /// With a number and enough budget the result is the same on every machine.
  public var candidateLimit: Int?
  /// The share of rows held out for the final test where no test source is given.
  public var testShare = 0.2
  /// The seed of all randomness.
  public var seed: UInt64 = 7
  /// The threads.
  public var threads = 1
  /// The bytes of memory that the run should get along with: a table too large for it is worked on by pieces. Nil means
  /// half of what the machine, or the container, has.
  public var memory: Int?
  /// The probability that prediction sets and intervals promise.
  public var conformalLevel = 0.9
  /// Findings of the guard that may pass, by code ("leak:COLUMN"), with the reason.
  public var allowed: [String: String] = [:]
  /// How the source is read.
  public var reading = ReadOptions()
  /// What the decision is worth; nil if no value was given.
  public var value: ValueSpecification?
  /// Candidates beside those of the portfolio, with names of their own: what a solution knows to try.
  public var candidates: [Candidate] = []
  /// Columns that only candidates see that name them; they are no part of the profile, nor of the explanation. Rows to
  /// score need those of them that a chosen candidate reads.
  public var reserved: [String] = []
  /// Whether the model has to score a stream of thousands of rows a second: candidates whose predictions look at the
  /// rows that were learned from (neighbours, Gaussian processes) are then not tried.
  public var scoresStreams = false

  /// Creates a request with defaults.
  public init(data: String, target: String) {
    self.data = data
    self.target = target
  }

  /// Whether the test rows are drawn from all rows of `data`.
  var splitsAtRandom: Bool { test == nil && time == nil && splitColumn == nil }

  /// The columns with a part of their own, besides the target; they must be there.
  var namedColumns: [String] { [time, entity, splitColumn].compactMap { $0 } + excluded }

  /// - Throws: a `configuration` error for a setting out of its range.
  public func check() throws {
    if !(budget > 0) {
      throw AssayError(
        .configuration, "the budget is \(budget) seconds", at: "--budget", remedy: "give a positive time")
    }
    if let labelDelay, !(labelDelay >= 0) || time == nil {
      throw AssayError(
        .configuration, time == nil ? "a label delay without a time column" : "a label delay of \(labelDelay) seconds",
        at: "--label-delay", remedy: time == nil ? "name the column with --time" : "give for example 7d")
    }
    if threads < 1 {
      throw AssayError(.configuration, "\(threads) threads", at: "--threads", remedy: "give 1 or more")
    }
    if let memory, memory < 1 {
      throw AssayError(.configuration, "a memory of \(memory) bytes", at: "--memory", remedy: "give for example 4GB")
    }
    if !(testShare > 0 && testShare < 1) {
      throw AssayError(
        .configuration, "a test share of \(testShare)", at: "--test-share", remedy: "give a number between 0 and 1")
    }
    if !(conformalLevel > 0.5 && conformalLevel < 1) {
      throw AssayError(
        .configuration, "a level of \(conformalLevel)", at: "--level", remedy: "give a number between 0.5 and 1")
    }
    for (option, column) in [("--time", time), ("--entity", entity), ("--split-column", splitColumn)]
    where column == target {
      throw AssayError(.configuration, "the target column cannot be used for \(option)", at: option)
    }
    if excluded.contains(target) {
      throw AssayError(.configuration, "the target column \"\(target)\" is excluded", at: "--exclude")
    }
  }
}
