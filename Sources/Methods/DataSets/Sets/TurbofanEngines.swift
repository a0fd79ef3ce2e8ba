import Basics
import Tables

/// Turbofan engines run to failure (C-MAPSS): the four subsets FD001 to FD004.
public enum TurbofanEngines {
  /// The set FD001; the files of the other subsets may lie beside its own, see `load(_:folder:)`.
  public static let dataSet = DataSet(card) { files, threads in
    let data = try load(.fd001, folder: files.folder, threads: threads)
    let lives = Column("rul", .integer(data.remainingLife.map(Int64.init)))
    let units = Column("unit", .integer(data.remainingLife.indices.map { Int64($0 + 1) }))
    return [
      DataSet.NamedTable("train", data.train), DataSet.NamedTable("test", data.test),
      DataSet.NamedTable("truth", try Table([units, lives])),
    ]
  }

  /// The subsets: one or six operating conditions, one or two kinds of failure.
  public enum Subset: String, Sendable, Hashable, Codable, CaseIterable {
    /// One condition, one kind of failure.
    case fd001 = "FD001"
    /// Six conditions, one kind of failure.
    case fd002 = "FD002"
    /// One condition, two kinds of failure.
    case fd003 = "FD003"
    /// Six conditions, two kinds of failure.
    case fd004 = "FD004"
  }

  /// The histories of a subset.
  public struct Histories: Sendable {
    /// Engines that ran to failure: `unit`, `cycle`, `setting_1` to `setting_3`, `sensor_1` to `sensor_21`.
    public let train: Table
    /// Other engines, cut off some time before they failed, with the same columns.
    public let test: Table
    /// The true cycles left after the last row of test units 1, 2, ....
    public let remainingLife: [Int]
  }

  /// The names of the columns of a history.
  public static let columns =
    ["unit", "cycle"] + (1...3).map { "setting_\($0)" } + (1...21).map { "sensor_\($0)" }

  /// Reads a subset: `train_FD001.txt`, `test_FD001.txt` and `RUL_FD001.txt`, each also with `.gz` behind.
  ///
  /// - Throws: a `file` error if a file is not there, a `format` error if it has other columns or cycles that do not
  ///   ascend, or the number of true lives is not that of the test engines.
  public static func load(_ subset: Subset, folder: String, threads: Int = 1) throws -> Histories {
    let files = LocalDataSet(name: "cmapss-\(subset.rawValue.lowercased())", folder: folder)
    let test = try history(files.path("test_\(subset.rawValue).txt.gz"), threads: threads)
    let path = try files.path("RUL_\(subset.rawValue).txt.gz")
    let lives = try TableReader.read(path, options: ReadOptions(hasHeader: false, delimiter: " "))
    guard case .integer(let values)? = lives.columns.first?.values, values.allSatisfy({ $0 >= 0 }) else {
      throw AssayError(.format, "the true lives must be whole numbers, one a line", at: path)
    }
    guard case .integer(let units)? = test["unit"]?.values, values.count == Set(units).count else {
      throw AssayError(.format, "there are \(values.count) true lives for another number of test engines", at: path)
    }
    let train = try history(files.path("train_\(subset.rawValue).txt.gz"), threads: threads)
    return Histories(train: train, test: test, remainingLife: values.map { Int($0) })
  }

  private static func history(_ path: String, threads: Int) throws -> Table {
    let options = ReadOptions(hasHeader: false, delimiter: " ")
    let table = try TableReader.read(path, options: options, threads: threads)
    // The lines end in blanks, which readers may take for one more column without values.
    let filled = table.columns.filter { $0.missingCount < $0.count }
    guard filled.count == columns.count else {
      throw AssayError(.format, "there are \(filled.count) columns instead of \(columns.count)", at: path)
    }
    let named = try zip(columns, filled).map { name, column in
      Column(name, try column.converted(to: name == "unit" || name == "cycle" ? .integer : .float).values)
    }
    guard case .integer(let units) = named[0].values, case .integer(let cycles) = named[1].values else {
      throw AssayError(.format, "engines and cycles must be whole numbers", at: path)
    }
    for row in units.indices.dropFirst() where units[row] == units[row - 1] && cycles[row] <= cycles[row - 1] {
      throw AssayError(.format, "the cycles of engine \(units[row]) do not ascend", at: "\(path), row \(row + 1)")
    }
    return try Table(named)
  }

  /// What FD001 is.
  public static let card = DataSetCard(
    name: "cmapss-fd001", title: "turbofan engines run to failure (C-MAPSS, subset FD001; simulated)",
    problem: .maintenance, publisher: "https://github.com/mohamednjah/CMAPSS-Data",
    licence: "no licence file; a release of NASA, a part of the US government, that asks for the citation",
    citation:
      "A. Saxena, K. Goebel, D. Simon, N. Eklund, Damage Propagation Modeling for Aircraft Engine Run-to-Failure "
      + "Simulation, PHM 2008",
    files: [
      DataFile(
        "train_FD001.txt.gz", bytes: 793_861,
        sha256: "c911ac76a7d33e776bdc34ad2f1dbe85ec48d16f44d0d65965b63279b84573c9",
        plain: .init(bytes: 3_515_356, sha256: "963b5e22825b34d8b21c69e1aeb4af3e647050eb672ee8834ba4b5d91d2de0f8")),
      DataFile(
        "test_FD001.txt.gz", bytes: 487_924, sha256: "5388fbf775798352d0a936b06edacbf95c78abd907ab1242ee6076f520bfeb7d",
        plain: .init(bytes: 2_228_855, sha256: "3cda7109ce17bafb5443f2ac926cfcf88154b941b8c4cf95eb55d1ddd6f52851")),
      DataFile(
        "RUL_FD001.txt.gz", bytes: 195, sha256: "e0ac4e4c659fafb32d2766e1d08f36f1fcbd7c73a65b8591f8ed2e4614bd3784",
        plain: .init(bytes: 429, sha256: "a19c8ec94931949d0485bdc35118206e9c81c4547b422efb9cf86f4ceddbceca")),
    ],
    shape: "train 20,631 rows of 100 engines, test 13,096 rows of 100 others, 26 columns",
    target: "cycles left after the last row of each test engine; in training capped at 125",
    split: "given: test engines are cut off before they fail, their true lives are in a file of their own",
    metric:
      "RMSE over the 100 test engines; score: the sum of exp(-d / 13) - 1 for d < 0 and exp(d / 10) - 1 otherwise, "
      + "d = predicted - true; lower is better",
    results: PublishedResult.table(
      ["RMSE", "score"], source: "comparison in the repository LLerDagu/RUL-FFVE",
      [
        "MLP": [37.56, 18_000], "SVR": [20.96, 1_380], "RVR": [23.80, 1_500], "CNN (Babu et al. 2016)": [18.45, 1_299],
        "deep LSTM (Zheng et al. 2017)": [16.14, 338], "AGCNN": [12.42, 225.5], "MS-DCNN": [11.44, 196.22],
        "bi-level LSTM": [11.80, 194], "MTSTAN": [10.97, 175.36],
      ])
      + PublishedResult.table(
        ["RMSE", "score"], source: "arXiv 2604.27234", ["LSTM, 1 layer": [14.93, .nan], "1-D CNN": [16.97, .nan]])
      + PublishedResult.table(
        ["RMSE", "score"], source: "X. Li, Q. Ding, J.-Q. Sun 2018, tables 1 to 4",
        ["DCNN, window of 30, cap 125": [12.61, 273.7]]),
    notes: ["sensors 1, 5, 10, 16, 18 and 19 are constant in FD001, sensor 6 nearly so"])
}
