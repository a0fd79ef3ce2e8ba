/// What a feature's numbers mean.
public enum FeatureKind: Sendable, Hashable, Codable {
  /// An amount: order and distance count.
  case numeric
  /// A level code in 0 ..< levels: order does not count.
  case categorical(levels: Int)
}

/// The description of one feature.
public struct Feature: Sendable, Hashable, Codable {
  /// The name, unique within a matrix: "age", "job=student", "opened.weekday".
  public let name: String
  /// What the numbers mean.
  public let kind: FeatureKind
  /// The table column it was made from; importance is summed by it.
  public let source: String

  /// Creates a description.
  public init(_ name: String, kind: FeatureKind = .numeric, source: String? = nil) {
    self.name = name
    self.kind = kind
    self.source = source ?? name
  }
}

/// The numbers of one feature.
public enum FeatureValues: Sendable, Equatable {
  /// One number per row; missing is not-a-number.
  case dense([Float])
  /// The rows (ascending) whose number is not zero, and those numbers.
  case sparse(rows: [Int32], values: [Float])
}

/// Rows by features, stored by column: what every estimator learns from.
public struct FeatureMatrix: Sendable, Equatable {
  /// The descriptions, one per column.
  public let features: [Feature]
  /// The numbers, one entry per feature.
  public let columns: [FeatureValues]
  /// The number of rows.
  public let rowCount: Int

  /// Creates a matrix; `features` and `columns` must be of equal count, dense columns of `rowCount` numbers.
  public init(features: [Feature], columns: [FeatureValues], rowCount: Int) {
    precondition(
      features.count == columns.count, "FeatureMatrix: \(features.count) features, \(columns.count) columns")
    for (position, column) in columns.enumerated() {
      if case .dense(let values) = column {
        precondition(
          values.count == rowCount,
          "FeatureMatrix: \(features[position].name) has \(values.count) rows, not \(rowCount)")
      }
    }
    self.features = features
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Creates a matrix of numeric dense columns named x1, x2, ...
  public init(dense columns: [[Float]]) {
    self.init(
      features: columns.indices.map { Feature("x\($0 + 1)") }, columns: columns.map { .dense($0) },
      rowCount: columns.first?.count ?? 0)
  }

  /// The number of features.
  public var featureCount: Int { features.count }

  /// The numbers of a feature with zeros filled in.
  public func dense(_ feature: Int) -> [Float] {
    switch columns[feature] {
    case .dense(let values): return values
    case .sparse(let rows, let values):
      var result = [Float](repeating: 0, count: rowCount)
      for (row, value) in zip(rows, values) { result[Int(row)] = value }
      return result
    }
  }

  /// The matrix with only these rows, in this order; rows may repeat.
  public func selecting(rows: [Int]) -> FeatureMatrix {
    let selected: [FeatureValues] = columns.map { column in
      switch column {
      case .dense(let values): return .dense(rows.map { values[$0] })
      case .sparse(let at, let values):
        var dense = [Float](repeating: 0, count: rowCount)
        for (row, value) in zip(at, values) { dense[Int(row)] = value }
        var newRows: [Int32] = []
        var newValues: [Float] = []
        for (position, row) in rows.enumerated() where dense[row] != 0 {
          newRows.append(Int32(position))
          newValues.append(dense[row])
        }
        return .sparse(rows: newRows, values: newValues)
      }
    }
    return FeatureMatrix(features: features, columns: selected, rowCount: rows.count)
  }
}
