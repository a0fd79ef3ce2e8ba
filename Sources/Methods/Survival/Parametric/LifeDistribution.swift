import Evaluation
import Foundation

/// The families of lifetime distributions.
public enum LifeFamily: String, Sendable, Codable, Hashable, CaseIterable {
  /// Weibull: the hazard rises or falls as a power of time.
  case weibull
  /// Log-normal: the logarithm of life is normal; the hazard rises, then falls.
  case logNormal
  /// Log-logistic: the odds of having failed are a power of time.
  case logLogistic

  /// The logarithm of the density of the standardised logarithm of life with its first two derivatives.
  func density(_ z: Double) -> (value: Double, first: Double, second: Double) {
    switch self {
    case .weibull:
      let power = exp(min(z, 700))
      return (z - power, 1 - power, -power)
    case .logNormal: return (-0.5 * z * z - 0.5 * log(2 * Double.pi), -z, -1)
    case .logLogistic:
      let share = 1 / (1 + exp(-z))
      return (z - 2 * softplus(z), 1 - 2 * share, -2 * share * (1 - share))
    }
  }

  /// The logarithm of the probability that the standardised logarithm of life is above z, with its first two derivatives.
  func survival(_ z: Double) -> (value: Double, first: Double, second: Double) {
    switch self {
    case .weibull:
      let power = exp(min(z, 700))
      return (-power, -power, -power)
    case .logNormal:
      // The ratio of density to survival; by its continued fraction where both are too small to divide.
      let value: Double
      let ratio: Double
      if z < 25 {
        let survival = 0.5 * erfc(z / 2.0.squareRoot())
        value = log(survival)
        ratio = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() / survival
      } else {
        ratio = z + 1 / (z + 2 / (z + 3 / (z + 4 / z)))
        value = -0.5 * z * z - 0.5 * log(2 * Double.pi) - log(ratio)
      }
      return (value, -ratio, -ratio * (ratio - z))
    case .logLogistic:
      let share = 1 / (1 + exp(-z))
      return (-softplus(z), -share, -share * (1 - share))
    }
  }

  /// The z below which a share of units lies, 0 < share < 1.
  func quantile(_ share: Double) -> Double {
    switch self {
    case .weibull: log(-log1p(-share))
    case .logNormal: normalQuantile(share)
    case .logLogistic: log(share / (1 - share))
    }
  }

  private func softplus(_ z: Double) -> Double { z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)) }
}

/// The distribution of a lifetime: log life = location + scale * z, z of the family.
public struct LifeDistribution: Sendable, Codable, Hashable {
  /// The family.
  public let family: LifeFamily
  /// The location of the logarithm of life.
  public let location: Double
  /// The scale of the logarithm of life, above 0.
  public let scale: Double

  /// A distribution from the location and scale of the logarithm of life.
  public init(_ family: LifeFamily, location: Double, scale: Double) {
    precondition(scale > 0 && location.isFinite, "LifeDistribution: location \(location), scale \(scale)")
    self.family = family
    self.location = location
    self.scale = scale
  }

  /// A Weibull distribution: survival is exp(-(t / life)^shape).
  public static func weibull(shape: Double, life: Double) -> LifeDistribution {
    LifeDistribution(.weibull, location: log(life), scale: 1 / shape)
  }

  /// The probability that life is longer than a time.
  public func survival(at time: Double) -> Double {
    time > 0 ? exp(family.survival((log(time) - location) / scale).value) : 1
  }

  /// The time by which the event has come with probability `level`, given that it has not come before an age; from the
  /// age on.
  public func remainingLife(level: Double, age: Double = 0) -> Double {
    let left = survival(at: age) * (1 - level)
    guard left > 0 else { return 0 }
    return exp(location + scale * family.quantile(1 - left)) - age
  }

  /// The probability that the event comes within a horizon, given that it has not come before an age.
  public func failureProbability(within horizon: Double, age: Double = 0) -> Double {
    guard age > 0 else { return 1 - survival(at: horizon) }
    let z = (log(age) - location) / scale
    let later = (log(age + horizon) - location) / scale
    return -expm1(family.survival(later).value - family.survival(z).value)
  }

  /// The mean life; infinity where a log-logistic one has none.
  public var mean: Double {
    switch family {
    case .weibull: exp(location + lgamma(1 + scale))
    case .logNormal: exp(location + scale * scale / 2)
    case .logLogistic: scale < 1 ? exp(location) * Double.pi * scale / sin(Double.pi * scale) : .infinity
    }
  }

  /// The curve at some times, with constant hazard between them.
  public func curve(at times: [Double]) -> SurvivalCurves {
    SurvivalCurves(times: times, values: times.map { survival(at: $0) }, between: .constantHazard)
  }
}
