import Basics
import Projects
import RemainingLife
import Tables

/// Predictive maintenance: how long machines will run on, with intervals, and when each is to be served; or, where rows
/// are pieces of work by themselves, which of them a machine will fail in, how, and before which it is to be served.
public struct PredictiveMaintenance: Solution {
  /// Creates the solution.
  public init() {}

  /// What it is and what it needs.
  public var card: SolutionCard { Self.description }

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

  /// Whether the records can carry the solution, and what in them is odd.
  public func check(_ project: Project, _ data: ProjectData) throws -> [ProjectFinding] {
    Self.takesSnapshots(project)
      ? try SnapshotCheck(SnapshotProblem(project, data)).findings()
      : try FleetCheck(LifeProblem(project, data)).findings()
  }

  /// The comparison of methods, the fleet and the worth of calling machines in.
  public func run(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> ProjectOutcome {
    Self.takesSnapshots(project)
      ? try SnapshotStudy(SnapshotProblem(project, data), context).execute(for: card)
      : try FleetStudy(LifeProblem(project, data), context).execute(for: card)
  }

  /// For each machine of new records the life that it has left, and what to do; for each new snapshot the probability of
  /// a failure, its likeliest mode, and what to do.
  public func predict(_ project: Project, _ data: ProjectData, _ context: ProjectContext) throws -> Table {
    Self.takesSnapshots(project)
      ? try SnapshotPrediction(SnapshotProblem(project, data), context).table()
      : try FleetPrediction(LifeProblem(project, data), context).table()
  }
}
