import Basics

/// How long and how exactly a program is solved.
///
/// With one thread and no time limit, or one that is not reached, the same program gives the same solution every time.
public struct SolveOptions: Sendable, Hashable, Codable {
  /// Seconds after which the best solution so far is returned; nil for no limit.
  public var timeLimit: Double?
  /// Threads for one program; 1 by default. Few programs gain by more.
  public var threads: Int
  /// A mixed-integer solution is optimal when the distance between objective and bound, divided by the objective's
  /// size, is at most this; 1e-6 by default.
  public var relativeGap: Double
  /// A seed for the solver's random choices, which break ties; 0 by default.
  public var seed: UInt32

  /// Creates options.
  public init(timeLimit: Double? = nil, threads: Int = 1, relativeGap: Double = 1e-6, seed: UInt32 = 0) {
    self.timeLimit = timeLimit
    self.threads = threads
    self.relativeGap = relativeGap
    self.seed = seed
  }

  func check() throws(AssayError) {
    if let timeLimit, !(timeLimit > 0) {
      throw AssayError(.configuration, "the time limit is \(timeLimit) seconds", remedy: "give more than 0 seconds")
    }
    guard threads >= 1 else {
      throw AssayError(.configuration, "a program cannot be solved by \(threads) threads", remedy: "use 1 or more")
    }
    guard relativeGap >= 0, relativeGap.isFinite else {
      throw AssayError(.configuration, "the relative gap is \(relativeGap)", remedy: "use a number such as 1e-4")
    }
  }
}
