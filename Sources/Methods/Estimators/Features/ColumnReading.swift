import Basics
import Foundation
import Tables

/// The values of a column in the form that an encoder was trained with, whatever kind the column has now.
enum ColumnReading {
  /// Numbers, missing as not-a-number.
  ///
  /// - Parameter kind: the kind of the column in training, for the message and for texts such as "true".
  /// - Throws: a `schema` error that names the first row whose value is no number, a `data` error for an infinite one.
  static func numbers(_ column: Column, trainedAs kind: ColumnKind) throws -> [Double] {
    switch column.values {
    case .integer, .boolean:
      return column.numbers()
    case .float, .single:
      let values = column.numbers()
      if let row = values.firstIndex(where: { $0.isInfinite }) {
        throw AssayError(
          .data, "row \(row + 1) holds an infinite number", at: "column \"\(column.name)\"",
          remedy: "replace it by a number or leave it empty")
      }
      return values
    case .category(let values):
      var parsed = [Double?](repeating: nil, count: values.levels.count)
      return try values.codes.enumerated().map { row, code in
        if code < 0 { return .nan }
        if let number = parsed[Int(code)] { return number }
        let text = values.levels[Int(code)]
        guard let number = number(in: text, trainedAs: kind) else { throw notANumber(text, row, column.name) }
        parsed[Int(code)] = number
        return number
      }
    case .text(let values):
      return try (0..<values.count).map { row in
        guard let text = values[row] else { return .nan }
        guard let number = number(in: text, trainedAs: kind) else { throw notANumber(text, row, column.name) }
        return number
      }
    case .dateTime(let values):
      if let row = values.firstIndex(where: { $0 != Column.missingInteger }) {
        throw notANumber(column.text(at: row) ?? "", row, column.name)
      }
      return Array(repeating: .nan, count: values.count)
    }
  }

  /// Microseconds since 1970, missing as `Column.missingInteger`.
  static func moments(_ column: Column) throws -> [Int64] {
    func noDate(_ value: String, _ row: Int) -> AssayError {
      AssayError(
        .schema,
        "row \(row + 1) holds \"\(shortened(value))\", which is not a date; the model was trained with dates here",
        at: "column \"\(column.name)\"", remedy: "write dates as 2026-01-31 or 2026-01-31 13:45:00, or leave it empty")
    }
    switch column.values {
    case .dateTime(let values): return values
    case .text, .category:
      let values = try levels(column)
      var parsed = [Int64?](repeating: nil, count: values.levels.count)
      return try values.codes.enumerated().map { row, code in
        if code < 0 { return Column.missingInteger }
        if let moment = parsed[Int(code)] { return moment }
        let text = values.levels[Int(code)]
        if text.allSatisfy(\.isWhitespace) { return Column.missingInteger }
        guard let moment = DateTime.parse(text.trimmingCharacters(in: .whitespaces)) else { throw noDate(text, row) }
        parsed[Int(code)] = moment
        return moment
      }
    case .integer, .float, .single, .boolean:
      if let row = (0..<column.count).first(where: { !column.isMissing($0) }) {
        throw noDate(column.text(at: row) ?? "", row)
      }
      return Array(repeating: Column.missingInteger, count: column.count)
    }
  }

  /// Texts; other kinds are written as text.
  static func texts(_ column: Column) throws -> TextValues {
    if case .text(let values) = column.values { return values }
    let values = try levels(column)
    var result = TextValues()
    for code in values.codes { result.append(code < 0 ? nil : values.levels[Int(code)]) }
    return result
  }

  /// The distinct values written as text, and which of them each row has.
  static func levels(_ column: Column) throws -> CategoryValues {
    switch column.values {
    case .category(let values): return values
    case .text:
      if case .category(let values) = try column.converted(to: .category).values { return values }
      return CategoryValues([])
    case .integer(let values), .dateTime(let values): return distinct(values, of: column)
    case .boolean(let values): return distinct(values, of: column)
    case .float(let values): return distinct(values, of: column)
    case .single(let values): return distinct(values, of: column)
    }
  }

  private static func distinct<Value: Hashable>(_ values: [Value], of column: Column) -> CategoryValues {
    var index: [Value: Int32] = [:]
    var levels: [String] = []
    let codes = values.enumerated().map { row, value -> Int32 in
      if let code = index[value] { return code }
      guard let text = column.text(at: row) else { return -1 }
      index[value] = Int32(levels.count)
      levels.append(text)
      return Int32(levels.count - 1)
    }
    return CategoryValues(codes: codes, levels: levels)
  }

  /// The number that a text spells, not-a-number for blanks, nil for anything else.
  static func number(in text: String, trainedAs kind: ColumnKind) -> Double? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty { return .nan }
    if let number = Double(trimmed) { return number.isInfinite ? nil : number }
    guard kind == .boolean else { return nil }
    switch trimmed.lowercased() {
    case "true", "t", "yes", "y": return 1
    case "false", "f", "no", "n": return 0
    default: return nil
    }
  }

  private static func notANumber(_ value: String, _ row: Int, _ column: String) -> AssayError {
    AssayError(
      .schema,
      "row \(row + 1) holds \"\(shortened(value))\", which is not a number; the model was trained with numbers here",
      at: "column \"\(column)\"", remedy: "correct the value or leave it empty")
  }

  private static func shortened(_ value: String) -> String {
    value.count > 60 ? value.prefix(60) + "..." : value
  }
}
