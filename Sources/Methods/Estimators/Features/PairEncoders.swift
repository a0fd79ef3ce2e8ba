import Basics
import Tables

/// A number made from two columns of numbers.
struct NumberPairEncoder: Sendable, Codable {
  let first: String
  let second: String
  let feature: Feature
  private let kinds: [ColumnKind]
  private let operation: FeaturePlan.Operation
  private let scaler: NumberScaler

  /// Learns from the training rows of the two columns.
  static func fit(
    _ first: Column, _ second: Column, operation: FeaturePlan.Operation, plan: FeaturePlan, key: RandomKey
  ) throws -> (encoder: NumberPairEncoder, training: [FeatureValues]) {
    let kinds = [first.kind, second.kind]
    let values = try combine(first, second, kinds, operation)
    let name = "\(first.name) \(operation.rawValue) \(second.name)"
    let encoder = NumberPairEncoder(
      first: first.name, second: second.name, feature: Feature(name, source: first.name), kinds: kinds,
      operation: operation, scaler: .fit(values, settings: plan.numbers, key: key[name]))
    return (encoder, [.dense(encoder.scaler.apply(values))])
  }

  func encode(_ first: Column, _ second: Column) throws -> [FeatureValues] {
    [.dense(scaler.apply(try NumberPairEncoder.combine(first, second, kinds, operation)))]
  }

  private static func combine(
    _ first: Column, _ second: Column, _ kinds: [ColumnKind], _ operation: FeaturePlan.Operation
  ) throws -> [Double] {
    let a = try ColumnReading.numbers(first, trainedAs: kinds[0])
    let b = try ColumnReading.numbers(second, trainedAs: kinds[1])
    return zip(a, b).map { a, b in
      let value =
        switch operation {
        case .difference: a - b
        case .product: a * b
        case .ratio: a / b
        }
      return value.isInfinite ? .nan : value
    }
  }
}

/// The days from one column of dates to another.
struct DateDifferenceEncoder: Sendable, Codable {
  let first: String
  let second: String
  let feature: Feature
  private let scaler: NumberScaler

  /// Learns from the training rows of the two columns.
  static func fit(
    _ first: Column, _ second: Column, plan: FeaturePlan, key: RandomKey
  ) throws -> (encoder: DateDifferenceEncoder, training: [FeatureValues]) {
    let values = try days(first, second)
    let name = "\(second.name) - \(first.name)"
    let encoder = DateDifferenceEncoder(
      first: first.name, second: second.name, feature: Feature(name, source: second.name),
      scaler: .fit(values, settings: plan.numbers, key: key[name]))
    return (encoder, [.dense(encoder.scaler.apply(values))])
  }

  func encode(_ first: Column, _ second: Column) throws -> [FeatureValues] {
    [.dense(scaler.apply(try DateDifferenceEncoder.days(first, second)))]
  }

  private static func days(_ first: Column, _ second: Column) throws -> [Double] {
    zip(try ColumnReading.moments(first), try ColumnReading.moments(second)).map { first, second in
      first == Column.missingInteger || second == Column.missingInteger
        ? .nan : DateEncoder.days(from: first, to: second)
    }
  }
}

/// The pairs of levels of two columns, encoded like the levels of one.
struct CategoryPairEncoder: Sendable, Codable {
  let first: String
  let second: String
  let firstIndex: LevelIndex
  let secondIndex: LevelIndex
  let index: LevelIndex
  let encoder: LevelEncoder

  /// Learns from the training rows of the two columns.
  static func fit(
    _ first: (column: Column, index: LevelIndex), _ second: (column: Column, index: LevelIndex), plan: FeaturePlan,
    context: TargetContext, key: RandomKey
  ) throws -> (encoder: CategoryPairEncoder, training: [FeatureValues]) {
    let pairs = try combine(first.column, first.index, second.column, second.index)
    let (index, slots) = LevelIndex.fit(pairs, rareBelow: plan.categories.rareBelow, limit: plan.categories.levelLimit)
    let name = "\(first.column.name) + \(second.column.name)"
    let (encoder, training) = LevelEncoder.fit(
      slots: slots, index: index, name: name, source: first.column.name, plan: plan, context: context, key: key[name])
    let pairEncoder = CategoryPairEncoder(
      first: first.column.name, second: second.column.name, firstIndex: first.index, secondIndex: second.index,
      index: index, encoder: encoder)
    return (pairEncoder, training)
  }

  func encode(_ first: Column, _ second: Column) throws -> [FeatureValues] {
    let pairs = try CategoryPairEncoder.combine(first, firstIndex, second, secondIndex)
    return encoder.encode(slots: index.slots(of: pairs, kind: .category))
  }

  /// A missing level on either side makes the pair missing.
  private static func combine(
    _ first: Column, _ firstIndex: LevelIndex, _ second: Column, _ secondIndex: LevelIndex
  ) throws -> CategoryValues {
    var pairs = PairTable()
    let codes = zip(try firstIndex.slots(of: first), try secondIndex.slots(of: second)).map { a, b -> Int32 in
      a == firstIndex.missing || b == secondIndex.missing ? -1 : pairs.insert(a, b)
    }
    let levels = (0..<pairs.count).map { number in
      let (a, b) = pairs.pair(number)
      return "\(firstIndex.name(of: a)), \(secondIndex.name(of: b))"
    }
    return CategoryValues(codes: codes, levels: levels)
  }
}
