import Basics

/// What is to be predicted of units that end in a failure: the time left, or whether they fail soon.
///
/// The time left at a row is the time of the unit's last row minus that of the row. Some units are censored: recorded
/// up to a moment at which they still ran. Of their rows the time left is known to be at least what was observed, so a
/// row has a label only where that decides it.
public struct LifeTarget: Sendable, Hashable {
  /// What a row's label says.
  public enum Kind: Sendable, Hashable, Codable {
    /// The time left, but no more than a cap above 0: far from its end a unit shows no sign of it, and the target is
    /// flat there (Heimes 2008). Nil for no cap.
    case remainingLife(cap: Double?)
    /// 1 if the unit fails within that time after the row, else 0; above 0.
    case failure(within: Double)
  }

  /// One number per row; not-a-number where the record does not tell.
  public let labels: [Double]
  /// The rows that have a label, ascending.
  public let known: [Int]
  /// The observed time to the unit's last row, one per row.
  public let observed: [Double]
  /// Whether the unit of each row failed at its last row.
  public let fails: [Bool]

  /// Computes labels.
  ///
  /// - Parameters:
  ///   - units: The units up to their failure or to the end of their record.
  ///   - kind: What the labels say.
  ///   - failed: For each unit whether its last row is its failure; all unless given.
  /// - Throws: a `configuration` error for a cap or horizon that is not above 0, a `data` error if no row has a label.
  public init(_ units: UnitSequences, _ kind: Kind, failed: [Bool]? = nil) throws {
    require(
      failed.map { $0.count == units.units.count } ?? true, "LifeTarget",
      "\(failed?.count ?? 0) truth values for \(units.units.count) units")
    switch kind {
    case .remainingLife(let cap?) where !(cap > 0):
      throw AssayError(.configuration, "the cap of the remaining life is \(cap), it must be above 0")
    case .failure(let horizon) where !(horizon > 0):
      throw AssayError(.configuration, "the horizon of failures is \(horizon), it must be above 0")
    default: break
    }
    var labels = [Double](repeating: .nan, count: units.rowCount)
    var observed = labels
    var fails = [Bool](repeating: true, count: units.rowCount)
    for (position, unit) in units.units.enumerated() {
      let hasFailed = failed?[position] ?? true
      let end = units.times[unit.rows.upperBound - 1]
      for row in unit.rows {
        let left = end - units.times[row]
        observed[row] = left
        fails[row] = hasFailed
        switch kind {
        case .remainingLife(let cap):
          let isCapped = cap.map { left >= $0 } ?? false
          if hasFailed || isCapped { labels[row] = min(left, cap ?? .infinity) }
        case .failure(let horizon):
          if hasFailed || left >= horizon { labels[row] = hasFailed && left <= horizon ? 1 : 0 }
        }
      }
    }
    self.labels = labels
    self.observed = observed
    self.fails = fails
    known = labels.indices.filter { !labels[$0].isNaN }
    if known.isEmpty {
      throw AssayError(
        .data, "no unit of \(units.units.count) failed, so no row tells what is to be predicted",
        remedy: "add units that were recorded up to their failure")
    }
  }
}
