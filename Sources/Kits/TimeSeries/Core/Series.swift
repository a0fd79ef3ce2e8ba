/// Numbers at equal steps, the oldest first.
public struct Series: Sendable, Codable, Hashable {
  /// What the numbers belong to: "H17", "calls".
  public var name: String
  /// The numbers; a missing one is not-a-number.
  public var values: [Double]

  /// Creates a series.
  public init(_ name: String = "series", values: [Double]) {
    self.name = name
    self.values = values
  }

  /// The number of steps.
  public var count: Int { values.count }

  /// Whether a value is missing.
  public var hasMissing: Bool { values.contains { $0.isNaN } }

  /// The first steps, up to a number of them.
  public func prefix(_ count: Int) -> Series { Series(name, values: Array(values.prefix(count))) }
}

/// Numbers known for past and future steps that a forecast may lean on: prices, holidays, temperatures as planned.
public struct Covariates: Sendable, Codable, Hashable {
  /// What they are, one name per column.
  public var names: [String]
  /// One array per name; it covers the steps of the series and goes on for at least the horizon.
  public var columns: [[Double]]

  /// Creates covariates; names and columns must be of equal count, columns of equal length.
  public init(names: [String], columns: [[Double]]) {
    precondition(names.count == columns.count, "Covariates: \(names.count) names, \(columns.count) columns")
    precondition(Set(columns.map(\.count)).count <= 1, "Covariates: columns of different lengths")
    self.names = names
    self.columns = columns
  }

  /// The number of steps covered.
  public var count: Int { columns.first?.count ?? 0 }

  /// The steps from `start` on, `count` of them.
  public func sliced(from start: Int, count: Int) -> Covariates {
    Covariates(names: names, columns: columns.map { Array($0[start..<start + count]) })
  }
}
