import Foundation

/// Numbers in sentences, the same on every machine.
public enum Words {
  private static let english = Locale(identifier: "en")

  /// A number with so many significant digits at most: "1,230", "0.0123".
  public static func number(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    let whole = abs(value) >= pow(10, Double(digits - 1))
    return whole
      ? value.formatted(.number.precision(.fractionLength(0)).locale(english))
      : value.formatted(.number.precision(.significantDigits(1...digits)).locale(english))
  }

  /// An amount without decimals: "1,230 EUR".
  public static func money(_ amount: Double, _ currency: String) -> String {
    guard amount.isFinite else { return "–" }
    let shown =
      abs(amount) < 10 ? number(amount) : amount.formatted(.number.precision(.fractionLength(0)).locale(english))
    return currency.isEmpty ? shown : "\(shown) \(currency)"
  }

  /// A share in percent: "12.3 %".
  public static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    return (share * 100).formatted(.number.precision(.fractionLength(0...1)).locale(english)) + " %"
  }

  /// A number of things with what they do: "1 payment has", "12 payments have"; `plural` where it does not end in s.
  public static func count(
    _ number: Int, _ noun: String, plural: String? = nil, _ one: String, _ many: String
  ) -> String {
    "\(count(number, noun, plural: plural)) \(number == 1 ? one : many)"
  }

  /// A number of things: "1 machine", "12 machines"; `plural` where it does not end in s.
  public static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number.formatted(.number.locale(english))) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// A text with a capital letter at its beginning.
  public static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// A noun with its article: "a payment", "an escalation", "a unit"; by the first letter, which is right but for a few
  /// words such as "hour".
  public static func one(_ noun: String) -> String {
    noun.first.map { "aeio".contains($0.lowercased()) } ?? false ? "an \(noun)" : "a \(noun)"
  }
}
