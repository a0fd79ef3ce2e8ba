import Basics
import Projects
import RemainingLife

extension Project {
  /// Whether the project file gives an amount, so that it is no default.
  func gives(_ amount: String) -> Bool { amounts.isGiven(amount) }

  /// Whether the project file says what a failure and a service cost: without both there is no money in a report.
  var givesCosts: Bool { gives("failure") && gives("service") }

  /// That there are no costs, and what to give.
  var costless: ProjectFinding {
    let lacking = ["failure", "service"].filter { !gives($0) }.map { "a \($0)" }.joined(separator: " and ")
    return ProjectFinding(
      .warning, "value does not say the cost of \(lacking): the report will have no money in it",
      remedy: "give failure and service under value, in one currency")
  }

  /// What a run that was stopped says: what is kept, and how to go on.
  var interrupted: AssayError {
    AssayError(
      .cancelled, "the run was interrupted; what is finished is kept in \(path(ProjectStore.folderName))",
      remedy: "go on with: assay run \(folder) --resume")
  }
}

/// A project's folder keeps what the kit has finished.
extension ProjectStore: FinishedPieces {}
