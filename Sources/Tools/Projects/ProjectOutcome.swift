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

  /// The outcome with what the check warned of among the limits of the results: who reads the report has not seen the check.
  public func warning(of findings: [ProjectFinding]) -> ProjectOutcome {
    var outcome = self
    for finding in findings where finding.level == .warning {
      if outcome.results.limits.contains(where: { $0.contains(finding.words) }) { continue }
      let remedy = finding.remedy.isEmpty ? "" : " (\(finding.remedy))"
      outcome.results.limits.append("The check of the data warned: \(finding.words)\(remedy).")
    }
    return outcome
  }
}
