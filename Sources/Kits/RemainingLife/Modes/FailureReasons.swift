import Experiments
import Tables

/// Why a unit is at risk: the readings that raise the probability of its likeliest failure mode, or of a failure where no
/// mode is known.
public struct FailureReasons {
  let bundle: ModelBundle
  let modes: FailureModes
  let threads: Int

  /// Prepares reasons.
  ///
  /// - Parameters:
  ///   - bundle: Tells the probability of a failure.
  ///   - modes: Tell those of its modes.
  ///   - threads: The threads to use; the result does not depend on their number.
  public init(bundle: ModelBundle, modes: FailureModes, threads: Int) {
    self.bundle = bundle
    self.modes = modes
    self.threads = threads
  }

  /// For each row the columns of at most three readings, the strongest first; empty where no part of the model can say.
  ///
  /// - Parameters:
  ///   - table: The rows, with the column of what the modes say together where there are modes.
  ///   - likeliest: The position of each row's likeliest mode; nil without modes.
  /// - Throws: a `schema` error where the table lacks columns that were learned from.
  public func readings(_ table: Table, likeliest: [Int?]) throws -> [[String]] {
    var readings = [[String]](repeating: [], count: table.rowCount)
    for (mode, rows) in Dictionary(grouping: readings.indices, by: { likeliest[$0] }) {
      let model = mode.flatMap { modes.modes[$0].model } ?? bundle
      let contributions = try model.contributions(table.selecting(rows: rows), threads: threads)
      guard contributions.explainedShare > 0 else { continue }
      for (place, row) in rows.enumerated() { readings[row] = Self.strongest(contributions.row(place)) }
    }
    return readings
  }

  private static func strongest(_ contributions: [ColumnContribution]) -> [String] {
    let raising = contributions.filter { $0.amount > 0 && $0.column != FailureModes.column }
      .sorted { ($1.amount, $0.column) < ($0.amount, $1.column) }
    let total = raising.reduce(0) { $0 + $1.amount }
    return raising.prefix(3).filter { $0.amount > 0.1 * total }.map(\.column)
  }
}
