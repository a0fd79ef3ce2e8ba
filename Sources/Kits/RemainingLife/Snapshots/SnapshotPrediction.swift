import Basics
import Experiments
import Projects
import Tables

/// Predicts for new snapshots with what a run has left in the project's folder.
public struct SnapshotPrediction {
  private let problem: SnapshotProblem
  private let context: ProjectContext

  /// Predicts for the data of a problem.
  public init(_ problem: SnapshotProblem, _ context: ProjectContext) {
    self.problem = problem
    self.context = context
  }

  /// The name of the file with the models of failure modes.
  static let modesFile = "modes"

  /// For each row `unit` and `cycle` where they are there, `probability` of a failure, `mode` that is likeliest with
  /// `mode probability` where modes are known, `action` and `reason`.
  ///
  /// - Throws: a `file` error where there is no model yet.
  public func table() throws -> Table {
    let project = problem.project
    let bundle: ModelBundle
    let modes: FailureModes
    do {
      bundle = try BundleFile.read(project.path(problem.modelFile))
      modes = try CBORDecoder().decode(FailureModes.self, from: FileAccess.read(project.path(Self.modesFile)))
    } catch let error as AssayError where error.kind == .file {
      throw AssayError(
        .file, "there is no model yet", at: project.path(problem.modelFile),
        remedy: "run: assay run \(project.folder)")
    }
    let snapshots = try SnapshotData(problem, isNew: true)
    let inputs = try modes.adding(to: snapshots.table, threads: context.threads).conforming(to: bundle.schema)
    let scores = try bundle.score(inputs, threads: context.threads)
    var columns = [problem.unit, problem.time].compactMap { problem.data.table[$0] }
    columns.append(Column("probability", .float(scores.predictions.output(1))))
    var likeliest = [Int?](repeating: nil, count: inputs.rowCount)
    if !modes.names.isEmpty {
      let probabilities = try modes.probabilities(inputs, threads: context.threads)
      let positions = likeliest.indices.map { FailureModes.likeliest(probabilities, $0) ?? 0 }
      columns.append(Column("mode", .text(TextValues(positions.map { modes.names[$0] }))))
      columns.append(
        Column("mode probability", .float(positions.indices.map { probabilities[positions[$0]][$0] })))
      likeliest = positions
    }
    columns.append(Column("action", .text(TextValues(ServiceDecision.actions(scores)))))
    let reasons = try SnapshotReasons(bundle: bundle, modes: modes, threads: context.threads)
      .sentences(inputs, likeliest: likeliest)
    columns.append(Column("reason", .text(TextValues(reasons))))
    return try Table(columns)
  }
}
