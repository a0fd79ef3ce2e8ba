import Basics
import Tables

/// Customers: who leaves, and who buys again.
public enum CustomerSets {
  /// IBM's Telco customers, who stay or leave.
  public static let telcoChurn = DataSet(
    telcoCard,
    tables: [
      TableFile(
        file: "Telco-Customer-Churn.csv.gz", name: "customers", options: ReadOptions(missingMarkers: ["", " "]))
    ])

  /// Purchases at the music shop CDNOW: `master`, the tenth of its customers as `sample`, and summaries of that tenth.
  public static let cdnow = DataSet(
    cdnowCard,
    tables: [
      TableFile(file: "CDNOW_master.txt.gz", name: "master", options: ReadOptions(hasHeader: true, delimiter: " ")),
      TableFile(
        file: "CDNOW_sample.txt.gz", name: "sample", options: ReadOptions(hasHeader: false, delimiter: " "),
        columns: ["master_id", "sample_id", "date", "number_of_cds", "dollar_value"]),
      TableFile(file: "cdnow_customers_summary.csv.gz", name: "summary"),
      TableFile(file: "cdnow_customers_summary_with_transactions.csv.gz", name: "summary with spend"),
    ])

  private static let telcoCard = DataSetCard(
    name: "telco-churn", title: "customers of a telephone company, who stay or leave (IBM sample data)",
    problem: .segmentation, publisher: "https://github.com/IBM/telco-customer-churn-on-icp4d", licence: "Apache-2.0",
    citation: "IBM, Telco Customer Churn, sample data",
    files: [
      DataFile(
        "Telco-Customer-Churn.csv.gz", bytes: 153_558,
        sha256: "e4156e806b077b06b8e4070b66d80f5ea32b11cc4f66aa50e0df007da4f413b4",
        plain: .init(bytes: 970_457, sha256: "16320c9c1ec72448db59aa0a26a0b95401046bef5d02fd3aeb906448e3055e91"),
        address:
          "https://raw.githubusercontent.com/IBM/telco-customer-churn-on-icp4d/HEAD/data/Telco-Customer-Churn.csv")
    ],
    shape: "7,043 rows x 21 columns, 1,869 leave", target: "Churn (Yes or No)",
    split: "none given: stratified shuffles with a quarter as test", metric: "AUC",
    results: PublishedResult.table(
      ["AUC"], source: "README of interpretml/interpret, three stratified shuffles, 25 % test",
      [
        "logistic regression": [0.849], "random forest": [0.824], "XGBoost": [0.828],
        "explainable boosting machine": [0.852],
      ]), notes: ["TotalCharges is missing for 11 customers with a tenure of 0", "customerID is never a feature"])

  private static let cdnowCard = DataSetCard(
    name: "cdnow", title: "purchases at the music shop CDNOW, January 1997 to June 1998", problem: .segmentation,
    publisher: "https://github.com/CamDavidsonPilon/lifetimes",
    licence: "none for the data; free for research by custom: cite the authors",
    citation: "P. S. Fader, B. G. S. Hardie, Forecasting Repeat Sales at CDNOW: A Case Study, Interfaces 31, 2001",
    files: [
      DataFile(
        "CDNOW_master.txt.gz", bytes: 405_246,
        sha256: "884b058aeccf26b50e333e4557acb33ba2c993b35196cfdc87a2cc42290cffad",
        plain: .init(bytes: 1_950_500, sha256: "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"),
        address: "https://raw.githubusercontent.com/CamDavidsonPilon/lifetimes/HEAD/lifetimes/datasets/CDNOW_master.txt"
      ),
      DataFile(
        "CDNOW_sample.txt.gz", bytes: 50_335,
        sha256: "09dc7243e166bf993d7beadd9a2eff260486baf61304fe3f8778f5c31d70f63c",
        plain: .init(bytes: 228_327, sha256: "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a"),
        address: "https://raw.githubusercontent.com/CamDavidsonPilon/lifetimes/HEAD/lifetimes/datasets/CDNOW_sample.txt"
      ),
      DataFile(
        "cdnow_customers_summary.csv.gz", bytes: 8_362,
        sha256: "e4b24000c557bc3b5d1ee90b51e6476f9b408100fdbba8939ebd7763d4901a67",
        plain: .init(bytes: 40_079, sha256: "09d92ca80daaabe8be0f997d4c539f9c9606106baa5b199081fe01cbce5fa9f6"),
        address:
          "https://raw.githubusercontent.com/CamDavidsonPilon/lifetimes/HEAD/lifetimes/datasets/cdnow_customers_summary.csv"
      ),
      DataFile(
        "cdnow_customers_summary_with_transactions.csv.gz", bytes: 13_079,
        sha256: "5f639f8cf5153c13e97185202629bc051980281216ac795d7b2474015613c44e",
        plain: .init(bytes: 57_085, sha256: "7ddd11b55be3227edfc1d58675154e96971b0de3ad37ddd9280d1dba154b8b2f"),
        address:
          "https://raw.githubusercontent.com/CamDavidsonPilon/lifetimes/HEAD/lifetimes/datasets/cdnow_customers_summary_with_transactions.csv"
      ),
    ],
    shape: "69,659 purchases of 23,570 customers; 2,357 of them as a sample", target: "repeat purchases and spend",
    split: "calibration the first 39 weeks, holdout the next 39",
    metric: "log-likelihood in calibration; error of repeat purchases in holdout",
    results: [
      PublishedResult(
        "BG/NBD", [.init("r", 0.243), .init("alpha", 4.414), .init("a", 0.793), .init("b", 2.426)],
        source: "Fader, Hardie, Lee, Marketing Science 24(2), 2005"),
      PublishedResult(
        "Pareto/NBD", [.init("r", 0.553), .init("alpha", 10.578), .init("s", 0.606), .init("beta", 11.669)],
        source: "Fader, Hardie, Lee, Marketing Science 24(2), 2005"),
      PublishedResult(
        "gamma-gamma spend", [.init("p", 6.25), .init("q", 3.74), .init("gamma", 15.44)],
        source: "Fader and Hardie, note 25"),
    ])
}
