import Basics

/// A length of time such as a window or a delay, written as in `"1h"`, `"90min"`, `"7d"`, or `"all"`: without end.
public struct HistorySpan: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The length in microseconds, above 0 but for delays; `Int64.max` means without end.
  public let microseconds: Int64

  /// Everything that is remembered.
  public static let all = HistorySpan(microseconds: .max)

  /// No time at all: for labels that are known at once.
  public static let none = HistorySpan(microseconds: 0)

  private static let units: [(name: String, length: Int64)] = [
    ("w", 604_800_000_000), ("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000),
  ]

  /// A span of so many microseconds, not below 0.
  public init(microseconds: Int64) {
    precondition(microseconds >= 0, "HistorySpan: \(microseconds) microseconds")
    self.microseconds = microseconds
  }

  /// A span of whole days.
  public static func days(_ count: Int) -> HistorySpan { HistorySpan(microseconds: Int64(count) * 86_400_000_000) }

  /// A span of whole hours.
  public static func hours(_ count: Int) -> HistorySpan { HistorySpan(microseconds: Int64(count) * 3_600_000_000) }

  /// A span of whole seconds.
  public static func seconds(_ count: Int) -> HistorySpan { HistorySpan(microseconds: Int64(count) * 1_000_000) }

  /// Reads a number with a unit (`s`, `min`, `h`, `d`, `w`), `all`, or `0`.
  ///
  /// - Throws: a `configuration` error for anything else, and for more than 1,000 years.
  public init(parsing text: String) throws {
    let trimmed = text.filter { $0 != " " }
    if trimmed == "all" {
      self = .all
      return
    }
    if trimmed == "0" {
      self = .none
      return
    }
    let unit = HistorySpan.units.first { trimmed.hasSuffix($0.name) && Double(trimmed.dropLast($0.name.count)) != nil }
    guard let unit, let number = Double(trimmed.dropLast(unit.name.count)), number >= 0,
      number * Double(unit.length) <= 365_250 * 86_400e6
    else {
      throw AssayError(
        .configuration, "\"\(text)\" is no span of time",
        remedy: "write a number and a unit: 30s, 10min, 1h, 7d, 2w, all")
    }
    microseconds = Int64((number * Double(unit.length)).rounded())
  }

  /// Whether it has no end.
  public var isAll: Bool { microseconds == .max }

  /// The length in seconds.
  public var seconds: Double { Double(microseconds) * 1e-6 }

  /// The shortest way to write it, in weeks only where it was no whole number of other units: `7d`, `1h`, `all`.
  public var description: String {
    if isAll { return "all" }
    if microseconds == 0 { return "0" }
    for unit in HistorySpan.units.dropFirst() where microseconds % unit.length == 0 {
      return "\(microseconds / unit.length)\(unit.name)"
    }
    return "\(Double(microseconds) * 1e-6)s"
  }

  /// Whether one is shorter than another.
  public static func < (first: HistorySpan, second: HistorySpan) -> Bool { first.microseconds < second.microseconds }
}

extension HistorySpan: Codable {
  /// Reads what was written, with defaults for what is left out.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
