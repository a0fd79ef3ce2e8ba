import Basics
import Foundation
import Tables

/// A column of dates and times: its parts, and the cycles of month, weekday and hour.
struct DateEncoder: Sendable, Codable {
  /// A cycle: the unit circle stands for a year of months, a week, a day.
  enum Cycle: String, Sendable, Codable, CaseIterable {
    case month
    case weekday
    case hour

    /// The place of a date on the cycle, in [0, 1).
    func turn(_ moment: MomentParts) -> Double {
      switch self {
      case .month: Double(moment.date.month - 1) / 12
      case .weekday: Double(moment.date.weekday - 1) / 7
      case .hour: Double(moment.timeOfDay) / Double(MomentParts.microsecondsPerDay)
      }
    }
  }

  let column: String
  let features: [Feature]
  private let first: Int64
  private let parts: [DatePart]
  private let cycles: [Cycle]
  private let scalers: [NumberScaler]
  private let cycleFill: Double?
  private let hasFlag: Bool

  /// Learns from the moments of the training rows, of which two at least differ.
  static func fit(
    _ moments: [Int64], column: String, plan: FeaturePlan, key: RandomKey
  ) -> (encoder: DateEncoder, training: [FeatureValues]) {
    let first = moments.lazy.filter { $0 != Column.missingInteger }.min() ?? 0
    var parts: [DatePart] = []
    var scalers: [NumberScaler] = []
    var training: [FeatureValues] = []
    let dates = moments.map { $0 == Column.missingInteger ? nil : MomentParts(microseconds: $0) }
    for part in plan.dates.parts {
      let values = numbers(part, moments, dates, first: first)
      guard varies(values) else { continue }
      parts.append(part)
      let scaler = NumberScaler.fit(values, settings: plan.numbers, key: key[part.rawValue])
      scalers.append(scaler)
      training.append(.dense(scaler.apply(values)))
    }
    // A missing date is at the centre of the circle, unless missing numbers are kept.
    let cycleFill: Double? = plan.numbers.imputation == .none ? nil : 0
    let cycles = plan.dates.cyclic ? Cycle.allCases.filter { cycle in varies(dates.map { turn(cycle, $0) }) } : []
    for cycle in cycles { training += circle(cycle, dates, fill: cycleFill) }
    let hasFlag = plan.numbers.missingFlags && dates.contains { $0 == nil }
    if hasFlag { training.append(.dense(dates.map { $0 == nil ? 1 : 0 })) }
    let names =
      parts.map(\.rawValue) + cycles.flatMap { ["\($0.rawValue).sin", "\($0.rawValue).cos"] }
      + (hasFlag ? ["missing"] : [])
    let encoder = DateEncoder(
      column: column, features: names.map { Feature("\(column).\($0)", source: column) }, first: first, parts: parts,
      cycles: cycles, scalers: scalers, cycleFill: cycleFill, hasFlag: hasFlag)
    return (encoder, training)
  }

  func encode(_ column: Column) throws -> [FeatureValues] {
    let moments = try ColumnReading.moments(column)
    let dates = moments.map { $0 == Column.missingInteger ? nil : MomentParts(microseconds: $0) }
    var result: [FeatureValues] = zip(parts, scalers).map { part, scaler in
      .dense(scaler.apply(DateEncoder.numbers(part, moments, dates, first: first)))
    }
    for cycle in cycles { result += DateEncoder.circle(cycle, dates, fill: cycleFill) }
    if hasFlag { result.append(.dense(dates.map { $0 == nil ? 1 : 0 })) }
    return result
  }

  private static func numbers(
    _ part: DatePart, _ moments: [Int64], _ dates: [MomentParts?], first: Int64
  ) -> [Double] {
    if part == .daysSinceFirst {
      return moments.map { $0 == Column.missingInteger ? .nan : days(from: first, to: $0) }
    }
    return dates.map { moment in
      guard let moment else { return .nan }
      let date = moment.date
      switch part {
      case .year: return Double(date.year)
      case .month: return Double(date.month)
      case .day: return Double(date.day)
      case .weekday: return Double(date.weekday)
      case .weekend: return date.weekday >= 6 ? 1 : 0
      case .dayOfYear: return Double(date.dayOfYear)
      case .hour: return Double(moment.timeOfDay / 3_600_000_000)
      case .minute: return Double(moment.timeOfDay / 60_000_000 % 60)
      case .daysSinceFirst: return .nan
      }
    }
  }

  /// Days between two moments; in floating point, for the difference of extreme moments exceeds an integer.
  static func days(from first: Int64, to last: Int64) -> Double {
    (Double(last) - Double(first)) / Double(MomentParts.microsecondsPerDay)
  }

  private static func turn(_ cycle: Cycle, _ date: MomentParts?) -> Double { date.map { cycle.turn($0) } ?? .nan }

  private static func varies(_ values: [Double]) -> Bool {
    guard let first = values.first(where: { !$0.isNaN }) else { return false }
    return values.contains { !$0.isNaN && $0 != first }
  }

  private static func circle(_ cycle: Cycle, _ dates: [MomentParts?], fill: Double?) -> [FeatureValues] {
    let angles = dates.map { 2 * Double.pi * turn(cycle, $0) }
    let missing = Float(fill ?? .nan)
    return [
      .dense(angles.map { $0.isNaN ? missing : Float(sin($0)) }),
      .dense(angles.map { $0.isNaN ? missing : Float(cos($0)) }),
    ]
  }
}
