import Basics
import Checks
import Foundation
import Maintenance
import Projects
import Tables

/// A project on a simulated fleet.
struct FleetProject {
  let solution = PredictiveMaintenance()
  let folder: String
  var project: Project
  var data: ProjectData

  /// - Parameters:
  ///   - settings: Settings, and amounts of the value, that differ from the defaults.
  ///   - change: Makes another table of the fleet's.
  init(
    in folder: String, units: Int = 40, seed: UInt64 = 1, settings: [String: String] = [:],
    change: (Table) throws -> Table = { $0 }
  ) throws {
    let simulation = try MachineSimulator(units: units, days: 400, serviceInterval: nil, key: RandomKey(seed: seed))
      .simulate()
    let failed = try simulation.units.column("failed").numbers()
    let names = try simulation.units.column("unit")
    let fails = Dictionary(
      uniqueKeysWithValues: (0..<names.count).map { (names.text(at: $0) ?? "", failed[$0] == 1) })
    let unit = try simulation.cycles.column("unit")
    let marks = (0..<unit.count).map { fails[unit.text(at: $0) ?? ""] == true ? Int64(1) : 0 }
    let table = try simulation.cycles.setting(Column("failed", .integer(marks)))
    let start = ProjectStart(
      table: try change(table), columns: ["unit": "unit", "cycle": "cycle", "failed": "failed"],
      excluded: ["time", "model", "site", "service"],
      settings: ["conditions": "load, ambient_c", "longest life": "100", "networks": "no"].merging(settings) { $1 },
      words: "A fleet.")
    let place = folder + "/fleet"
    try ProjectFolder.make(solution, in: place, start: start, threads: 2)
    self.folder = place
    project = try Project.open(place, among: [solution]).project
    data = try ProjectData(project, solution.card, threads: 2)
  }

  /// What the check says.
  func check() throws -> [ProjectFinding] { try solution.check(project, data) }

  /// The results of a run whose fits no budget ends.
  func run(
    resumes: Bool = false, threads: Int = 2, interruption: Interruption = Interruption(),
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in }
  ) throws -> ProjectOutcome {
    try solution.run(
      project, data,
      ProjectContext(
        budget: 10_000, threads: threads, seed: 3, resumes: resumes, interruption: interruption, progress: progress))
  }
}
