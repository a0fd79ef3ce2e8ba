import Evaluation
import Foundation

/// Comparisons in words.
enum Verdicts {
  /// What a comparison of the chosen model with another says about the other.
  static func ofOther(_ difference: Difference) -> Markup {
    switch difference.verdict {
    case .better: "worse than the chosen model"
    case .worse: "<span class=\"bad\">better than the chosen model</span>"
    case .noDifference: "no difference shown"
    }
  }

  /// The probability of a difference at least as large by chance.
  static func pValue(_ difference: Difference) -> String { pValue(difference.pValue) }

  static func pValue(_ value: Double) -> String {
    guard value.isFinite else { return NumberFormat.absent }
    return value < 0.001 ? "<\u{A0}0.001" : NumberFormat.number.text(value, decimals: 3)
  }

  /// How much of what is missing to a perfect measure lies between two values: the part of the worse one's distance
  /// that the better one saves. It means the same for every measure and any number of rows, which a difference over the
  /// spread of single rows does not.
  ///
  /// - Returns: 0 for equal values to 1 for a perfect one; nil where a value is not a number.
  static func savedShare(_ first: Double, _ second: Double, higherIsBetter: Bool) -> Double? {
    let distances = [first, second].map { higherIsBetter ? 1 - $0 : $0 }
    guard let far = distances.max(), let near = distances.min(), far.isFinite, near >= -1e-9 else { return nil }
    return far > 0 ? min(1, (far - near) / far) : 0
  }

  /// The words for a part of what is missing: below 2 % negligible, below 10 % small, below 25 % medium.
  static func effect(_ savedShare: Double) -> String {
    savedShare < 0.02 ? "negligible" : savedShare < 0.1 ? "small" : savedShare < 0.25 ? "medium" : "large"
  }

  /// An amount with its direction: "€5.30 more", "€2.10 less".
  static func moreOrLess(_ estimate: Estimate, _ format: NumberFormat) -> String {
    format.text(abs(estimate.value), decimals: format.decimals(for: estimate))
      + (estimate.value < 0 ? " less" : " more")
  }

  /// A duration for people.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return NumberFormat.absent }
    if seconds < 0.001 { return "<\u{A0}1\u{A0}ms" }
    if seconds < 0.95 { return NumberFormat.number.text(seconds * 1000, digits: 2) + "\u{A0}ms" }
    if seconds < 60 { return NumberFormat.number.text(seconds, digits: 2) + "\u{A0}s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60)\u{A0}min \(whole % 60)\u{A0}s" }
    return "\(whole / 3600)\u{A0}h \(whole / 60 % 60)\u{A0}min"
  }
}
