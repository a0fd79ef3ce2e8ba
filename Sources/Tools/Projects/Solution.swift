import Basics
import Experiments
import Tables

/// A business problem that comes ready: what data it needs, what it does with them, and how it tells the outcome.
///
/// A solution is a declaration on top of the floors below. The program finds it in the list of solutions and does the
/// rest: the project's folder, the mapping of columns, the checks, the ledger, the files of results.
public protocol Solution: Sendable {
  /// What it is and what it needs.
  var card: SolutionCard { get }

  /// Data as a customer would have them, with known truth.
  ///
  /// - Throws: a `configuration` error where a setting is out of its range.
  func simulated(key: RandomKey) throws -> ProjectStart

  /// The names of the public data sets that `start` takes.
  var publicSets: [String] { get }

  /// A public data set as this solution takes it; nil for one that it has no use for.
  ///
  /// - Parameters:
  ///   - name: The set's name in the registry.
  ///   - tables: The set's tables by name.
  /// - Throws: a `schema` error where a table lacks what the set has.
  func start(of name: String, tables: [String: Table]) throws -> ProjectStart?

  /// What is wrong or worth knowing about a project's data, beyond the columns' kinds.
  func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding]

  /// The whole flow, from the data to the results that a report is made of.
  ///
  /// - Throws: `data` where the data do not allow it, `cancelled`.
  func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome

  /// Predicts for new data with what a run has left in the project's folder.
  ///
  /// - Returns: The new rows, or periods, with what was predicted and what to do.
  func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table
}

/// Something worth knowing about a project before it runs.
public struct ProjectFinding: Sendable, Hashable {
  /// How much it matters.
  public enum Level: String, Sendable, Hashable {
    /// The run cannot start.
    case stop
    /// The run starts, the results may mislead.
    case warning
    /// Good to know.
    case note
  }

  /// How much it matters.
  public var level: Level
  /// What it is, in the customer's words, with the number of rows.
  public var words: String
  /// What to do; empty where there is nothing to do.
  public var remedy: String

  /// Creates a finding.
  public init(_ level: Level, _ words: String, remedy: String = "") {
    self.level = level
    self.words = words
    self.remedy = remedy
  }
}

/// What a run may use besides the data.
public struct ProjectContext: Sendable {
  /// The seconds that the run may take, more or less.
  public var budget: Double
  /// The number of candidates after which a search stops; nil for none but the budget.
  public var candidateLimit: Int?
  /// The threads it may use; the result does not depend on their number.
  public var threads: Int
  /// The seed of all randomness.
  public var seed: UInt64
  /// Whether what an earlier run has left is taken up.
  public var resumes: Bool
  /// Whether predictions say of every row what drove them, not only of those to act on.
  public var explains: Bool
  /// Ends the run early.
  public var interruption: Interruption
  /// The ledger that the run is written into; nil for none.
  public var ledger: Ledger?
  /// The command line that repeats the run.
  public var command: String
  /// Told what is being done, with the share of the whole where it is known.
  public var progress: @Sendable (Double?, String) -> Void

  /// Creates a context.
  public init(
    budget: Double = 300, candidateLimit: Int? = nil, threads: Int = 1, seed: UInt64 = 7, resumes: Bool = false,
    explains: Bool = false, interruption: Interruption = Interruption(), ledger: Ledger? = nil, command: String = "",
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in }
  ) {
    self.budget = budget
    self.candidateLimit = candidateLimit
    self.threads = threads
    self.seed = seed
    self.resumes = resumes
    self.explains = explains
    self.interruption = interruption
    self.ledger = ledger
    self.command = command
    self.progress = progress
  }
}

extension Solution {
  /// No public set.
  public var publicSets: [String] { [] }

  /// No public set.
  public func start(of name: String, tables: [String: Table]) throws -> ProjectStart? { nil }
}
