import Basics

/// What was recorded of units, such as the sensors of machines or the events of customers: for each unit its rows in the
/// order of time.
///
/// The rows of a unit stand next to each other. Numbers are held by channel, one per row, missing ones as
/// not-a-number. Everything else in this module takes such sequences and gives one result per row, in their order;
/// `sourceRows` leads back to the table that they came from.
public struct UnitSequences: Sendable, Equatable {
  /// One unit.
  public struct Unit: Sendable, Hashable {
    /// Its name, as in the table.
    public let name: String
    /// Its rows, the earliest first.
    public let rows: Range<Int>

    /// Creates a unit.
    public init(name: String, rows: Range<Int>) {
      self.name = name
      self.rows = rows
    }
  }

  /// The units, in the order of their first row in the source.
  public let units: [Unit]
  /// The names of the channels.
  public let channels: [String]
  /// One number per row for each channel.
  public let values: [[Float]]
  /// The time of each row, rising within a unit; date-times as seconds since 1970.
  public let times: [Double]
  /// The row of the source that each row came from; the last of them where rows of one time were merged.
  public let sourceRows: [Int]
  /// What was odd and how it was treated.
  public let findings: [SequenceFinding]

  /// Creates sequences from rows that are in order already.
  ///
  /// - Parameters:
  ///   - units: Ranges that follow each other from row 0 to the last.
  ///   - channels: Names, one for each entry of `values`.
  ///   - values: One number per row for each channel.
  ///   - times: One per row, rising within a unit.
  ///   - sourceRows: One per row; the row itself unless given.
  ///   - findings: None unless given.
  public init(
    units: [Unit], channels: [String], values: [[Float]], times: [Double], sourceRows: [Int]? = nil,
    findings: [SequenceFinding] = []
  ) {
    let rows = times.count
    require(
      channels.count == values.count && values.allSatisfy { $0.count == rows }, "UnitSequences",
      "\(channels.count) channels with \(values.map(\.count)) numbers for \(rows) rows")
    require(sourceRows.map { $0.count == rows } ?? true, "UnitSequences", "there must be a source row for each row")
    var next = 0
    for unit in units {
      require(
        unit.rows.lowerBound == next && !unit.rows.isEmpty, "UnitSequences",
        "the rows \(unit.rows) of unit \(unit.name) do not begin at \(next)")
      next = unit.rows.upperBound
    }
    require(next == rows, "UnitSequences", "the units have \(next) rows, the times \(rows)")
    self.units = units
    self.channels = channels
    self.values = values
    self.times = times
    self.sourceRows = sourceRows ?? Array(0..<rows)
    self.findings = findings
  }

  /// The number of rows of all units.
  public var rowCount: Int { times.count }

  /// The unit of each row, as a position in `units`.
  public var unitOfRow: [Int] {
    var result = [Int](repeating: 0, count: rowCount)
    for (position, unit) in units.enumerated() { for row in unit.rows { result[row] = position } }
    return result
  }

  /// The numbers of a channel.
  ///
  /// - Throws: a `schema` error if there is no such channel.
  public func channel(_ name: String) throws -> [Float] {
    guard let position = channels.firstIndex(of: name) else {
      throw AssayError(
        .schema, "there is no channel \"\(name)\"",
        remedy: "the channels are " + channels.map { "\"\($0)\"" }.joined(separator: ", "))
    }
    return values[position]
  }

  /// The sequences of some units, in this order.
  ///
  /// - Parameter positions: Positions in `units`, each at most once.
  public func selecting(units positions: [Int]) -> UnitSequences {
    selecting(positions.map { ($0, units[$0].rows) })
  }

  /// The sequences up to a row of each unit: what was known at that moment.
  ///
  /// - Parameter lengths: How many rows of each unit are kept, at least 1 and at most what there is.
  public func truncated(to lengths: [Int]) -> UnitSequences {
    require(lengths.count == units.count, "truncated", "\(lengths.count) lengths for \(units.count) units")
    return selecting(
      units.indices.map { position in
        let rows = units[position].rows
        require(
          (1...rows.count).contains(lengths[position]), "truncated",
          "\(lengths[position]) of the \(rows.count) rows of unit \(units[position].name)")
        return (position, rows.prefix(lengths[position]))
      })
  }

  private func selecting(_ parts: [(unit: Int, rows: Range<Int>)]) -> UnitSequences {
    var start = 0
    let kept = parts.map { part -> Unit in
      defer { start += part.rows.count }
      return Unit(name: units[part.unit].name, rows: start..<start + part.rows.count)
    }
    func joined<Value>(_ all: [Value]) -> [Value] { parts.flatMap { all[$0.rows] } }
    return UnitSequences(
      units: kept, channels: channels, values: values.map(joined), times: joined(times),
      sourceRows: joined(sourceRows), findings: findings)
  }

  /// The same rows with other channels.
  public func with(channels: [String], values: [[Float]]) -> UnitSequences {
    UnitSequences(
      units: units, channels: channels, values: values, times: times, sourceRows: sourceRows, findings: findings)
  }

  /// The last row of each unit: where its present state stands.
  public var lastRows: [Int] { units.map { $0.rows.upperBound - 1 } }
}

/// Something odd about a unit's rows, and what was done about it.
public struct SequenceFinding: Sendable, Hashable, Codable {
  /// The family of the finding.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Rows stood in another order than their times; they were sorted.
    case backwardTimes
    /// Several rows had one time; they were merged.
    case repeatedTimes
    /// The unit has one row: its windows are filled up, slopes are 0.
    case singleRow
    /// A step much longer than the unit's usual one; rows count as neighbours all the same.
    case gap
    /// Steps differ much all along; rows count as neighbours all the same.
    case irregularSteps
  }

  /// The family.
  public let kind: Kind
  /// The unit.
  public let unit: String
  /// What was found, as a sentence without the final stop.
  public let description: String

  /// Creates a finding.
  public init(_ kind: Kind, unit: String, _ description: String) {
    self.kind = kind
    self.unit = unit
    self.description = description
  }
}
