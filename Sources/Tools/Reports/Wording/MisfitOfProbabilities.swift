import Evaluation

/// That probabilities are too low, or too high, on the whole: more than chance explains.
struct MisfitOfProbabilities {
  /// Whether more happened than they add up to.
  var isLow: Bool
  /// By how much: "by a factor of 2.3", "by 12 %".
  var words: String
  /// Whether a rule that rests on them must be expected to act wrongly: by a quarter or more, and hardly by chance.
  var isGrave: Bool

  /// - Returns: nil where chance explains the difference (p of 0.05 and above).
  init?(_ whole: CalibrationInTheLarge) {
    guard whole.pValue < 0.05 else { return nil }
    isLow = whole.observed > whole.expected
    let ratio =
      whole.expected > 0 && whole.observed > 0
      ? max(whole.observed / whole.expected, whole.expected / whole.observed) : Double.infinity
    let change = whole.expected > 0 ? abs(whole.observed - whole.expected) / whole.expected : .infinity
    words =
      ratio >= 1.5 && ratio.isFinite
      ? "by a factor of \(NumberFormat.number.text(ratio, digits: 2))"
      : change.isFinite ? "by \(NumberFormat.percent.text(change, digits: 2)) of what they add up to" : "all of them"
    isGrave = ratio >= 1.25 && whole.pValue < 0.01
  }
}
