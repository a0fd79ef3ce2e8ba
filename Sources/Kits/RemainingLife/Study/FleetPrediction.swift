import Basics
import Projects
import Sequences
import Tables

/// Says of the units of new records how long they have left and what to do, with the model that a study has left.
public struct FleetPrediction {
  private let problem: LifeProblem
  private let context: ProjectContext

  /// Predicts for the data of a problem.
  public init(_ problem: LifeProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// For each unit its last moment, the life it has left with its interval, the probability of a failure within the
  /// horizon, when it is served in turn, and what to do.
  ///
  /// - Throws: a `file` error where there is no model yet.
  public func table() throws -> Table {
    let data = problem.data
    let path = problem.project.path(problem.modelFile)
    let model: LifeModel
    do {
      model = try CBORDecoder().decode(LifeModel.self, from: FileAccess.read(path))
    } catch let error as AssayError where error.kind == .file {
      throw AssayError(.file, "there is no model yet", at: path, remedy: "run: assay run \(problem.project.folder)")
    }
    let time = try TimeUnit(problem)
    let units = try FleetData.reading(model.channels, problem).read(time.counting(data.table))
    let state = try FleetState(
      units: units, positions: Array(units.units.indices), model: model, crew: problem.terms.crew,
      threads: context.threads)
    let members = state.members
    return try Table([
      Column(problem.unit, .text(TextValues(members.map(\.name)))),
      data.table.column(problem.time).selecting(rows: members.map(\.row)),
      Column("remaining", .float(members.map(\.told))), Column("lower", .float(members.map(\.lower))),
      Column("upper", .float(members.map(\.upper))),
      Column("failure within horizon", .float(members.map(\.risk))),
      Column("service in", .float(members.map { $0.turn.time.isFinite ? $0.turn.time : .nan })),
      // Where the crew is full a unit is to be served all the same; only its turn comes later.
      Column(
        "action", .text(TextValues(members.map { $0.turn.due == 0 || $0.turn.time == 0 ? "service" : "wait" }))),
    ])
  }
}
