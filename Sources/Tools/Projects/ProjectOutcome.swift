import Experiments

/// What a solution's run hands over: the program writes it into the project's folder.
public struct ProjectOutcome: Sendable {
  /// What was found out, for `results.json` and the report.
  public var results: ProjectResults
  /// The name of the model that was chosen.
  public var model: String
  /// A few lines for the terminal.
  public var summary: [String]

  /// Creates an outcome.
  public init(results: ProjectResults, model: String, summary: [String]) {
    self.results = results
    self.model = model
    self.summary = summary
  }
}
