import Basics
import Tables

/// The hourly and weekly series of the M4 competition.
public enum M4 {
  /// The set: per frequency the training values in long form, and the test values.
  public static let dataSet = DataSet(card) { files, threads in
    try Frequency.allCases.flatMap { frequency in
      let series = try load(frequency, from: files, threads: threads)
      return [
        DataSet.NamedTable("\(frequency.rawValue) train", try long(series.map { ($0.name, $0.train) })),
        DataSet.NamedTable("\(frequency.rawValue) test", try long(series.map { ($0.name, $0.test) })),
      ]
    }
  }

  /// The frequencies that the set holds.
  public enum Frequency: String, Sendable, Hashable, Codable, CaseIterable {
    /// 414 series of 700 or 960 hours.
    case hourly
    /// 359 series of 80 to 2,597 weeks.
    case weekly

    /// The number of steps to forecast.
    public var horizon: Int { self == .hourly ? 48 : 13 }
    /// The season by which MASE scales errors.
    public var season: Int { self == .hourly ? 24 : 1 }
    /// The mean sMAPE in percent and the mean MASE of the method Naive2, against which OWA compares.
    public var naive2: (smape: Double, mase: Double) { self == .hourly ? (18.383, 2.395) : (9.161, 2.777) }

    fileprivate var stem: String { self == .hourly ? "Hourly" : "Weekly" }
  }

  /// A series of the competition.
  public struct CompetitionSeries: Sendable, Hashable {
    /// Its name: H1, W359.
    public let name: String
    /// The values that were known, the oldest first.
    public let train: [Double]
    /// The values that followed, `horizon` of them.
    public let test: [Double]
  }

  /// Reads the series of a frequency.
  ///
  /// - Throws: a `format` error if training and test files do not hold the same series, or values are missing inside.
  public static func load(
    _ frequency: Frequency, from files: LocalDataSet, threads: Int = 1
  ) throws -> [CompetitionSeries] {
    let path = try files.path("\(frequency.stem)-test.csv.gz")
    let train = try rows(files.path("\(frequency.stem)-train.csv.gz"), threads: threads)
    let test = try rows(path, threads: threads)
    guard train.map(\.name) == test.map(\.name) else {
      throw AssayError(.format, "the series are not those of the training file", at: path)
    }
    return try zip(train, test).map { train, test in
      guard test.values.count == frequency.horizon else {
        throw AssayError(
          .format, "the series \(test.name) has \(test.values.count) values instead of \(frequency.horizon)", at: path)
      }
      return CompetitionSeries(name: train.name, train: train.values, test: test.values)
    }
  }

  /// One series per row: its name, its values, then empty cells.
  private static func rows(_ path: String, threads: Int) throws -> [(name: String, values: [Double])] {
    let options = ReadOptions(hasHeader: true, delimiter: ",", kinds: ["V1": .text])
    let table = try TableReader.read(path, options: options, threads: threads)
    guard case .text(let names)? = table.columns.first?.values else {
      throw AssayError(.format, "the first column must name the series", at: path)
    }
    let columns = table.columns.dropFirst().map { $0.numbers() }
    return try (0..<table.rowCount).map { row in
      let all = columns.map { $0[row] }
      let count = all.firstIndex { $0.isNaN } ?? all.count
      if all[count...].contains(where: { !$0.isNaN }) {
        throw AssayError(.format, "a value is missing inside the series", at: "\(path), row \(row + 1)")
      }
      return (names[row] ?? "", Array(all[..<count]))
    }
  }

  private static func long(_ series: [(name: String, values: [Double])]) throws -> Table {
    let codes = series.enumerated().flatMap { Array(repeating: Int32($0.offset), count: $0.element.values.count) }
    return try Table([
      Column("series", .category(CategoryValues(codes: codes, levels: series.map(\.name)))),
      Column("step", .integer(series.flatMap { $0.values.indices.map { Int64($0 + 1) } })),
      Column("value", .float(series.flatMap(\.values))),
    ])
  }
}
