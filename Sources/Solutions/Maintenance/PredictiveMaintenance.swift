import Basics
import Experiments
import Foundation
import Projects
import RemainingLife
import Sequences
import Tables

/// Predictive maintenance: how long machines will run on, with intervals, and when each is to be served; or, where rows
/// are pieces of work by themselves, which of them a machine will fail in, how, and before which it is to be served.
public struct PredictiveMaintenance: Solution {
  /// Creates the solution.
  public init() {}

  /// What it is and what it needs.
  public var card: SolutionCard { Self.description }

  /// The name of the file with the model.
  static let modelFile = "model"

  /// A fleet of pumps that wear out, are served and fail.
  public func simulated(key: RandomKey) throws -> ProjectStart {
    let days = 500
    let fleet = try RecordedFleet(
      MachineSimulator(units: 120, days: days + 10, serviceInterval: nil, key: key).simulate())
    return ProjectStart(
      table: try fleet.records(until: days), later: fleet.running(),
      columns: ["unit": "unit", "cycle": "cycle", "failed": "ended_in_failure"],
      settings: ["conditions": "load, ambient_c", "longest life": "120"],
      words: """
        It is a fleet of 120 pumps, observed once a day over 500 days under three loads. Bearings, seals and impellers wear \
        out and show it in pressure, vibration, temperature and leaks; some fail for electrical reasons that nothing shows. \
        Some still run at the end.
        """)
  }

  /// The jobs of hydraulic presses, with failures of four modes: snapshots, not lives.
  ///
  /// - Parameter jobs: The number of jobs; about 3 in 100 fail.
  public func simulatedSnapshots(jobs: Int = 6_000, key: RandomKey) throws -> ProjectStart {
    ProjectStart(
      table: try SnapshotSimulator(jobs: jobs, key: key).simulate().jobs, columns: ["failed": "failed"],
      excluded: ["job"],
      settings: [
        "records": "snapshots", "modes": SnapshotSimulator.modes.joined(separator: ", "),
        "derived": SnapshotSimulator.derived,
      ],
      words: """
        They are \(jobs) jobs of hydraulic presses. Presses fail by overload, by heat, by a worn tool, now and then for \
        an electrical reason that nothing shows, and sometimes in several ways at once.
        """)
  }

  /// The comparison of methods, the fleet and the worth of calling machines in.
  public func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    Self.takesSnapshots(project)
      ? try SnapshotRun(project: project, data: data, context: context).execute()
      : try MaintenanceRun(project: project, data: data, context: context).execute()
  }

  /// For each machine of new records the life that it has left, and what to do; for each new snapshot the probability of
  /// a failure, its likeliest mode, and what to do.
  public func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    if Self.takesSnapshots(project) {
      return try SnapshotPrediction(project: project, data: data, context: context).table()
    }
    let path = project.path(Self.modelFile)
    let model: LifeModel
    do {
      model = try CBORDecoder().decode(LifeModel.self, from: FileAccess.read(path))
    } catch let error as AssayError where error.kind == .file {
      throw AssayError(.file, "there is no model yet", at: path, remedy: "run: assay run \(project.folder)")
    }
    let time = try TimeUnit(project, data)
    let units = try FleetData.reading(model.channels).read(time.counting(data.table))
    let state = try FleetState(
      units: units, positions: Array(units.units.indices), model: model, crew: project.amounts.whole("crew"),
      threads: context.threads)
    let machines = state.members
    return try Table([
      Column("unit", .text(TextValues(machines.map(\.name)))),
      data.table.column("cycle").selecting(rows: machines.map(\.row)),
      Column("remaining", .float(machines.map(\.told))), Column("lower", .float(machines.map(\.lower))),
      Column("upper", .float(machines.map(\.upper))),
      Column("failure within horizon", .float(machines.map(\.risk))),
      Column("service in", .float(machines.map { $0.turn.time.isFinite ? $0.turn.time : .nan })),
      // Where the crew is full a machine is to be served all the same; only its turn comes later.
      Column(
        "action", .text(TextValues(machines.map { $0.turn.due == 0 || $0.turn.time == 0 ? "service" : "wait" }))),
    ])
  }
}
