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
  ///   - time: The column that is time: "cycle", or "time" for dates.
  ///   - givesCosts: Whether the project says what the decision is worth.
  ///   - change: Makes another table of the fleet's.
  init(
    in folder: String, units: Int = 40, seed: UInt64 = 1, settings: [String: String] = [:], time: String = "cycle",
    givesCosts: Bool = true, change: (Table) throws -> Table = { $0 }
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
      table: try change(table), columns: ["unit": "unit", "cycle": time, "failed": "failed"],
      excluded: [time == "time" ? "cycle" : "time", "model", "site", "service"],
      settings: ["conditions": "load, ambient_c", "longest life": "100", "networks": "no"].merging(settings) { $1 },
      words: "A fleet.")
    let place = folder + "/fleet"
    try ProjectFolder.make(solution, in: place, start: start, threads: 2)
    self.folder = place
    if !givesCosts {
      let path = place + "/" + Project.fileName
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.components(separatedBy: "\nvalue:")[0].write(toFile: path, atomically: true, encoding: .utf8)
    }
    project = try Project.open(place, among: [solution]).project
    data = try ProjectData(project, solution.card, threads: 2)
  }

  /// What the check says.
  func check() throws -> [ProjectFinding] { try solution.check(project, data) }

  /// The results of a run; no budget ends its fits unless given.
  func run(
    budget: Double = 10_000, resumes: Bool = false, threads: Int = 2, interruption: Interruption = Interruption(),
    progress: @escaping @Sendable (Double?, String) -> Void = { _, _ in }
  ) throws -> ProjectOutcome {
    try solution.run(
      project, data,
      ProjectContext(
        budget: budget, threads: threads, seed: 3, resumes: resumes, interruption: interruption, progress: progress))
  }
}
