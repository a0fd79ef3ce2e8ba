import Basics
import Tables

/// One fitted step of a pipeline: some columns of a table to some features.
enum ColumnEncoder: Sendable, Codable {
  case number(NumberEncoder)
  case textNumber(TextNumberEncoder)
  case category(CategoryEncoder)
  case date(DateEncoder)
  case text(TextEncoder)
  case numberPair(NumberPairEncoder)
  case dateDifference(DateDifferenceEncoder)
  case categoryPair(CategoryPairEncoder)

  /// The columns it reads.
  var inputs: [String] {
    switch self {
    case .number(let encoder): [encoder.column]
    case .textNumber(let encoder): [encoder.column]
    case .category(let encoder): [encoder.column]
    case .date(let encoder): [encoder.column]
    case .text(let encoder): [encoder.column]
    case .numberPair(let encoder): [encoder.first, encoder.second]
    case .dateDifference(let encoder): [encoder.first, encoder.second]
    case .categoryPair(let encoder): [encoder.first, encoder.second]
    }
  }

  /// What it makes, in order.
  var features: [Feature] {
    switch self {
    case .number(let encoder): encoder.features
    case .textNumber(let encoder): [encoder.feature]
    case .category(let encoder): encoder.encoder.features
    case .date(let encoder): encoder.features
    case .text(let encoder): encoder.features
    case .numberPair(let encoder): [encoder.feature]
    case .dateDifference(let encoder): [encoder.feature]
    case .categoryPair(let encoder): encoder.encoder.features
    }
  }

  /// The texts of the codes of its categorical feature; empty if it has none.
  var codeNames: [String] {
    switch self {
    case .category(let encoder): encoder.encoder.codeNames(encoder.index)
    case .categoryPair(let encoder): encoder.encoder.codeNames(encoder.index)
    case .number, .textNumber, .date, .text, .numberPair, .dateDifference: []
    }
  }

  /// The features of new rows.
  func encode(_ table: Table, threads: Int) throws -> [FeatureValues] {
    switch self {
    case .number(let encoder): try encoder.encode(table.column(encoder.column))
    case .textNumber(let encoder): try encoder.encode(table.column(encoder.column))
    case .category(let encoder):
      encoder.encoder.encode(slots: try encoder.index.slots(of: table.column(encoder.column)))
    case .date(let encoder): try encoder.encode(table.column(encoder.column))
    case .text(let encoder): try encoder.encode(table.column(encoder.column), threads: threads)
    case .numberPair(let encoder): try encoder.encode(table.column(encoder.first), table.column(encoder.second))
    case .dateDifference(let encoder): try encoder.encode(table.column(encoder.first), table.column(encoder.second))
    case .categoryPair(let encoder): try encoder.encode(table.column(encoder.first), table.column(encoder.second))
    }
  }
}
