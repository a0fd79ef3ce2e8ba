import Evaluation
import Foundation

/// How far a run got.
public enum RunState: String, Sendable, Hashable, Codable, CaseIterable {
  case running
  case finished
  /// Stopped by an error.
  case failed
  /// Stopped by the user.
  case interrupted
  /// Its process ended without saying how it went: it was killed, or the machine went down.
  case abandoned = "ended without a word"
}

/// Everything the ledger keeps of one run.
public struct RunRecord: Sendable, Hashable, Codable {
  /// The name of the run, see `RunIdentifier`.
  public var identifier: String
  /// What ran: "train", "bench".
  public var command: String
  /// How far it got.
  public var state: RunState
  /// When it started.
  public var started: Date
  /// How long it took, in seconds; nil while it runs.
  public var seconds: Double?
  /// The data source as given.
  public var data: String
  /// SHA-256 of the data's columns.
  public var dataHash: String
  /// SHA-256 of the assignment of rows to folds; runs of equal data and folds can be compared fold by fold.
  public var foldsHash: String
  /// The target column.
  public var target: String
  /// What is predicted: "binary", "multiclass", "regression".
  public var task: String
  /// The primary metric's name.
  public var metric: String
  /// The primary metric of the chosen model on test rows.
  public var score: Double?
  /// The chosen model's name.
  public var model: String
  /// The version of the program.
  public var version: String
  /// The seed.
  public var seed: UInt64
  /// The threads used.
  public var threads: Int
  /// The machine in words, see `Machine`.
  public var machine: String
  /// The command that repeats the run.
  public var arguments: String
  /// The settings by name, in words.
  public var parameters: [String: String]
  /// Why it failed; empty if it did not.
  public var failure: String
  /// The measured numbers.
  public var metrics: [RunMetric]
  /// The files it wrote.
  public var artifacts: [RunArtifact]

  /// Creates the record of a run that has just started.
  public init(
    identifier: String, command: String, started: Date, data: String = "", dataHash: String = "",
    foldsHash: String = "", target: String = "", task: String = "", metric: String = "", version: String = "",
    seed: UInt64 = 0, threads: Int = 1, machine: String = "", arguments: String = "",
    parameters: [String: String] = [:]
  ) {
    self.identifier = identifier
    self.command = command
    self.state = .running
    self.started = started
    self.data = data
    self.dataHash = dataHash
    self.foldsHash = foldsHash
    self.target = target
    self.task = task
    self.metric = metric
    self.model = ""
    self.version = version
    self.seed = seed
    self.threads = threads
    self.machine = machine
    self.arguments = arguments
    self.parameters = parameters
    self.failure = ""
    self.metrics = []
    self.artifacts = []
  }

  /// A metric of a model per fold, in the order of the folds; empty if it was not measured by fold.
  public func foldValues(of metric: String, model: String, part: RunMetric.Part = .validation) -> [Double] {
    metrics.filter { $0.name == metric && $0.model == model && $0.part == part && $0.fold != nil }
      .sorted { ($0.fold ?? 0) < ($1.fold ?? 0) }.map(\.value)
  }

  /// The file of a kind.
  public func artifact(_ kind: RunArtifact.Kind) -> RunArtifact? { artifacts.first { $0.kind == kind } }
}

/// A measured number.
public struct RunMetric: Sendable, Hashable, Codable {
  /// The rows it was measured on.
  public enum Part: String, Sendable, Hashable, Codable {
    case validation
    case test
  }

  /// The metric's name.
  public var name: String
  /// The model's name.
  public var model: String
  /// The rows.
  public var part: Part
  /// The fold, from 0; nil for all rows of the part.
  public var fold: Int?
  /// The number; not-a-number where the metric is undefined.
  public var value: Double
  /// The lower end of its 95 % interval; nil where none was computed.
  public var lower: Double?
  /// The upper end of its 95 % interval; nil where none was computed.
  public var upper: Double?

  /// Creates a measured number.
  public init(
    _ name: String, model: String, part: Part, fold: Int? = nil, value: Double, lower: Double? = nil,
    upper: Double? = nil
  ) {
    self.name = name
    self.model = model
    self.part = part
    self.fold = fold
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}

extension RunMetric {
  /// Creates a measured number for all rows of a part, with its interval where it has one.
  public init(_ name: String, model: String, part: Part, interval: Estimate) {
    let isKnown = interval.lower < interval.upper
    self.init(
      name, model: model, part: part, value: interval.value, lower: isKnown ? interval.lower : nil,
      upper: isKnown ? interval.upper : nil)
  }
}

/// A file that a run wrote.
public struct RunArtifact: Sendable, Hashable, Codable {
  /// What the file is.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case bundle
    case report
    case results
    /// Predictions and labels of the test rows, for paired comparisons with other runs.
    case testPredictions = "test predictions"
  }

  /// What the file is.
  public var kind: Kind
  /// The absolute path.
  public var path: String
  /// SHA-256 of its bytes, or empty.
  public var hash: String
  /// Its size in bytes.
  public var bytes: Int

  /// Creates a description of a file.
  public init(_ kind: Kind, path: String, hash: String = "", bytes: Int = 0) {
    self.kind = kind
    self.path = path
    self.hash = hash
    self.bytes = bytes
  }
}

/// The line of a run in a list.
public struct RunListing: Sendable, Hashable, Codable {
  /// The name of the run.
  public var identifier: String
  /// What ran.
  public var command: String
  /// How far it got.
  public var state: RunState
  /// When it started.
  public var started: Date
  /// How long it took, in seconds; nil while it runs.
  public var seconds: Double?
  /// The data source as given.
  public var data: String
  /// The target column.
  public var target: String
  /// The primary metric's name.
  public var metric: String
  /// The primary metric of the chosen model on test rows.
  public var score: Double?
  /// The chosen model's name.
  public var model: String

  /// Creates a line.
  public init(
    identifier: String, command: String = "", state: RunState, started: Date, seconds: Double?, data: String,
    target: String, metric: String, score: Double?, model: String
  ) {
    self.identifier = identifier
    self.command = command
    self.state = state
    self.started = started
    self.seconds = seconds
    self.data = data
    self.target = target
    self.metric = metric
    self.score = score
    self.model = model
  }
}

/// Names for runs: the start in UTC and four random characters, `260131-142233-k3f9`.
///
/// Sorted as text they are in the order of time; two runs of one second differ with a probability of 1 - 1e-6.
public enum RunIdentifier {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

  /// The name of a run that starts at a moment; the low 20 bits of `entropy` give its last four characters.
  public static func make(at moment: Date, entropy: UInt64) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
    let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: moment)
    func two(_ number: Int?) -> String {
      let digits = String((number ?? 0) % 100)
      return digits.count == 1 ? "0" + digits : digits
    }
    let date = two(parts.year) + two(parts.month) + two(parts.day)
    let time = two(parts.hour) + two(parts.minute) + two(parts.second)
    let suffix = (0..<4).map { alphabet[Int(entropy >> (5 * UInt64($0)) & 31)] }
    return "\(date)-\(time)-\(String(suffix))"
  }
}
