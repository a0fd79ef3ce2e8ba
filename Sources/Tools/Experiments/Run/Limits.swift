import Decisions
import Evaluation

/// What the reader of a report must know before relying on it, in sentences.
enum Limits {
  /// The sentences that results call for.
  static func sentences(_ results: ExperimentResults) -> [String] {
    var list: [String] = []
    if results.run.wasInterrupted {
      list.append("The search was interrupted: with its full budget it may find a better model.")
    }
    if results.problem.testRows < 200 {
      list.append(
        "Only \(results.problem.testRows) rows were held out for the test: the intervals are wide and a second test on new "
          + "rows is advised.")
    }
    for finding in results.findings {
      if let reason = finding.allowedBecause {
        list.append("The guard's finding \"\(finding.code)\" was allowed: \(reason). \(finding.evidence)")
      }
    }
    if let decision = results.decision, let leftOut = decision.leftOut {
      let unit = leftOut.count == 1 ? decision.unit ?? "row" : plural(decision.unit ?? "row")
      list.append(
        "\(leftOut.count) \(unit) of the test could not be decided on, because \(leftOut.reason): they get no action "
          + "and are left out of the value.")
    }
    let rareClasses = zip(results.problem.task.classes, results.problem.classShares).filter {
      $0.1 * Double(results.problem.trainingRows) < 30
    }
    if !rareClasses.isEmpty {
      list.append(
        "Fewer than 30 training rows for: " + rareClasses.map(\.0).joined(separator: ", ")
          + ". What is said about them is uncertain.")
    }
    if let coverage = results.reliability?.coverage.first, let level = results.reliability?.level,
      coverage.covered.upper < level
    {
      list.append(
        "Prediction sets or intervals promise \(percent(level)) but held the truth in \(percent(coverage.covered.value)) of "
          + "the test rows: the test rows differ from the training rows.")
    }
    let drifting = results.profile.columns.filter { ($0.drift ?? 0) > 0.25 }
    if !drifting.isEmpty {
      list.append(
        "These columns changed strongly over the time of the data, so the future may differ again: "
          + drifting.map(\.name).joined(separator: ", ") + ".")
    }
    return list
  }

  private static func percent(_ share: Double) -> String { ShortNumber.text((share * 1000).rounded() / 10) + " %" }
}
