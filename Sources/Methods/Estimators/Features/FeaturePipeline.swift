import Basics
import Evaluation
import Kernels
import Tables

/// A fitted map from the columns of a table to the features that estimators learn from.
///
/// `fit` learns everything from the rows it is given, so a pipeline fitted inside a fold has seen nothing of the other
/// rows. The kind of each column is decided once, in `fit`; `transform` reads new data the same way whatever types the
/// columns have then. Saved by `Codable` with equal transforms afterwards.
///
/// ```swift
/// let (pipeline, training) = try FeaturePipeline.fit(
///   plan: .trees, table: rows, task: task, labels: labels, key: key["features"], threads: 2)
/// let model = try estimator.fit(TrainingData(features: training, task: task, labels: labels), context: context)
/// let predictions = model.predict(try pipeline.transform(newRows, threads: 2), threads: 2)
/// ```
public struct FeaturePipeline: Sendable {
  /// What was asked for.
  public let plan: FeaturePlan
  /// The features made, in the order of the columns of the table.
  public let features: [Feature]
  /// The columns that are read, in the order of the training table; new data must have them.
  public let inputColumns: [String]
  /// The columns that are not read, and why: "every value is missing".
  public let dropped: [String: String]
  private let encoders: [ColumnEncoder]

  init(plan: FeaturePlan, inputColumns: [String], dropped: [String: String], encoders: [ColumnEncoder]) {
    self.plan = plan
    self.inputColumns = inputColumns
    self.dropped = dropped
    self.encoders = encoders
    features = FeaturePipeline.uniquelyNamed(encoders.flatMap(\.features))
  }

  /// The texts of the codes of a categorical feature, by code; nil for other features.
  public func levelNames(ofFeature feature: Int) -> [String]? {
    guard case .categorical = features[feature].kind else { return nil }
    var first = 0
    for encoder in encoders {
      let count = encoder.features.count
      if feature < first + count { return encoder.codeNames }
      first += count
    }
    return nil
  }

  /// The features of new rows.
  ///
  /// Levels that training did not have are treated as rare ones where there were any, else as nothing known; columns
  /// that are not read are ignored; numbers and dates written as text are read; a column of another type is matched by
  /// its text.
  /// - Throws: a `schema` error naming the columns that are missing, or the row (from 1) and value that cannot be read;
  ///   a `data` error for an infinite number.
  public func transform(_ table: Table, threads: Int = 1) throws -> FeatureMatrix {
    try checkColumns(of: table)
    var columns: [FeatureValues] = []
    columns.reserveCapacity(features.count)
    if table.rowCount < FeaturePipeline.rowsWorthThreads {
      for encoder in encoders { columns += try encoder.encode(table, threads: 1) }
    } else {
      let results: [Result<[FeatureValues], any Error>] = parallelMap(encoders.count, threads: threads) { position in
        Result { try encoders[position].encode(table, threads: threads) }
      }
      for result in results { columns += try result.get() }
    }
    return FeatureMatrix(features: features, columns: columns, rowCount: table.rowCount)
  }

  private static let rowsWorthThreads = 256

  private func checkColumns(of table: Table) throws {
    let absent = inputColumns.filter { table[$0] == nil }
    guard let first = absent.first else { return }
    let names = absent.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ") + (absent.count > 5 ? ", ..." : "")
    let problem = absent.count == 1 ? "the column \(names) is missing" : "\(absent.count) columns are missing: \(names)"
    throw AssayError(
      .schema, problem,
      remedy: "the model was trained with it: add it (empty where unknown), or train again with --exclude \(first)")
  }

  /// Features of which a later one with the name of an earlier one is told apart by a number.
  private static func uniquelyNamed(_ features: [Feature]) -> [Feature] {
    var used: Set<String> = []
    return features.map { feature in
      if used.insert(feature.name).inserted { return feature }
      var number = 2
      while !used.insert("\(feature.name) (\(number))").inserted { number += 1 }
      return Feature("\(feature.name) (\(number))", kind: feature.kind, source: feature.source)
    }
  }
}

extension FeaturePipeline: Codable {
  // The features are those of the encoders, so they are not written a second time.
  private enum CodingKeys: String, CodingKey { case plan, inputColumns, dropped, encoders }

  /// Reads a saved pipeline.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      plan: try container.decode(FeaturePlan.self, forKey: .plan),
      inputColumns: try container.decode([String].self, forKey: .inputColumns),
      dropped: try container.decode([String: String].self, forKey: .dropped),
      encoders: try container.decode([ColumnEncoder].self, forKey: .encoders))
  }

  /// Writes everything that `transform` needs.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(plan, forKey: .plan)
    try container.encode(inputColumns, forKey: .inputColumns)
    try container.encode(dropped, forKey: .dropped)
    try container.encode(encoders, forKey: .encoders)
  }
}
