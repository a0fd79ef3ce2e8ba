import Basics
import Tables

/// A column of numbers: the scaled number and, where training rows lacked it, a flag.
struct NumberEncoder: Sendable, Codable {
  let column: String
  let kind: ColumnKind
  let features: [Feature]
  private let scaler: NumberScaler
  private let hasValue: Bool
  private let hasFlag: Bool

  /// Learns from the numbers of the training rows; `isConstant` leaves only the flag.
  static func fit(
    _ values: [Double], column: Column, isConstant: Bool, plan: FeaturePlan, key: RandomKey
  ) -> (encoder: NumberEncoder, training: [FeatureValues]) {
    let isIncomplete = values.contains { $0.isNaN }
    let hasFlag = isIncomplete && (plan.numbers.missingFlags || isConstant)
    let features =
      (isConstant ? [] : [Feature(column.name)])
      + (hasFlag ? [Feature("\(column.name).missing", source: column.name)] : [])
    let encoder = NumberEncoder(
      column: column.name, kind: column.kind, features: features,
      scaler: .fit(values, settings: plan.numbers, key: key), hasValue: !isConstant, hasFlag: hasFlag)
    return (encoder, encoder.encode(values))
  }

  func encode(_ column: Column) throws -> [FeatureValues] {
    encode(try ColumnReading.numbers(column, trainedAs: kind))
  }

  private func encode(_ values: [Double]) -> [FeatureValues] {
    (hasValue ? [.dense(scaler.apply(values))] : []) + (hasFlag ? [.dense(values.map { $0.isNaN ? 1 : 0 })] : [])
  }
}

/// The number that the texts of a column begin with: 12 in "12 months", 1200 in "$1,200", 10 in "10+ years".
struct TextNumberEncoder: Sendable, Codable {
  let column: String
  let feature: Feature
  private let scaler: NumberScaler

  /// The share of rows with text that must begin with a number.
  static let requiredShare = 0.95

  /// Learns from the training rows; nil if too few begin with a number or there are fewer than three numbers.
  static func fit(
    _ values: CategoryValues, column: String, plan: FeaturePlan, key: RandomKey
  ) -> (encoder: TextNumberEncoder, training: [FeatureValues])? {
    let numbers = values.levels.map(leadingNumber)
    var rows = 0
    var matching = 0
    var distinct: Set<Double> = []
    for code in values.codes where code >= 0 {
      rows += 1
      guard let number = numbers[Int(code)] else { continue }
      matching += 1
      if distinct.count < 3 { distinct.insert(number) }
    }
    guard distinct.count == 3, Double(matching) >= requiredShare * Double(rows) else { return nil }
    let found = values.codes.map { $0 < 0 ? .nan : numbers[Int($0)] ?? .nan }
    let scaler = NumberScaler.fit(found, settings: plan.numbers, key: key)
    let encoder = TextNumberEncoder(
      column: column, feature: Feature("\(column).number", source: column), scaler: scaler)
    return (encoder, [.dense(scaler.apply(found))])
  }

  func encode(_ column: Column) throws -> [FeatureValues] {
    let values = try ColumnReading.levels(column)
    if values.codes.count < values.levels.count {
      return [.dense(scaler.apply(values.codes.map { number(at: $0, of: values.levels) }))]
    }
    let numbers = values.levels.map { TextNumberEncoder.leadingNumber(in: $0) ?? .nan }
    return [.dense(scaler.apply(values.codes.map { $0 < 0 ? .nan : numbers[Int($0)] }))]
  }

  private func number(at code: Int32, of levels: [String]) -> Double {
    code < 0 ? .nan : TextNumberEncoder.leadingNumber(in: levels[Int(code)]) ?? .nan
  }

  /// The number at the start of a text, after signs such as "$", "<" or "("; nil if a letter comes first.
  static func leadingNumber(in text: String) -> Double? {
    let utf8 = Array(text.utf8)
    func isDigit(_ position: Int) -> Bool { position < utf8.count && (48...57).contains(utf8[position]) }
    func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }
    guard let start = utf8.indices.first(where: { isDigit($0) || isLetter(utf8[$0]) }), isDigit(start)
    else { return nil }
    let isNegative = start > 0 && utf8[start - 1] == 45
    var digits: [UInt8] = isNegative ? [45] : []
    var position = start
    while true {
      if isDigit(position) {
        digits.append(utf8[position])
        position += 1
      } else if position < utf8.count, utf8[position] == 44, isGroup(after: position) {
        position += 1
      } else {
        break
      }
    }
    if position < utf8.count, utf8[position] == 46, isDigit(position + 1) {
      digits.append(46)
      position += 1
      while isDigit(position) {
        digits.append(utf8[position])
        position += 1
      }
    }
    let number = Double(String(decoding: digits, as: UTF8.self))
    return number?.isFinite == true ? number : nil

    // A comma separates thousands when exactly three digits follow.
    func isGroup(after comma: Int) -> Bool {
      isDigit(comma + 1) && isDigit(comma + 2) && isDigit(comma + 3) && !isDigit(comma + 4)
    }
  }
}
