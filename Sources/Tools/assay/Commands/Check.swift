import ArgumentParser
import Basics
import Foundation
import Projects
import Solutions

/// `assay check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at a project's columns, data and value before anything runs.",
    discussion: """
      Example:
        assay check my-shop

      Exit status 1 if something stops a run.
      """)

  @Argument(help: "A project's folder.")
  var folder: String

  func run() throws {
    let (project, solution) = try Project.open(folder, among: SolutionList.all)
    let threads = ProcessInfo.processInfo.activeProcessorCount
    let data = try ProjectData(project, solution.card, threads: threads)
    var findings = try ProjectCheck.findings(project, solution, data)
    findings += try ColumnCheck.profile(data, threads: threads)
    findings += try ColumnCheck.guard(project, solution.card, data, threads: threads)
    for field in solution.card.fields {
      if let name = data.names[field.name] {
        standardOutput("\(field.name) is your column \"\(name)\"")
      } else {
        standardOutput("\(field.name): you name no column; \(field.meaning)")
      }
    }
    var others = data.others
    for setting in solution.card.settings {
      guard case .columns = setting.kind else { continue }
      let named = project.settings.list(setting.name)
      if named.isEmpty { continue }
      standardOutput("\(setting.name): your columns \(named.joined(separator: ", "))")
      others.removeAll { named.contains($0) }
    }
    if !others.isEmpty {
      standardOutput("used as they are: \(others.joined(separator: ", "))")
    }
    for finding in findings {
      let remedy = finding.remedy.isEmpty ? "" : "; \(finding.remedy)"
      standardOutput("\(finding.level.rawValue): \(finding.words)\(remedy)")
    }
    let stops = findings.count { $0.level == .stop }
    if stops > 0 {
      throw AssayError(
        .data, "\(stops) finding\(stops == 1 ? " stops" : "s stop") a run", at: folder, remedy: "see the lines above")
    }
    standardOutput("ready: assay run \(folder)")
  }
}
