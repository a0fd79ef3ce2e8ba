import Basics
import Tables

/// The card payments of the Fraud Detection Handbook: simulated, with a published split and published scores.
public enum CardFraud {
  /// The set.
  public static let dataSet = DataSet(card) { files, threads in
    [DataSet.NamedTable("transactions", try table(from: files, threads: threads))]
  }

  /// The column to predict, 0 or 1.
  public static let target = "TX_FRAUD"
  /// The column of the moment of the payment.
  public static let timeColumn = "TX_DATETIME"
  /// The column that the loader adds: the part of the handbook's split that a row belongs to.
  public static let splitColumn = "split"
  /// The columns that the handbook's baselines learn from.
  public static let baselineFeatures =
    ["TX_AMOUNT", "TX_DURING_WEEKEND", "TX_DURING_NIGHT"]
    + ["CUSTOMER_ID_NB_TX", "CUSTOMER_ID_AVG_AMOUNT", "TERMINAL_ID_NB_TX", "TERMINAL_ID_RISK"].flatMap { stem in
      [1, 7, 30].map { "\(stem)_\($0)DAY_WINDOW" }
    }

  /// The parts of the handbook's split, the levels of the split column.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    /// The first seven days.
    case train
    /// The next seven days, whose labels are not known when the test begins.
    case delay
    /// The last seven days, without the customers that are known as defrauded.
    case test
    /// Payments of the test days by customers that are known as defrauded.
    case dropped
  }

  /// Reads the payments, in the order of the file, with the column `split` behind those of the file.
  ///
  /// Moments are date-times; customers, terminals and transactions are whole numbers.
  public static func table(from files: LocalDataSet, threads: Int = 1) throws -> Table {
    let path = try files.path(card.files[0].name)
    let table = try TableReader.read(path, options: ReadOptions(kinds: [timeColumn: .dateTime]), threads: threads)
    let parts = try split(table, at: path)
    let codes = parts.map { Int32(Part.allCases.firstIndex(of: $0) ?? 0) }
    return try table.setting(
      Column(splitColumn, .category(CategoryValues(codes: codes, levels: Part.allCases.map(\.rawValue)))))
  }

  /// The part of each payment, by the handbook's rule with 7 days each of training, delay and test.
  ///
  /// On each test day the payments of customers are left out that had a fraud in the training week or, as far as it is
  /// known by then, up to eight days before that day.
  ///
  /// - Throws: a `schema` error if a column is not there, a `data` error if there are no rows.
  public static func split(_ table: Table, at place: String = "") throws -> [Part] {
    let days = try wholeNumbers(table, "TX_TIME_DAYS")
    let customers = try wholeNumbers(table, "CUSTOMER_ID")
    let frauds = try wholeNumbers(table, target)
    guard let first = days.min() else { throw AssayError(.data, "there are no payments", at: place) }
    // The first day on which each customer is known as defrauded, counted from the first day of the file.
    var knownFrom: [Int64: Int64] = [:]
    for row in days.indices where frauds[row] == 1 {
      let day = days[row] - first
      let known = day < 7 ? 14 : day + 8
      knownFrom[customers[row]] = min(knownFrom[customers[row]] ?? .max, known)
    }
    return days.indices.map { row in
      switch days[row] - first {
      case ..<7: .train
      case ..<14: .delay
      case ..<21: (knownFrom[customers[row]] ?? .max) <= days[row] - first ? .dropped : .test
      default: .dropped
      }
    }
  }

  private static func wholeNumbers(_ table: Table, _ name: String) throws -> [Int64] {
    switch try table.column(name).values {
    case .integer(let values): return values
    case .boolean(let values): return values.map(Int64.init)
    default: throw AssayError(.schema, "the column \(name) must hold whole numbers")
    }
  }

  /// What the set is.
  public static let card = DataSetCard(
    name: "fdh-card-fraud", title: "card payments of the Fraud Detection Handbook (simulated, three weeks)",
    problem: .fraud, publisher: "https://github.com/Fraud-Detection-Handbook/simulated-data-transformed",
    licence: "none in the data repository; the handbook's code is GPL-3.0, its text CC BY-SA 4.0: cite it",
    citation: "Y.-A. Le Borgne, W. Siblini, B. Lebichot, G. Bontempi, Reproducible Machine Learning for Credit Card "
      + "Fraud Detection: Practical Handbook, Université Libre de Bruxelles, 2022",
    files: [
      DataFile(
        "transactions_2018-07-25_2018-08-14.csv.gz", bytes: 7_116_829,
        sha256: "f26fdffc8c84b329813949515eaceb48bc57a1e6716da40ebfe66fe4846528e2",
        plain: .init(bytes: 21_994_751, sha256: "d8560f6e2c11994db161e99b5b8cc9817e99d067c0d11566993342aa9cb67a2a"))
    ],
    shape: "201,295 rows x 23 columns, 1,792 frauds", target: "TX_FRAUD (0 or 1)",
    split: "train 2018-07-25 to 31 (67,240 rows); 7 days of delay; test 2018-08-08 to 14 without customers known as "
      + "defrauded (58,264 rows, 385 frauds)",
    metric:
      "AUC; average precision; card precision at 100: per test day the share of defrauded customers among the 100 "
      + "with the highest score, cards that were found left out on later days, averaged over days",
    results: PublishedResult.table(
      ["AUC", "AP", "CP@100"], source: "handbook, chapter 3, notebook BaselineModeling",
      [
        "logistic regression": [0.871, 0.606, 0.291], "decision tree of depth 2": [0.763, 0.496, 0.241],
        "decision tree": [0.788, 0.309, 0.243], "random forest": [0.867, 0.658, 0.287],
        "XGBoost": [0.862, 0.639, 0.273], "constant score": [0.500, 0.007, 0.017],
      ]),
    notes: [
      "TX_FRAUD_SCENARIO is part of the answer and never a feature",
      "the 21 daily files of the publisher are joined, ordered by transaction, and written as one CSV file",
    ])
}
