import Basics
import Foundation
import Projects
import Sequences
import Tables

/// A fleet's records as sequences, with how each unit's record ends.
struct FleetData {
  /// The channels: conditions and sensors.
  let units: UnitSequences
  /// For each unit whether its last row is its failure.
  let failed: [Bool]
  /// For each unit how long it ran on after its last row: 0 where it failed, not-a-number where nobody knows.
  let left: [Double]
  /// The names of the columns that say how units are operated.
  let conditions: [String]
  /// Columns that are no numbers and were left out.
  let skipped: [String]
  /// Rows that had the time of another row of their unit and were merged with it.
  let merged: Int
  /// What time is counted in.
  let time: TimeUnit
  /// Units that failed and then went on, with the row of the failure.
  let revived: [(unit: String, row: Int)]
  /// Units whose time falls back in the middle, as where counting begins anew, with the row of the fall.
  let restarted: [(unit: String, row: Int)]
  /// What several units are called, and the field that says whether one failed: for errors.
  private let nouns: String
  private let failedField: String
  private let parts: [String?]

  init(_ problem: LifeProblem) throws {
    let data = problem.data
    let (conditions, given) = (problem.conditions, problem.sensors)
    for name in conditions + given { _ = try data.table.column(name) }
    let others = data.others.filter { !conditions.contains($0) }
    let numbers = others.filter { [.integer, .float, .boolean].contains(data.table[$0]?.kind) }
    let sensors = given.isEmpty ? numbers : given
    guard !sensors.isEmpty else {
      throw AssayError(
        .data, "no column holds numbers that \(Words.one(problem.noun))'s state could show in",
        at: problem.project.source,
        remedy: "give the readings of sensors, one column each")
    }
    skipped = given.isEmpty ? others.filter { !numbers.contains($0) } : others.filter { !given.contains($0) }
    time = try TimeUnit(problem)
    let table = try time.counting(data.table)
    let units = try Self.reading(conditions + sensors, problem).read(table)
    merged = data.table.rowCount - units.rowCount
    let ends = units.units.map { units.sourceRows[$0.rows.upperBound - 1] }
    let fails = data.numbers(problem.failed)
    let remaining = data.numbers(problem.remaining)
    let failed = ends.map { row in
      if let fails { return fails[row] == 1 }
      return remaining.map { $0[row].isNaN || $0[row] == 0 } ?? true
    }
    left = zip(ends, failed).map { row, hasFailed in hasFailed ? 0 : remaining?[row] ?? .nan }
    let firsts = units.units.map { units.sourceRows[$0.rows.lowerBound] }
    revived = units.units.compactMap { unit in
      guard let fails else { return nil }
      let rows = unit.rows.map { units.sourceRows[$0] }
      guard let last = rows.lastIndex(where: { fails[$0] == 0 }) else { return nil }
      return rows[..<last].last { fails[$0] == 1 }.map { (unit.name, $0) }
    }
    restarted = try Self.restarts(table, problem)
    parts = firsts.map { data.table[problem.part]?.text(at: $0)?.lowercased() }
    self.conditions = conditions
    self.failed = failed
    self.units = units
    nouns = problem.plural
    failedField = problem.failed
  }

  /// Where the time of a unit falls far back after it had risen for a while. Rows that stand in the opposite order, in
  /// no order, or a little late are no such place: sorting mends them.
  private static func restarts(_ table: Table, _ problem: LifeProblem) throws -> [(unit: String, row: Int)] {
    let times = try table.column(problem.time).numbers()
    let names = try table.column(problem.unit)
    var rowsOf: [String: [Int]] = [:]
    var order: [String] = []
    for row in times.indices where !names.isMissing(row) && !times[row].isNaN {
      let name = names.text(at: row) ?? ""
      if rowsOf[name] == nil { order.append(name) }
      rowsOf[name, default: []].append(row)
    }
    return order.compactMap { name in
      let rows = rowsOf[name] ?? []
      let steps = zip(rows, rows.dropFirst()).map { times[$1] - times[$0] }
      let falls = steps.indices.filter { steps[$0] < 0 }
      let rises = steps.filter { $0 > 0 }.sorted()
      guard !falls.isEmpty, rises.count >= 4, falls.count * 5 <= steps.count else { return nil }
      let usual = rises[rises.count / 2]
      return falls.first { -steps[$0] > 5 * usual }.map { (name, rows[$0 + 1]) }
    }
  }

  /// The rows of a record below which nothing of a unit's course can be seen.
  static let leastRows = 5

  /// The units that failed, of which enough was recorded to learn from.
  var usableFailures: Int { zip(units.units, failed).count { $1 && $0.rows.count >= Self.leastRows } }

  /// How records are read: of readings at one moment the mean counts.
  static func reading(_ channels: [String], _ problem: LifeProblem) -> SequenceReading {
    var reading = SequenceReading(unit: problem.unit, time: problem.time, channels: channels)
    reading.repeatedTimes = .mean
    return reading
  }

  /// The positions of the units to learn from and of those to measure on.
  ///
  /// - Throws: a `data` error where a side is empty or nothing failed on it.
  func split(share: Double, key: RandomKey) throws -> (training: [Int], test: [Int]) {
    let all = Array(units.units.indices)
    var test: Set<Int> = []
    if parts.contains(where: { $0 != nil }) {
      test = Set(all.filter { parts[$0] == "test" })
    } else {
      // Units that ran to their end can be judged whole; the others add little.
      let ended = all.filter { failed[$0] }
      var random = key.stream()
      let shuffled = ended.map { ($0, random.next()) }.sorted { $0.1 < $1.1 }.map(\.0)
      test = Set(shuffled.prefix(max(1, Int((share * Double(ended.count)).rounded()))))
    }
    let training = all.filter { !test.contains($0) }
    let failures = training.count { failed[$0] }
    guard failures >= 10 else {
      throw AssayError(
        .data, "\(failures) \(nouns) to learn from were recorded up to a failure, 10 are the least",
        remedy: "give more \(nouns) that failed, or mark where they did in a column \"\(failedField)\"")
    }
    guard test.contains(where: { !left[$0].isNaN }) else {
      throw AssayError(
        .data, "of none of the test \(nouns) it is known how long it ran",
        remedy: "give \(nouns) that failed, or their remaining life")
    }
    return (training, test.sorted())
  }
}
