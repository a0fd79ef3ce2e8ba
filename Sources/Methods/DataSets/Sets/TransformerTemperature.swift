import Basics
import Tables

/// ETTh1: the loads and the oil temperature of an electricity transformer, by the hour.
public enum TransformerTemperature {
  /// The set.
  public static let dataSet = DataSet(card) { files, threads in
    [DataSet.NamedTable("hours", try table(from: files, threads: threads))]
  }

  /// The seven columns that are forecast; `OT` is the oil temperature.
  public static let columns = ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"]
  /// The hours of the standard parts: 12 months to train, 4 to validate, 4 to test, of 30 days each.
  public static let parts: [(name: String, hours: Int)] = [("train", 8_640), ("validation", 2_880), ("test", 2_880)]
  /// The column that the loader adds: train, validation, test, and unused for the hours behind.
  public static let splitColumn = "split"

  /// Reads the hours: `date` as date-time, the seven columns, and `split`.
  public static func table(from files: LocalDataSet, threads: Int = 1) throws -> Table {
    let path = try files.path(card.files[0].name)
    let kinds = Dictionary(uniqueKeysWithValues: columns.map { ($0, ColumnKind.float) })
      .merging(["date": .dateTime]) { first, _ in first }
    let table = try TableReader.read(path, options: ReadOptions(kinds: kinds), threads: threads)
    var codes: [Int32] = []
    for (code, part) in parts.enumerated() { codes += Array(repeating: Int32(code), count: part.hours) }
    codes += Array(repeating: Int32(parts.count), count: max(0, table.rowCount - codes.count))
    let split = CategoryValues(codes: Array(codes.prefix(table.rowCount)), levels: parts.map(\.name) + ["unused"])
    return try table.setting(Column(splitColumn, .category(split)))
  }

  private static func results(_ source: String, _ rows: KeyValuePairs<String, [Double]>) -> [PublishedResult] {
    let measures = [96, 192, 336, 720].flatMap { ["MSE at \($0)", "MAE at \($0)"] }
    return PublishedResult.table(measures, source: source, rows)
  }

  /// What the set is.
  public static let card = DataSetCard(
    name: "etth1", title: "loads and oil temperature of a transformer, hourly, two years (ETTh1)", problem: .capacity,
    publisher: "https://github.com/zhouhaoyi/ETDataset", licence: "CC BY-ND 4.0",
    citation: "H. Zhou, S. Zhang, J. Peng et al., Informer: Beyond Efficient Transformer for Long Sequence Time-Series "
      + "Forecasting, AAAI 2021",
    files: [
      DataFile(
        "ETTh1.csv.gz", bytes: 405_601, sha256: "f1141f82f9d46968f05afa77ba16abfc4f790fe07583f9de06bb685b29a5411f",
        plain: .init(bytes: 2_589_657, sha256: "f18de3ad269cef59bb07b5438d79bb3042d3be49bdeecf01c1cd6d29695ee066"),
        address: "https://raw.githubusercontent.com/zhouhaoyi/ETDataset/HEAD/ETT-small/ETTh1.csv")
    ],
    shape: "17,420 hours from 2016-07-01 x 8 columns", target: "all seven columns, or OT alone",
    split: "the first 8,640 hours train, the next 2,880 validation, the next 2,880 test",
    metric: "MSE and MAE on columns standardised by the training part, over all windows, steps and columns",
    results: results(
      "LTSF-Benchmark.md in cure-lab/LTSF-Linear (A. Zeng et al., AAAI 2023)",
      [
        "Linear": [0.375, 0.397, 0.418, 0.429, 0.479, 0.476, 0.624, 0.592],
        "NLinear": [0.374, 0.394, 0.408, 0.415, 0.429, 0.427, 0.440, 0.453],
        "DLinear": [0.375, 0.399, 0.405, 0.416, 0.439, 0.443, 0.472, 0.490],
        "FEDformer-f": [0.376, 0.419, 0.420, 0.448, 0.459, 0.465, 0.506, 0.507],
        "Autoformer": [0.449, 0.459, 0.500, 0.482, 0.521, 0.496, 0.514, 0.512],
        "Informer": [0.865, 0.713, 1.008, 0.792, 1.107, 0.809, 1.181, 0.865],
        "LogTrans": [0.878, 0.740, 1.037, 0.824, 1.238, 0.932, 1.135, 0.852],
        "Reformer": [0.837, 0.728, 0.923, 0.766, 1.097, 0.835, 1.257, 0.889],
      ])
      + results(
        "repeated in later papers",
        [
          "last value repeated": [1.295, 0.713, 1.325, 0.733, 1.323, 0.744, 1.339, 0.756],
          "PatchTST/64": [0.370, 0.400, 0.413, 0.429, 0.422, 0.440, 0.447, 0.468],
        ]))
}
