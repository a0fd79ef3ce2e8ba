import Basics
import Foundation

/// Whether the events of groups come at the same rate (Mantel 1966).
public struct LogRankTest: Sendable, Codable, Hashable {
  /// The events counted in each group.
  public let observed: [Double]
  /// The events that each group would have had if all had the same hazard at every time.
  public let expected: [Double]
  /// The test statistic: chi-squared if there is no difference.
  public let statistic: Double
  /// The groups that had units at risk, minus one.
  public let degrees: Int
  /// The probability of a statistic at least this large if there were no difference.
  public let pValue: Double

  /// Compares groups; within strata where the outcomes have them.
  ///
  /// - Parameters:
  ///   - outcomes: All units.
  ///   - groups: The group of each row, 0, 1, ...
  /// - Throws: a `data` error for fewer than two groups, another number of rows, or no events.
  public init(_ outcomes: SurvivalOutcomes, groups: [Int]) throws {
    guard groups.count == outcomes.count else {
      throw AssayError(.data, "there are \(outcomes.count) outcomes but \(groups.count) groups")
    }
    guard let last = groups.max(), let first = groups.min(), first >= 0, first < last else {
      throw AssayError(.data, "a comparison needs two groups, numbered from 0", remedy: "give a group to each row")
    }
    try outcomes.requireEvents()
    let count = last + 1
    var observed = [Double](repeating: 0, count: count)
    var expected = observed
    var variance = [Double](repeating: 0, count: count * count)
    for stratum in 0..<outcomes.stratumCount {
      let rows = outcomes.times.indices.filter { (outcomes.strata?[$0] ?? 0) == stratum }
      guard !rows.isEmpty else { continue }
      let all = EventTable(outcomes, rows: rows)
      let tables = (0..<count).map { group in GroupTable(outcomes, rows: rows.filter { groups[$0] == group }) }
      for position in all.eventPositions {
        let (time, deaths, risk) = (all.times[position], all.events[position], all.atRisk[position])
        let shares = tables.map { $0.atRisk(time) / risk }
        let spread = risk > 1 ? deaths * (risk - deaths) / (risk - 1) : 0
        for a in 0..<count {
          observed[a] += tables[a].events(time)
          expected[a] += deaths * shares[a]
          for b in 0..<count {
            variance[a * count + b] += spread * shares[a] * ((a == b ? 1 : 0) - shares[b])
          }
        }
      }
    }
    // The differences sum to 0: one group is left out, and those that were never at risk set themselves aside.
    let size = count - 1
    let part = (0..<size * size).map { variance[($0 / size) * count + $0 % size] }
    let solver = SymmetricSolver(part, size: size)
    let differences = (0..<size).map { observed[$0] - expected[$0] }
    let solution = solver.solve(differences)
    self.observed = observed
    self.expected = expected
    statistic = zip(differences, solution).reduce(0) { $0 + $1.0 * $1.1 }
    degrees = solver.isAside.count { !$0 }
    pValue = degrees > 0 ? chiSquaredProbability(above: statistic, degrees: Double(degrees)) : 1
  }
}

/// What a group had at a time.
private struct GroupTable {
  private let table: EventTable
  /// Rising entries with the weight that has entered up to each; empty where all are watched from 0.
  private let ends: (times: [Double], sums: [Double])
  private let starts: (times: [Double], sums: [Double])

  init(_ outcomes: SurvivalOutcomes, rows: [Int]) {
    table = EventTable(outcomes, rows: rows)
    func cumulated(_ pairs: [(Double, Double)]) -> (times: [Double], sums: [Double]) {
      let sorted = pairs.sorted { $0.0 < $1.0 }
      var sum = 0.0
      return (
        sorted.map(\.0),
        [0]
          + sorted.map {
            sum += $0.1
            return sum
          }
      )
    }
    ends = cumulated(rows.map { (outcomes.times[$0], outcomes.weight($0)) })
    starts = cumulated(rows.map { (outcomes.entries?[$0] ?? -1, outcomes.weight($0)) })
  }

  func atRisk(_ time: Double) -> Double {
    starts.sums[firstIndex(in: starts.times, atLeast: time)] - ends.sums[firstIndex(in: ends.times, atLeast: time)]
  }

  func events(_ time: Double) -> Double {
    let index = firstIndex(in: table.times, atLeast: time)
    return index < table.times.count && table.times[index] == time ? table.events[index] : 0
  }
}
