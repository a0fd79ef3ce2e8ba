import Basics
import Foundation
import Projects
import Tables

/// A solution whose kit is used without it: only its folder is needed.
private struct Trucks: Solution {
  var card: SolutionCard {
    SolutionCard(
      name: "trucks", title: "Trucks", purpose: "how many to have", row: "a day",
      fields: [.init("parcels", "how many", kind: .number)], settings: [], value: .amounts([]))
  }

  func simulated(key: RandomKey) throws -> ProjectStart {
    ProjectStart(table: try Table([Column("parcels", .float([1]))]), columns: [:], words: "")
  }

  func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] { [] }

  func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    throw AssayError(.configuration, "there is nothing to run")
  }

  func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table { data.table }
}

/// A project that keeps what a study has finished.
func emptyProject(in folder: String) throws -> (Project, ProjectData) {
  try "parcels\n1\n".write(toFile: folder + "/data.csv", atomically: true, encoding: .utf8)
  let text = "solution: trucks\ndata: data.csv\ncolumns:\n  parcels: parcels\n"
  let project = try Project.parse(text, folder: folder, name: "solution.yaml", among: [Trucks()]).project
  return (project, try ProjectData(project, Trucks().card, threads: 1))
}
