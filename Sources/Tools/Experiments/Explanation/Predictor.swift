import Basics
import Evaluation
import Foundation
import Tables

/// The whole way from a table's rows to predictions: features, model, calibration.
public typealias Predictor = @Sendable (Table) throws -> Predictions

extension Column {
  /// A value as a reader wants to see it: numbers to four digits, dates as ISO days, long texts cut; "missing".
  public func shown(_ row: Int) -> String {
    if isMissing(row) { return "missing" }
    switch values {
    case .integer(let v): return String(v[row])
    case .float(let v): return shownNumber(v[row])
    case .single(let v): return shownNumber(Double(v[row]))
    case .boolean(let v): return v[row] == 1 ? "true" : "false"
    case .text(let v):
      let text = (v[row] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
      return text.count > 40 ? "\"\(text.prefix(37))...\"" : "\"\(text)\""
    case .category(let v): return v.levels[Int(v.codes[row])]
    case .dateTime(let v): return shownDay(Double(v[row]) * 1e-6)
    }
  }
}

/// A number to four digits, without an exponent where it can be avoided.
func shownNumber(_ value: Double) -> String {
  if value.magnitude >= 1e15 { return String(format: "%.3e", value) }
  if value.magnitude >= 1e10 { return String(format: "%.4gbn", value / 1e9) }
  if value.magnitude >= 10_000 {
    // Thousands are set apart: a year or a small count is read as it is, six digits are not.
    let digits = String(format: "%.0f", value.magnitude)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end -> Substring in
      digits.dropLast(digits.count - end).suffix(3)
    }
    return (value < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
  if value.magnitude >= 1000 || value == value.rounded() { return String(format: "%.0f", value) }
  return String(format: "%.4g", value)
}

/// A probability to two decimals, to three near the ends; never as 0 or 1, which no model can know.
func shownProbability(_ value: Double) -> String {
  if value < 0.0005 { return "below 0.001" }
  if value > 0.9995 { return "above 0.999" }
  return String(format: value < 0.005 || value > 0.995 ? "%.3f" : "%.2f", value)
}

/// The day of a time in seconds since 1970, in UTC: "2026-07-01".
func shownDay(_ seconds: Double) -> String {
  guard seconds.isFinite else { return "missing" }
  return Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day())
}

/// At most `limit` of `count` rows, drawn at random, ascending.
func sampledRows(_ count: Int, limit: Int, key: RandomKey) -> [Int] {
  if count <= limit { return Array(0..<count) }
  var stream = key.stream()
  return Array(stream.permutation(of: count).prefix(limit)).sorted()
}
