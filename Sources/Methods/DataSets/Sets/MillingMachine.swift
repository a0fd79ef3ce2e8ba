import Basics
import Tables

/// AI4I 2020: records of a milling machine, some with a failure.
public enum MillingMachine {
  /// The set.
  public static let dataSet = DataSet(card) { files, threads in
    [DataSet.NamedTable("records", try table(from: files, threads: threads))]
  }

  /// The column to predict, 0 or 1.
  public static let target = "Machine_failure"
  /// The causes of failure, which are no features: tool wear, heat dissipation, power, overstrain, random.
  public static let causes = ["TWF", "HDF", "PWF", "OSF", "RNF"]

  /// Reads the records; causes and target are whole numbers.
  public static func table(from files: LocalDataSet, threads: Int = 1) throws -> Table {
    let kinds = Dictionary(uniqueKeysWithValues: ([target] + causes).map { ($0, ColumnKind.integer) })
    return try TableReader.read(
      try files.path(card.files[0].name), options: ReadOptions(delimiter: ",", kinds: kinds), threads: threads)
  }

  /// What the set is.
  public static let card = DataSetCard(
    name: "ai4i2020", title: "records of a milling machine with failures and their causes (simulated)",
    problem: .maintenance,
    publisher: "https://archive.ics.uci.edu/dataset/601/ai4i+2020+predictive+maintenance+dataset",
    licence: "CC BY 4.0",
    citation: "S. Matzka, Explainable Artificial Intelligence for Predictive Maintenance Applications, AI4I 2020; UCI "
      + "Machine Learning Repository, data set 601",
    files: [
      DataFile(
        "ai4i2020.csv.gz", bytes: 134_475, sha256: "354a8fce735d17ccd1d20824548544bb8c0a5e2933ea09a326365b737f8c98d6",
        plain: .init(bytes: 522_048, sha256: "7d0663a632a1a045144d504b34ab64e52efa3d55ad99d8d7c3a61b751e20c8fb"),
        address: "https://raw.githubusercontent.com/gabigol91/dataset/HEAD/ai4i2020.csv")
    ],
    shape: "10,000 rows x 14 columns, 339 failures", target: "Machine_failure (0 or 1)",
    split: "none given: stratified folds, or 80 to 20", metric: "area under precision and recall, AUC, F1 of failures",
    results: [
      PublishedResult(
        "balanced K-Star", [.init("accuracy on balanced classes", 0.9875)], source: "Machines 2023, 11(3), 322"),
      PublishedResult(
        "earlier work", [.init("accuracy on balanced classes", 0.9174)], source: "Machines 2023, 11(3), 322"),
      PublishedResult("always no failure", [.init("accuracy", 0.9661)], source: "the share of records without failure"),
    ],
    notes: [
      "the causes TWF, HDF, PWF, OSF and RNF are never features for Machine_failure",
      "UDI and Product ID are numbers of the record", "UCI's own file spells \"Machine failure\" with a blank",
    ])
}
