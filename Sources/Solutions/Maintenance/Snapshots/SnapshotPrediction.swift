import Basics
import Experiments
import Projects
import Tables

/// Predicts for new snapshots with what a run has left in the project's folder.
struct SnapshotPrediction {
  let project: Project
  let data: ProjectData
  let context: ProjectContext

  /// The name of the file with the models of failure modes.
  static let modesFile = "modes"

  /// For each row `unit` and `cycle` where they are there, `probability` of a failure, `mode` that is likeliest with
  /// `mode probability` where modes are known, `action` and `reason`.
  func table() throws -> Table {
    let bundle: ModelBundle
    let modes: FailureModes
    do {
      bundle = try BundleFile.read(project.path(PredictiveMaintenance.modelFile))
      modes = try CBORDecoder().decode(FailureModes.self, from: FileAccess.read(project.path(Self.modesFile)))
    } catch let error as AssayError where error.kind == .file {
      throw AssayError(
        .file, "there is no model yet", at: project.path(PredictiveMaintenance.modelFile),
        remedy: "run: assay run \(project.folder)")
    }
    let snapshots = try SnapshotData(project, data, isNew: true)
    let inputs = try snapshots.table.conforming(to: bundle.schema)
    let scores = try bundle.score(inputs, threads: context.threads)
    var columns = ["unit", "cycle"].compactMap { data.table[$0] }
    columns.append(Column("probability", .float(scores.predictions.output(1))))
    if !modes.modes.isEmpty {
      let probabilities = try modes.probabilities(inputs, threads: context.threads)
      let likeliest = (0..<inputs.rowCount).map { FailureModes.likeliest(probabilities, $0) ?? 0 }
      columns.append(Column("mode", .text(TextValues(likeliest.map { modes.names[$0] }))))
      columns.append(
        Column("mode probability", .float(likeliest.indices.map { probabilities[likeliest[$0]][$0] })))
    }
    columns.append(Column("action", .text(TextValues(scores.actions))))
    let reasons = Self.reasons(try bundle.contributions(inputs, threads: context.threads), table: inputs)
    columns.append(Column("reason", .text(TextValues(reasons))))
    return try Table(columns)
  }

  /// For each row the readings that raise its probability most, at most three, with their values; empty where no part of
  /// the model can say.
  static func reasons(_ contributions: ColumnContributions, table: Table) -> [String] {
    (0..<table.rowCount).map { row in
      guard contributions.explainedShare > 0 else { return "" }
      let raising = contributions.row(row).filter { $0.amount > 0 }
        .sorted { ($1.amount, $0.column) < ($0.amount, $1.column) }
      let total = raising.reduce(0) { $0 + $1.amount }
      return raising.prefix(3).filter { $0.amount > 0.1 * total }.compactMap { reason in
        table[reason.column].map { phrase($0, row) }
      }.joined(separator: "; ")
    }
  }

  private static func phrase(_ column: Column, _ row: Int) -> String {
    if column.isMissing(row) { return "\(column.name) is not known" }
    if column.kind == .integer || column.kind == .float {
      return "\(column.name) \(ModeMeasures.plain(column.numbers()[row]))"
    }
    return "\(column.name) \(column.text(at: row) ?? "")"
  }
}
