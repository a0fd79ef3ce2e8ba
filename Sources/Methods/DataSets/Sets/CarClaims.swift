import Basics
import Tables

/// Claims on vehicle insurances, honest and fraudulent.
public enum CarClaims {
  /// The set.
  public static let dataSet = DataSet(card) { files, threads in
    [DataSet.NamedTable("claims", try table(from: files, threads: threads))]
  }

  /// The column to predict, Yes or No.
  public static let target = "FraudFound"
  /// The column that the loader adds: train for 1994 and 1995, test for 1996.
  public static let splitColumn = "split"

  /// Reads the claims with the column `split` behind those of the file. Bands such as "26 to 30" stay texts.
  public static func table(from files: LocalDataSet, threads: Int = 1) throws -> Table {
    let path = try files.path(card.files[0].name)
    // "none" is a band here, and no missing value either way.
    let options = ReadOptions(delimiter: ",", kinds: [target: .category], missingMarkers: [""])
    let table = try TableReader.read(path, options: options, threads: threads)
    guard case .integer(let years) = try table.column("Year").values else {
      throw AssayError(.schema, "the column Year must hold whole numbers", at: path)
    }
    let split = CategoryValues(codes: years.map { $0 < 1996 ? 0 : 1 }, levels: ["train", "test"])
    return try table.setting(Column(splitColumn, .category(split)))
  }

  /// What the set is.
  public static let card = DataSetCard(
    name: "carclaims-fraud", title: "vehicle insurance claims 1994 to 1996, honest or fraudulent", problem: .fraud,
    publisher: "https://github.com/PushkalJaiswal/Insurance",
    licence: "none stated; a widely used copy is marked CC0",
    citation:
      "C. Phua, D. Alahakoon, V. Lee, Minority Report in Fraud Detection: Classification of Skewed Data, SIGKDD "
      + "Explorations 6(1), 2004",
    files: [
      DataFile(
        "carclaims.csv.gz", bytes: 316_692, sha256: "a9cc60c47f799ea39fa51643a6d3ac9d23315ccd15c922dee2985e3530ccd05f",
        plain: .init(bytes: 3_677_903, sha256: "ba8c1d0ff22a2c6c789e72890f5ee66ce34f9739a6415bc318d6c1b7b1a11043"),
        address: "https://raw.githubusercontent.com/PushkalJaiswal/Insurance/HEAD/data/carclaims.csv")
    ],
    shape: "15,420 rows x 33 columns, 923 frauds", target: "FraudFound (Yes or No)",
    split: "by year: train 1994 and 1995 (11,337 claims, 710 frauds), test 1996 (4,083, 213 frauds)",
    metric: "AUC, average precision, recall at a fixed rate of alerts, cost saved",
    results: [
      PublishedResult(
        "selected variables", [.init("accuracy, at least", 0.95)],
        source: "H. Moon, Y. Pu, C. Ceglia, Theoretical Economics Letters 9, 2019; cross-validation"),
      PublishedResult("always No", [.init("accuracy", 0.940)], source: "the share of honest claims"),
    ],
    notes: [
      "PolicyNumber is a row number and never a feature", "Age is 0 for 320 rows",
      "one row has 0 for the day and the month of the claim", "no trustworthy published AUC is known",
    ])
}
