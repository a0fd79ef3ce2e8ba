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
  static func pValue(_ difference: Difference) -> String {
    guard difference.pValue.isFinite else { return NumberFormat.absent }
    return difference.pValue < 0.001 ? "<\u{A0}0.001" : NumberFormat.number.text(difference.pValue, decimals: 3)
  }

  /// The size of an effect in the words of Cohen (1988): below 0.2 negligible, 0.5 small, 0.8 medium.
  static func effect(_ difference: Difference) -> String {
    let size = abs(difference.effectSize)
    guard size.isFinite else { return NumberFormat.absent }
    return size < 0.2 ? "negligible" : size < 0.5 ? "small" : size < 0.8 ? "medium" : "large"
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
