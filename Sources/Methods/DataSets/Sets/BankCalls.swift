import Basics
import Tables

/// Calls at a large North American bank, counted every five minutes of 164 weekdays.
public enum BankCalls {
  /// The set.
  public static let dataSet = DataSet(card) { files, _ in [DataSet.NamedTable("calls", try load(from: files).table())] }

  /// Counts by day and time of day.
  public struct Arrivals: Sendable, Hashable {
    /// The days since 1970-01-01, ascending; days without calls, such as weekends, are left out.
    public let days: [Int]
    /// The minutes after midnight at which the intervals of a day begin.
    public let minutes: [Int]
    /// The calls, day after day: `days.count * minutes.count` of them.
    public let counts: [Double]

    /// The calls of the day at a position.
    public func counts(ofDay day: Int) -> ArraySlice<Double> {
      counts[day * minutes.count..<(day + 1) * minutes.count]
    }

    /// One row per interval: `time` (date-time), `day` (0, 1, ...), `interval` (0, 1, ...), `weekday` (1 is Monday) and
    /// `calls`.
    public func table() throws -> Table {
      let positions = days.indices.flatMap { day in minutes.indices.map { (day: day, interval: $0) } }
      return try Table([
        Column(
          "time",
          .dateTime(positions.map { (Int64(days[$0.day]) * 1_440 + Int64(minutes[$0.interval])) * 60_000_000 })),
        Column("day", .integer(positions.map { Int64($0.day) })),
        Column("interval", .integer(positions.map { Int64($0.interval) })),
        Column(
          "weekday", .integer(positions.map { Int64(CalendarDate(daysSince1970: days[$0.day]).weekday) })),
        Column("calls", .float(counts)),
      ])
    }
  }

  /// Reads the counts: a header with the days (day/month/year), then one line per interval.
  ///
  /// - Throws: a `format` error that names the line.
  public static func load(from files: LocalDataSet) throws -> Arrivals {
    let path = try files.path(card.files[0].name)
    let text = String(decoding: try DecompressedFile.bytes(of: path), as: UTF8.self)
    var lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    guard !lines.isEmpty else { throw AssayError(.format, "the file is empty", at: path) }
    let header = lines.removeFirst()
    func fail(_ problem: String, _ line: Int) -> AssayError {
      AssayError(.format, problem, at: "\(path), line \(line)")
    }
    let days = try header.dropFirst().map { cell in
      let parts = cell.split(separator: "/").map { Int($0.filter { $0 != " " }) }
      guard parts.count == 3, let day = parts[0], let month = parts[1], let year = parts[2],
        let days = CalendarDate.daysSince1970(year: year, month: month, day: day)
      else { throw fail("\"\(cell)\" is no date by day/month/year", 1) }
      return days
    }
    guard zip(days, days.dropFirst()).allSatisfy({ $0 < $1 }) else { throw fail("the days do not ascend", 1) }
    var minutes: [Int] = []
    var counts = [Double](repeating: 0, count: days.count * lines.count)
    for (interval, cells) in lines.enumerated() {
      let clock = cells[0].split(separator: ":").compactMap { Int($0.filter { $0 != " " }) }
      guard cells.count == days.count + 1, clock.count == 2 else {
        throw fail("a line must hold a time of day and \(days.count) counts", interval + 2)
      }
      minutes.append(clock[0] * 60 + clock[1])
      for (day, cell) in cells.dropFirst().enumerated() {
        guard let count = Double(cell.filter { $0 != " " }), count >= 0 else {
          throw fail("\"\(cell)\" is no count", interval + 2)
        }
        counts[day * lines.count + interval] = count
      }
    }
    return Arrivals(days: days, minutes: minutes, counts: counts)
  }

  /// What the set is.
  public static let card = DataSetCard(
    name: "bank-call-arrivals", title: "calls at a North American bank, five-minute counts, 164 weekdays of 2003",
    problem: .capacity, publisher: "https://github.com/robjhyndman/stR",
    licence: "the repository is GPL-3; the data were published by R. J. Hyndman without a licence of their own",
    citation:
      "A. M. De Livera, R. J. Hyndman, R. D. Snyder, Forecasting time series with complex seasonal patterns using "
      + "exponential smoothing, JASA 106, 2011; J. Weinberg, L. D. Brown, J. R. Stroud, JASA 102, 2007",
    files: [
      DataFile(
        "callcenter.csv.gz", bytes: 35_371, sha256: "1e935fb992444a7f900e03e311aa4d07a8251c0496cb33b885424603eae8d9bd",
        plain: .init(bytes: 108_712, sha256: "7f39d08b7f68184e98c014b61bd14565d62d38e0099ea8c1a5b352224355009d"),
        address: "https://raw.githubusercontent.com/robjhyndman/stR/HEAD/externalTests/callcenter.csv")
    ],
    shape: "164 days x 169 intervals, 5,323,661 calls", target: "the calls per interval of the next day",
    split: "none given: each of the last 20 days from all days before it",
    metric: "RMSE and MAE per interval against the same interval one week before",
    notes: ["seasonal periods are 169 intervals (a day) and 845 (five weekdays)", "tab-separated despite its name"])
}
