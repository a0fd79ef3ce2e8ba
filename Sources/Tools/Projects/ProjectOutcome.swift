import Experiments

/// What a solution's run hands over: the program writes it into the project's folder.
public struct ProjectOutcome: Sendable {
  /// What was found out, for `results.json` and the report.
  public var results: ProjectResults
  /// A few lines for the terminal.
  public var summary: [String]

  /// Creates an outcome.
  public init(results: ProjectResults, summary: [String]) {
    self.results = results
    self.summary = summary
  }
}
