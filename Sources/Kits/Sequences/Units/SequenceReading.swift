import Basics
import Foundation
import Tables

/// How tables are read as sequences, and what is done about rows that are out of order, doubled or missing.
public struct SequenceReading: Sendable, Hashable, Codable {
  /// What is done about rows whose time is before that of an earlier row of the unit.
  public enum BackwardTimes: String, Sendable, Hashable, Codable {
    /// They are sorted, and a finding says so.
    case sort
    /// A `data` error names the first.
    case refuse
  }

  /// What is done about several rows of a unit with one time.
  public enum RepeatedTimes: String, Sendable, Hashable, Codable {
    /// A `data` error names the first.
    case refuse
    /// The last of them in the table counts, and a finding says so.
    case last
    /// Their mean counts, number by number, missing ones left out, and a finding says so.
    case mean
  }

  /// What is done about steps that are much longer than the unit's usual one.
  public enum Gaps: String, Sendable, Hashable, Codable {
    /// A finding names them.
    case note
    /// A `data` error names the first.
    case refuse
  }

  /// The column that names the unit of a row.
  public var unit: String
  /// The column with the time: numbers such as cycles, or date-times.
  public var time: String
  /// The columns to read; nil for all other columns of numbers or truth values.
  public var channels: [String]?
  /// What is done about time that goes backwards; sorted unless set.
  public var backwardTimes = BackwardTimes.sort
  /// What is done about doubled times; refused unless set.
  public var repeatedTimes = RepeatedTimes.refuse
  /// What is done about gaps; noted unless set.
  public var gaps = Gaps.note
  /// A step is a gap if it is longer than this many times the unit's median step; above 1, 10 unless set.
  public var gapFactor = 10.0

  /// Reading by the columns of the unit and the time; channels are all other numbers unless given.
  public init(unit: String, time: String, channels: [String]? = nil) {
    self.unit = unit
    self.time = time
    self.channels = channels
  }

  /// Reads a table.
  ///
  /// - Throws: a `schema` error for a column that is not there or not of numbers, a `data` error for rows without unit
  ///   or time, infinite numbers, no rows, and for what the settings refuse.
  public func read(_ table: Table) throws -> UnitSequences {
    guard gapFactor > 1 else {
      throw AssayError(.configuration, "the gap factor is \(gapFactor), it must be above 1")
    }
    let unitColumn = try table.column(unit)
    let times = try timeNumbers(table.column(time))
    guard table.rowCount > 0 else {
      throw AssayError(.data, "the table has no rows", remedy: "give at least one row")
    }
    let columns = try channelColumns(table)
    for row in 0..<table.rowCount {
      if unitColumn.isMissing(row) { throw missing("unit", unit, row) }
      if times[row].isNaN { throw missing("time", time, row) }
    }
    let numbers = try columns.map { try channelNumbers($0) }
    var builder = SequenceBuilder(reading: self, numbers: numbers, times: times)
    for (name, rows) in rowsByUnit(unitColumn) { try builder.add(name, rows) }
    return builder.sequences(channels: columns.map(\.name))
  }

  private func missing(_ what: String, _ column: String, _ row: Int) -> AssayError {
    AssayError(
      .data, "the \(what) of row \(row + 1) is missing", at: "column \"\(column)\"",
      remedy: "fill it in, or leave the row out")
  }

  private func timeNumbers(_ column: Column) throws -> [Double] {
    switch column.kind {
    case .integer, .float, .dateTime:
      let numbers = column.numbers()
      if let row = numbers.firstIndex(where: \.isInfinite) {
        throw AssayError(.data, "the time of row \(row + 1) is infinite", at: "column \"\(column.name)\"")
      }
      return numbers
    case .boolean, .text, .category:
      throw AssayError(
        .schema, "its values are \(column.kind.rawValue), times are numbers or dates", at: "column \"\(column.name)\"",
        remedy: "choose the column that counts cycles or has the date")
    }
  }

  private func channelColumns(_ table: Table) throws -> [Column] {
    func isNumeric(_ column: Column) -> Bool { [.integer, .float, .boolean].contains(column.kind) }
    guard let channels else {
      let found = table.columns.filter { $0.name != unit && $0.name != time && isNumeric($0) }
      if found.isEmpty {
        throw AssayError(.schema, "there is no column of numbers besides \"\(unit)\" and \"\(time)\"")
      }
      return found
    }
    return try channels.map { name in
      let column = try table.column(name)
      guard isNumeric(column) else {
        throw AssayError(
          .schema, "its values are \(column.kind.rawValue), channels are numbers", at: "column \"\(name)\"",
          remedy: "leave it out, or turn it into numbers")
      }
      return column
    }
  }

  private func channelNumbers(_ column: Column) throws -> [Float] {
    let numbers = column.numbers().map { Float($0) }
    if let row = numbers.firstIndex(where: \.isInfinite) {
      throw AssayError(
        .data, "an infinite value in row \(row + 1)", at: "column \"\(column.name)\"",
        remedy: "replace it by a number, or leave it empty")
    }
    return numbers
  }

  private func rowsByUnit(_ column: Column) -> [(name: String, rows: [Int])] {
    var positions: [String: Int] = [:]
    var result: [(name: String, rows: [Int])] = []
    for row in 0..<column.count {
      let name = column.text(at: row) ?? ""
      if let position = positions[name] {
        result[position].rows.append(row)
      } else {
        positions[name] = result.count
        result.append((name, [row]))
      }
    }
    return result
  }
}

/// Sequences that grow unit by unit.
private struct SequenceBuilder {
  let reading: SequenceReading
  let numbers: [[Float]]
  let times: [Double]
  private var units: [UnitSequences.Unit] = []
  private var values: [[Float]]
  private var keptTimes: [Double] = []
  private var sourceRows: [Int] = []
  private var findings: [SequenceFinding] = []

  /// From quartile to quartile, steps that differ by more than this are irregular.
  private static let irregularity = 2.0

  init(reading: SequenceReading, numbers: [[Float]], times: [Double]) {
    self.reading = reading
    self.numbers = numbers
    self.times = times
    values = numbers.map { _ in [] }
  }

  mutating func add(_ name: String, _ rows: [Int]) throws {
    let ordered = try inOrder(name, rows)
    let start = keptTimes.count
    var repeated = 0
    var first = 0
    while first < ordered.count {
      var end = first + 1
      while end < ordered.count, times[ordered[end]] == times[ordered[first]] { end += 1 }
      if end - first > 1 {
        repeated += end - first - 1
        try checkRepeated(name, ordered[first..<end])
      }
      append(ordered[first..<end])
      first = end
    }
    if repeated > 0 {
      let treated = reading.repeatedTimes == .mean ? "their mean counts" : "the last of them counts"
      findings.append(
        SequenceFinding(
          .repeatedTimes, unit: name, "\(repeated) row\(repeated == 1 ? " has" : "s have") a time again; \(treated)"))
    }
    let kept = start..<keptTimes.count
    if kept.count == 1 { findings.append(SequenceFinding(.singleRow, unit: name, "the unit has one row")) }
    try checkGaps(name, kept)
    units.append(UnitSequences.Unit(name: name, rows: kept))
  }

  private mutating func inOrder(_ name: String, _ rows: [Int]) throws -> [Int] {
    guard let fall = rows.indices.dropFirst().first(where: { times[rows[$0]] < times[rows[$0 - 1]] }) else {
      return rows
    }
    if reading.backwardTimes == .refuse {
      throw AssayError(
        .data, "time goes backwards from row \(rows[fall - 1] + 1) to row \(rows[fall] + 1)", at: "unit \"\(name)\"",
        remedy: "sort the rows, or allow them to be sorted")
    }
    findings.append(
      SequenceFinding(
        .backwardTimes, unit: name, "time goes backwards at row \(rows[fall] + 1) of the table; rows were sorted"))
    return rows.sorted { (times[$0], $0) < (times[$1], $1) }
  }

  private func checkRepeated(_ name: String, _ rows: ArraySlice<Int>) throws {
    guard reading.repeatedTimes == .refuse, let first = rows.first, let last = rows.last else { return }
    throw AssayError(
      .data, "rows \(first + 1) and \(last + 1) have the same time", at: "unit \"\(name)\"",
      remedy: "leave one out, or say whether the last or the mean counts")
  }

  private mutating func append(_ rows: ArraySlice<Int>) {
    guard let last = rows.last else { return }
    keptTimes.append(times[last])
    sourceRows.append(last)
    for channel in numbers.indices {
      if rows.count == 1 || reading.repeatedTimes != .mean {
        values[channel].append(numbers[channel][last])
      } else {
        let known = rows.map { numbers[channel][$0] }.filter { !$0.isNaN }
        values[channel].append(known.isEmpty ? .nan : known.reduce(0, +) / Float(known.count))
      }
    }
  }

  private mutating func checkGaps(_ name: String, _ rows: Range<Int>) throws {
    guard rows.count > 2 else { return }
    let steps = rows.dropFirst().map { keptTimes[$0] - keptTimes[$0 - 1] }
    let sorted = steps.sorted()
    let usual = sorted[steps.count / 2]
    let (short, far) = (sorted[steps.count / 4], sorted[steps.count * 3 / 4])
    if steps.count >= 8, far > Self.irregularity * short {
      findings.append(
        SequenceFinding(
          .irregularSteps, unit: name,
          "steps are irregular: a quarter is shorter than \(short), a quarter longer than \(far)"))
    }
    let long = steps.indices.filter { steps[$0] > reading.gapFactor * usual }
    guard let first = long.first else { return }
    let row = sourceRows[rows.lowerBound + first + 1] + 1
    let words = "a step of \(steps[first]) before row \(row) of the table, where \(usual) is usual"
    if reading.gaps == .refuse {
      throw AssayError(.data, words, at: "unit \"\(name)\"", remedy: "fill the gap, or allow gaps")
    }
    let more = long.count > 1 ? ", and \(long.count - 1) more" : ""
    findings.append(SequenceFinding(.gap, unit: name, words + more))
  }

  func sequences(channels: [String]) -> UnitSequences {
    UnitSequences(
      units: units, channels: channels, values: values, times: keptTimes, sourceRows: sourceRows, findings: findings)
  }
}
