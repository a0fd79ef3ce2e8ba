import Foundation

/// How far predicted lives are from the true ones.
public struct LifeMeasures: Sendable, Hashable {
  /// The root of the mean squared error.
  public let rootMeanSquaredError: Double
  /// The mean absolute error.
  public let meanAbsoluteError: Double
  /// The sum over units of exp(-d / 13) - 1 for d below 0, else exp(d / 10) - 1, with d = predicted - true: telling too
  /// long a life costs more (Saxena, Goebel, Simon and Eklund, "Damage propagation modeling for aircraft engine
  /// run-to-failure simulation", PHM 2008).
  public let asymmetricScore: Double

  /// The measures of lives that were told, beside the true ones, one number each.
  public init(predicted: [Double], lives: [Double]) {
    let errors = zip(predicted, lives).map { $0 - $1 }
    let count = Double(max(1, errors.count))
    rootMeanSquaredError = (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    meanAbsoluteError = errors.reduce(0) { $0 + abs($1) } / count
    asymmetricScore = errors.reduce(0) { $0 + (exp($1 < 0 ? -$1 / 13 : $1 / 10) - 1) }
  }
}
