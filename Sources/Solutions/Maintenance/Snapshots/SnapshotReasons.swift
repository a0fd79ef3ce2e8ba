import Experiments
import Tables

/// Why a piece of work is risky: the readings that raise the probability of its likeliest failure mode, or of a failure
/// where no mode is known.
struct SnapshotReasons {
  let bundle: ModelBundle
  let modes: FailureModes
  let threads: Int

  /// For each row at most three readings with their values and with what is usual; empty where no part of the model can
  /// say.
  ///
  /// - Parameters:
  ///   - table: The rows, with the column of what the modes say together where there are modes.
  ///   - likeliest: The position of each row's likeliest mode; nil without modes.
  func sentences(_ table: Table, likeliest: [Int?]) throws -> [String] {
    var sentences = [String](repeating: "", count: table.rowCount)
    for (mode, rows) in Dictionary(grouping: sentences.indices, by: { likeliest[$0] }) {
      let part = table.selecting(rows: rows)
      let model = mode.flatMap { modes.modes[$0].model } ?? bundle
      let contributions = try model.contributions(part, threads: threads)
      guard contributions.explainedShare > 0 else { continue }
      for (place, row) in rows.enumerated() { sentences[row] = sentence(contributions.row(place), part, place) }
    }
    return sentences
  }

  private func sentence(_ contributions: [ColumnContribution], _ table: Table, _ row: Int) -> String {
    let raising = contributions.filter { $0.amount > 0 && $0.column != FailureModes.column }
      .sorted { ($1.amount, $0.column) < ($0.amount, $1.column) }
    let total = raising.reduce(0) { $0 + $1.amount }
    return raising.prefix(3).filter { $0.amount > 0.1 * total }.compactMap { reason in
      table[reason.column].map { phrase($0, row) }
    }.joined(separator: "; ")
  }

  private func phrase(_ column: Column, _ row: Int) -> String {
    if column.isMissing(row) { return "\(column.name) is not known" }
    guard column.kind == .integer || column.kind == .float else {
      return "\(column.name) \(column.text(at: row) ?? "")"
    }
    let value = column.selecting(rows: [row]).numbers()[0]
    let usual = bundle.usual?[column.name]?.words(for: value) ?? ""
    return "\(column.name) \(ModeMeasures.plain(value))" + (usual.isEmpty ? "" : " (\(usual))")
  }
}
