import Foundation

/// Numbers in short texts: four significant digits, no exponent where a plain number does.
enum ShortNumber {
  /// A number as text: "0.1234", "12.35", "53,210" without the comma.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "undefined" }
    if value == 0 { return "0" }
    let magnitude = abs(value)
    if magnitude >= 1e7 || magnitude < 1e-4 { return String(format: "%.3g", value) }
    let digits = max(0, 3 - Int(floor(log10(magnitude))))
    let text = String(format: "%.\(digits)f", value)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.reversed()).trimmingCharacters(in: CharacterSet(charactersIn: "."))
  }
}
