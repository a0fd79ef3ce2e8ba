import Basics
import Tables
import TimeSeries

/// The rows of the data by series, with the columns that are known in advance.
public struct DemandRecords: Sendable {
  /// One per series, by its path; the columns are those of `drivers`, then the holidays where they are a field.
  public let records: [RecordedPanel.Records]
  /// The regions and names of the series, in the same order.
  public let paths: [[String]]
  /// The rows of each series, from 0, in the order of the data.
  public let rows: [[Int]]
  /// The rows with a demand below 0.
  public let negativeCount: Int
  /// The names of the columns that are drivers.
  public let drivers: [String]
  /// Whether the data say which moments are holidays.
  public let hasHolidays: Bool

  /// Sorts rows by series.
  ///
  /// - Parameters:
  ///   - times: The moment of each row, in seconds since 1970.
  ///   - demand: The demand of each row; not-a-number where it is not known.
  ///   - unserved: 1 in rows whose demand could not be met, so that their number says nothing; nil where nobody marked them.
  ///   - names: The columns that tell series apart, the widest (the region) first.
  ///   - drivers: The columns of numbers that are known in advance.
  ///   - holidays: 1 in rows of holidays; nil where the data do not say.
  ///   - timeName: What the column of times is called, for errors.
  /// - Throws: a `data` error for a row without a time.
  public init(
    times: [Double], demand: [Double], unserved: [Double]? = nil, names: [Column] = [], drivers: [Column] = [],
    holidays: [Double]? = nil, timeName: String = "time"
  ) throws {
    negativeCount = demand.count { $0 < 0 }
    var demand = demand
    if let unserved {
      for row in demand.indices where unserved[row] == 1 { demand[row] = .nan }
    }
    self.drivers = drivers.map(\.name)
    hasHolidays = holidays != nil
    let columns = drivers.map { $0.numbers() } + [holidays].compactMap { $0 }
    var groups: [[String]: [Int]] = [:]
    for row in times.indices {
      guard !times[row].isNaN else {
        throw AssayError(
          .data, "row \(row + 1) has no time", at: "column \"\(timeName)\"", remedy: "fill it in, or remove the row")
      }
      groups[names.map { $0.text(at: row) ?? "(none)" }, default: []].append(row)
    }
    let (paths, rows) = Self.sorted(groups)
    self.paths = paths
    self.rows = rows
    records = zip(paths, rows).map { path, rows in
      RecordedPanel.Records(
        path.isEmpty ? "demand" : path.joined(separator: " / "), moments: rows.map { Int(times[$0]) },
        values: rows.map { demand[$0] }, columns: columns.map { column in rows.map { column[$0] } })
    }
  }

  private static func sorted(_ groups: [[String]: [Int]]) -> (paths: [[String]], rows: [[Int]]) {
    let paths = groups.keys.sorted { $0.lexicographicallyPrecedes($1) }
    return (paths, paths.map { groups[$0] ?? [] })
  }
}
