import Evaluation
import Foundation

/// How a number is written for people: thousands separators, sensible digits, units. The result does not depend on the
/// machine's language.
public enum NumberFormat: Sendable, Hashable {
  /// A plain number: "1,234", "0.0123".
  case number
  /// A number of things, never with decimals: "1,234".
  case count
  /// A share: 0.235 is "23.5 %".
  case percent
  /// An amount in a currency given by its code: "€1,234", "CHF 1,234".
  case money(String)
  /// Seconds since 1970-01-01T00:00:00 UTC: "2026-11-23".
  case date

  /// What stands for a number that is missing, infinite, or beyond 1e200 as no measurement is.
  public static let absent = "–"

  private static func isWritable(_ value: Double) -> Bool { abs(value) < 1e200 }

  /// The number with so many significant digits; digits before the decimal point are always kept.
  public func text(_ value: Double, digits: Int = 3) -> String {
    guard NumberFormat.isWritable(value) else { return NumberFormat.absent }
    if case .date = self { return DateText.day(value) }
    let shown = self == .percent ? value * 100 : value
    if shown == 0 { return text(value, decimals: 0) }
    let magnitude = Int(floor(log10(abs(shown))))
    var decimals = max(0, digits - 1 - magnitude)
    switch self {
    case .percent: decimals = min(decimals, abs(shown) < 0.1 ? 3 : abs(shown) < 1 ? 2 : 1)
    case .money: decimals = abs(shown) >= 1000 ? 0 : max(2, min(decimals, 4))
    case .count: decimals = 0
    default:
      if magnitude < -4 || magnitude >= 15 { return NumberFormat.scientific(value, digits: digits) }
    }
    return text(value, decimals: trimmed(shown, decimals))
  }

  /// The number with so many decimals (of the shown number: 1 writes "23.5 %"); negative decimals round to tens and
  /// beyond.
  public func text(_ value: Double, decimals: Int) -> String {
    guard NumberFormat.isWritable(value) else { return NumberFormat.absent }
    switch self {
    case .number:
      // A small number is not zero: five digits of zeros would say so.
      let isLost = decimals >= 4 && value > 0 && value < 0.5 * pow(10, Double(-decimals))
      if isLost { return "<\u{A0}" + NumberFormat.grouped(pow(10, Double(-decimals)), decimals: decimals) }
      return NumberFormat.shortened(value, decimals: decimals)
    case .count: return NumberFormat.grouped(value, decimals: min(0, decimals))
    case .percent: return NumberFormat.grouped(value * 100, decimals: decimals) + "\u{A0}%"
    case .money(let code):
      let amount = NumberFormat.shortened(abs(value), decimals: decimals == 1 ? 2 : decimals)
      let isNegative = value < 0 && amount.contains { ("1"..."9").contains($0) }
      let (before, after) = NumberFormat.symbol(code)
      return (isNegative ? "−" : "") + before + amount + after
    case .date: return DateText.day(value)
    }
  }

  /// The label of a tick of an axis whose ticks are `step` apart: as many decimals as the step needs, large numbers
  /// shortened ("1.5M").
  public func tick(_ value: Double, step: Double) -> String {
    guard NumberFormat.isWritable(value) else { return NumberFormat.absent }
    if case .date = self { return DateText.text(value, step: step) }
    let scale = self == .percent ? 100.0 : 1
    let shown = value * scale
    let shownStep = step.isFinite && step > 0 ? step * scale : max(abs(shown), 1)
    if self != .percent {
      let largest = max(abs(shown), shownStep)
      let units: [(Double, String)] = [(1e12, "T"), (1e9, "bn"), (1e6, "M"), (1e4, "k")]
      if largest >= 1e15 || shownStep < 1e-6 { return NumberFormat.scientific(value, digits: 2) }
      // A step of at least a thousand keeps every tick of the axis in the same unit.
      if shownStep >= 1000, let unit = units.first(where: { largest >= $0.0 }) {
        let divisor = unit.1 == "k" ? 1000 : unit.0
        let decimals = NumberFormat.decimals(ofStep: shownStep / divisor)
        return withoutUnit.text(value / divisor, decimals: decimals) + (value == 0 ? "" : unit.1)
      }
    }
    return withoutUnit.text(value, decimals: NumberFormat.decimals(ofStep: shownStep))
  }

  /// The number, with the digits that its interval supports.
  public func text(_ estimate: Estimate) -> String { text(estimate.value, decimals: decimals(for: estimate)) }

  /// The ends of the interval: "0.81 to 0.87"; "no interval" where none is known.
  public func interval(_ estimate: Estimate) -> String { interval(estimate, decimals: decimals(for: estimate)) }

  /// The ends of the interval with so many decimals.
  func interval(_ estimate: Estimate, decimals: Int) -> String {
    guard NumberFormat.isWritable(estimate.lower), NumberFormat.isWritable(estimate.upper) else { return "no interval" }
    return text(estimate.lower, decimals: decimals) + " to " + text(estimate.upper, decimals: decimals)
  }

  /// The number rounded to three significant digits, also before the decimal point: "55,100".
  func rounded(_ value: Double) -> String {
    guard NumberFormat.isWritable(value), value != 0 else { return text(value) }
    let magnitude = Int(floor(log10(abs(value))))
    return magnitude < 3 ? text(value) : text(value, decimals: 2 - magnitude)
  }

  /// A difference between two shares: 0.021 is "2.1 percentage points".
  static func percentagePoints(_ difference: Double) -> String {
    guard isWritable(difference) else { return absent }
    let points = abs(difference) * 100
    if points < 0.005 { return "less than 0.01\u{A0}percentage points" }
    let decimals = points >= 10 ? 0 : points >= 0.95 ? 1 : 2
    return grouped(points, decimals: decimals) + "\u{A0}percentage points"
  }

  /// The decimals that leave two significant digits of the interval's width, or one more where the number would have
  /// fewer than three.
  func decimals(for estimate: Estimate) -> Int {
    let scale = self == .percent ? 100.0 : 1
    let width = (estimate.upper - estimate.lower) * scale
    let size = abs(estimate.value) * scale
    guard width.isFinite, width > 0, size.isFinite else {
      return size.isFinite && size > 0 ? max(0, min(5, 2 - Int(floor(log10(size))))) : 0
    }
    let needed = 1 - Int(floor(log10(width)))
    let decimals = size > 0 ? min(needed + 1, max(needed, 2 - Int(floor(log10(size))))) : needed
    switch self {
    case .percent: return max(0, min(1, decimals))
    case .money: return decimals > 0 ? (size >= 1000 ? 0 : 2) : max(-15, decimals)
    case .count: return min(0, decimals)
    default: return max(-15, min(5, decimals))
    }
  }

  /// The decimals at which several numbers are written one below the other.
  func commonDecimals(_ estimates: [Estimate]) -> Int {
    let each = estimates.filter(\.value.isFinite).map { decimals(for: $0) }.sorted()
    return each.isEmpty ? 0 : each[(each.count - 1) / 2]
  }

  /// The format for ticks: a unit that follows the number would crowd the axis.
  private var withoutUnit: NumberFormat {
    if case .money(let code) = self, !NumberFormat.symbol(code).after.isEmpty { return .money("") }
    return self
  }

  /// Trailing zeros say nothing in a plain number: 2.00 is written "2".
  private func trimmed(_ shown: Double, _ decimals: Int) -> Int {
    guard self == .number || self == .percent, decimals > 0 else { return decimals }
    var kept = decimals
    while kept > 0 {
      let scaled = shown * pow(10, Double(kept - 1))
      if abs(scaled - scaled.rounded()) > 0.05 * pow(10, Double(kept - 1 - decimals)) { break }
      kept -= 1
    }
    return kept
  }

  private static func decimals(ofStep step: Double) -> Int {
    for decimals in 0..<9 {
      let scaled = step * pow(10, Double(decimals))
      if abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled) && scaled >= 0.5 { return decimals }
    }
    return 9
  }

  private static func scientific(_ value: Double, digits: Int) -> String {
    String(format: "%.*e", max(0, digits - 1), value).replacingOccurrences(of: "-", with: "−")
      .replacingOccurrences(of: "e+", with: "e").replacingOccurrences(of: "e0", with: "e")
      .replacingOccurrences(of: "e−0", with: "e−")
  }

  /// The units of numbers that are too long to be read, with the exponents of ten.
  private static let units: [(exponent: Int, name: String)] = [(12, "T"), (9, "bn"), (6, "M")]

  /// The number as `grouped` writes it; from ten millions on in millions and beyond: "148bn".
  private static func shortened(_ value: Double, decimals: Int) -> String {
    guard abs(value) >= 1e7, abs(value) < 1e15, decimals <= 0,
      let unit = units.first(where: { abs(value) >= pow(10, Double($0.exponent)) })
    else { return grouped(value, decimals: decimals) }
    return grouped(value / pow(10, Double(unit.exponent)), decimals: min(2, unit.exponent + decimals)) + unit.name
  }

  private static func grouped(_ value: Double, decimals: Int) -> String {
    let unit = decimals < 0 ? pow(10, Double(-decimals)) : 1
    let rounded = decimals < 0 ? (value / unit).rounded() * unit : value
    guard abs(rounded) < 1e18 else { return scientific(value, digits: 3) }
    let plain = String(format: "%.*f", max(0, decimals), abs(rounded))
    let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
    var whole = ""
    for (offset, digit) in parts[0].enumerated() {
      if offset > 0, (parts[0].count - offset) % 3 == 0 { whole.append(",") }
      whole.append(digit)
    }
    let isZero = !plain.contains { ("1"..."9").contains($0) }
    return (value < 0 && !isZero ? "−" : "") + whole + (parts.count > 1 ? "." + parts[1] : "")
  }

  /// What stands before and after an amount: the sign of a currency, its code, or the name of a unit.
  private static func symbol(_ code: String) -> (before: String, after: String) {
    let code = TerminalText.safe(code.count > 12 ? code.prefix(11) + "…" : code)
    return switch code.uppercased() {
    case "EUR", "€": ("€", "")
    case "USD", "$": ("$", "")
    case "GBP", "£": ("£", "")
    case "JPY", "CNY", "¥": ("¥", "")
    case "INR", "₹": ("₹", "")
    case "": ("", "")
    default: code.count == 3 && code == code.uppercased() ? (code + "\u{A0}", "") : ("", "\u{A0}" + code)
    }
  }
}
