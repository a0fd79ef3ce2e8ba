import Foundation

/// The normal distribution of mean 0 and deviation 1.
enum StandardNormal {
  static func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }

  static func probability(below z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The value below which that share lies, to within rounding; the share is in (0, 1).
  static func quantile(_ share: Double) -> Double {
    if share > 0.5 { return -quantile(1 - share) }
    if share == 0.5 { return 0 }
    // A rough start (Abramowitz and Stegun, 26.2.23 in its short form), then Halley's steps; three reach full precision.
    let root = (-2 * log(share)).squareRoot()
    var z = (2.30753 + 0.27061 * root) / (1 + root * (0.99229 + root * 0.04481)) - root
    for _ in 0..<4 {
      let step = (probability(below: z) - share) / max(density(z), .leastNormalMagnitude)
      z -= step / (1 + z * step / 2)
    }
    return z
  }
}
