import Basics

/// How many rows can be acted on.
public struct Capacity: Sendable, Hashable, Codable {
  /// What the amount is counted in.
  public enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
    case hour
    case day
    /// Weeks begin on Monday.
    case week
    case month
    /// All rows that are decided on together.
    case total
    /// Percent of the rows that are decided on together.
    case percent

    /// Whether the limit holds anew in each stretch of time, so that a time column is needed.
    public var isPeriod: Bool { self != .total && self != .percent }
  }

  /// The number of rows, or percent; above zero.
  public let amount: Double
  /// What the amount is counted in.
  public let unit: Unit

  /// Creates a capacity; the amount must be above zero.
  public init(_ amount: Double, _ unit: Unit) {
    precondition(amount > 0 && amount.isFinite, "Capacity: the amount \(amount) is not above zero")
    self.amount = amount
    self.unit = unit
  }

  /// Reads `100 per day`, `100 a week`, `100/month`, `5 %`, `2000` or `2000 in total`.
  ///
  /// - Throws: a `configuration` error for any other text.
  public init(parsing text: String, at place: String = "") throws(AssayError) {
    let lowered = text.lowercased()
    let digits = lowered.drop(while: \.isWhitespace).prefix { $0.isNumber || "._,".contains($0) }
    let words = lowered.drop(while: \.isWhitespace).dropFirst(digits.count).replacing("/", with: " per ")
      .replacing("%", with: " % ").split(whereSeparator: \.isWhitespace).map(String.init)
    guard let amount = Capacity.number(digits), let unit = Capacity.unit(words) else {
      throw AssayError(
        .configuration, "\"\(text)\" is not a capacity", at: place,
        remedy: "write it like \"100 per day\" (hour, day, week, month), \"5 %\" or \"2000 in total\"")
    }
    guard amount > 0, unit == .percent ? amount <= 100 : amount == amount.rounded() else {
      throw AssayError(
        .configuration, "the capacity \"\(text)\" is out of range", at: place,
        remedy: unit == .percent ? "give a percentage above 0, up to 100" : "give a whole number above 0")
    }
    self.init(amount, unit)
  }

  /// Digits with an optional decimal point; commas or underscores between groups of three.
  private static func number(_ text: Substring) -> Double? {
    let groups = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "_" }
    let isGrouped = groups.dropFirst().allSatisfy { $0.prefix { $0 != "." }.count == 3 }
    guard isGrouped, let value = Double(groups.joined()), value.isFinite else { return nil }
    return value
  }

  private static func unit(_ words: [String]) -> Unit? {
    switch words {
    case [], ["total"], ["in", "total"]: return .total
    case ["%"], ["percent"], ["%", "of", "rows"], ["percent", "of", "rows"], ["%", "of", "the", "rows"]: return .percent
    default:
      guard words.count == 2, ["per", "a", "an", "each", "every"].contains(words[0]) else { return nil }
      return Unit(rawValue: words[1]).flatMap { $0.isPeriod ? $0 : nil }
    }
  }
}

extension Capacity: CustomStringConvertible {
  /// "100 per day", "5 % of the rows", "2000 in total".
  public var description: String {
    switch unit {
    case .total: "\(amount.formatted) in total"
    case .percent: "\(amount.formatted) % of the rows"
    default: "\(amount.formatted) per \(unit.rawValue)"
    }
  }
}
