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
        throw notANumber(text(ofMoment: values[row]), row, column.name)
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
      let values = levels(column)
      var parsed = [Int64?](repeating: nil, count: values.levels.count)
      return try values.codes.enumerated().map { row, code in
        if code < 0 { return Column.missingInteger }
        if let moment = parsed[Int(code)] { return moment }
        let text = values.levels[Int(code)]
        if text.allSatisfy(\.isWhitespace) { return Column.missingInteger }
        guard let moment = moment(in: text) else { throw noDate(text, row) }
        parsed[Int(code)] = moment
        return moment
      }
    case .integer, .float, .single, .boolean:
      if let row = (0..<column.count).first(where: { !column.isMissing($0) }) {
        let values = levels(column)
        throw noDate(values.levels[Int(values.codes[row])], row)
      }
      return Array(repeating: Column.missingInteger, count: column.count)
    }
  }

  /// Texts; other kinds are written as text.
  static func texts(_ column: Column) -> TextValues {
    if case .text(let values) = column.values { return values }
    let values = levels(column)
    var result = TextValues()
    for code in values.codes { result.append(code < 0 ? nil : values.levels[Int(code)]) }
    return result
  }

  /// The distinct values written as text, and which of them each row has.
  static func levels(_ column: Column) -> CategoryValues {
    switch column.values {
    case .category(let values): return values
    case .text(let values):
      let (codes, firstRows) = distinctRows(values)
      return CategoryValues(codes: codes, levels: firstRows.map { values[$0] ?? "" })
    case .integer(let values): return distinct(values, missing: { $0 == Column.missingInteger }, text: { String($0) })
    case .dateTime(let values): return distinct(values, missing: { $0 == Column.missingInteger }, text: text(ofMoment:))
    case .boolean(let values): return distinct(values, missing: { $0 < 0 }, text: { $0 == 0 ? "false" : "true" })
    case .float(let values): return distinct(values, missing: { $0.isNaN }, text: text(ofNumber:))
    case .single(let values): return distinct(values, missing: { $0.isNaN }, text: { text(ofNumber: Double($0)) })
    }
  }

  private static func distinct<Value: Hashable>(
    _ values: [Value], missing: (Value) -> Bool, text: (Value) -> String
  ) -> CategoryValues {
    var index: [Value: Int32] = [:]
    var levels: [String] = []
    let codes = values.map { value -> Int32 in
      if missing(value) { return -1 }
      if let code = index[value] { return code }
      let code = Int32(levels.count)
      index[value] = code
      levels.append(text(value))
      return code
    }
    return CategoryValues(codes: codes, levels: levels)
  }

  /// Numbers the distinct byte strings of a column without copying them: the code of each row, -1 for missing, and the
  /// first row of each code.
  static func distinctRows(_ values: TextValues) -> (codes: [Int32], firstRows: [Int]) {
    var codes = [Int32](repeating: -1, count: values.count)
    var firstRows: [Int] = []
    var slots = [Int32](repeating: -1, count: 256)
    values.bytes.withUnsafeBufferPointer { bytes in
      func text(_ row: Int) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: bytes[values.span(row)]) }
      func isEqual(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for position in 0..<a.count where a[position] != b[position] { return false }
        return true
      }
      for row in 0..<values.count where !values.isMissing(row) {
        let word = text(row)
        var slot = Int(truncatingIfNeeded: stableHash(word)) & (slots.count - 1)
        while slots[slot] >= 0, !isEqual(text(firstRows[Int(slots[slot])]), word) {
          slot = (slot + 1) & (slots.count - 1)
        }
        if slots[slot] < 0 {
          slots[slot] = Int32(firstRows.count)
          firstRows.append(row)
          codes[row] = slots[slot]
          if firstRows.count * 2 > slots.count { grow() }
        } else {
          codes[row] = slots[slot]
        }
      }
      func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (code, row) in firstRows.enumerated() {
          var slot = Int(truncatingIfNeeded: stableHash(text(row))) & (slots.count - 1)
          while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
          slots[slot] = Int32(code)
        }
      }
    }
    return (codes, firstRows)
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

  /// Whole numbers without a decimal point, as the integer column of the same values is written.
  static func text(ofNumber value: Double) -> String {
    abs(value) < 1e15 && value == value.rounded() ? String(Int64(value)) : String(value)
  }

  private static func text(ofMoment moment: Int64) -> String {
    let date = CivilDate(microseconds: moment)
    func padded(_ value: Int, _ width: Int = 2) -> String {
      String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
    }
    let seconds = Int(date.timeOfDay / 1_000_000)
    let day = "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
    if date.timeOfDay == 0 { return day }
    return "\(day) \(padded(seconds / 3600)):\(padded(seconds / 60 % 60)):\(padded(seconds % 60))"
  }

  /// Reads 2026-01-31, 2026-01-31 13:45 and 2026-01-31T13:45:10.25Z; nil for anything else.
  static func moment(in text: String) -> Int64? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let halves = trimmed.split(maxSplits: 1, whereSeparator: { $0 == "T" || $0 == " " })
    let date = (halves.first ?? "").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard date.count == 3, let year = date[0], let month = date[1], let day = date[2], (1...9_999).contains(year),
      (1...12).contains(month), (1...CivilDate.days(inMonth: month, of: year)).contains(day)
    else { return nil }
    let midnight = CivilDate.daysSince1970(year: year, month: month, day: day) * CivilDate.microsecondsPerDay
    guard halves.count == 2 else { return midnight }
    let clock = (halves[1].last == "Z" ? halves[1].dropLast() : halves[1]).split(
      separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(clock.count), let hour = Int(clock[0]), let minute = Int(clock[1]),
      (0...23).contains(hour), (0...59).contains(minute)
    else { return nil }
    let second = clock.count == 3 ? Double(clock[2]) : 0
    guard let second, second >= 0, second < 60 else { return nil }
    return midnight + Int64(hour * 3600 + minute * 60) * 1_000_000 + Int64((second * 1e6).rounded())
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
