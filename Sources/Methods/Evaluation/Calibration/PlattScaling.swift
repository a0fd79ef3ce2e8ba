import Foundation

/// A sigmoid of the log-odds: probability = 1 / (1 + exp(-(slope * log-odds + intercept))) (Platt 1999).
public struct PlattScaling: Sendable, Codable, Hashable {
  /// The factor of the log-odds; 1 leaves them as they are.
  public let slope: Double
  /// What is added to the log-odds; 0 leaves them as they are.
  public let intercept: Double

  /// Fits by maximum likelihood with the smoothed targets and the safeguarded Newton steps of Lin, Lin and Weng (2007).
  ///
  /// - Parameters:
  ///   - probabilities: of the positive class.
  ///   - labels: 0 or 1.
  public init(probabilities: [Double], labels: [Double], weights: [Double]? = nil) {
    let scores = probabilities.map(logOdds)
    var positives = 0.0
    var negatives = 0.0
    for row in labels.indices {
      let weight = weights?[row] ?? 1
      if labels[row] == 1 { positives += weight } else { negatives += weight }
    }
    let high = (positives + 1) / (positives + 2)
    let low = 1 / (negatives + 2)
    func loss(_ slope: Double, _ intercept: Double) -> Double {
      var sum = 0.0
      for row in scores.indices {
        let z = slope * scores[row] + intercept
        let target = labels[row] == 1 ? high : low
        // -t log p - (1 - t) log (1 - p) without overflow.
        sum += (weights?[row] ?? 1) * (log1p(exp(-abs(z))) + max(z, 0) - target * z)
      }
      return sum
    }
    var slope = 0.0
    var intercept = log((positives + 1) / (negatives + 1))
    var current = loss(slope, intercept)
    for _ in 0..<100 {
      var gradient = (0.0, 0.0)
      var hessian = (1e-12, 0.0, 1e-12)
      for row in scores.indices {
        let probability = 1 / (1 + exp(-(slope * scores[row] + intercept)))
        let weight = weights?[row] ?? 1
        let error = weight * (probability - (labels[row] == 1 ? high : low))
        let curvature = weight * probability * (1 - probability)
        gradient.0 += error * scores[row]
        gradient.1 += error
        hessian.0 += curvature * scores[row] * scores[row]
        hessian.1 += curvature * scores[row]
        hessian.2 += curvature
      }
      if max(abs(gradient.0), abs(gradient.1)) < 1e-7 { break }
      let determinant = hessian.0 * hessian.2 - hessian.1 * hessian.1
      let stepSlope = -(hessian.2 * gradient.0 - hessian.1 * gradient.1) / determinant
      let stepIntercept = -(hessian.0 * gradient.1 - hessian.1 * gradient.0) / determinant
      let expected = gradient.0 * stepSlope + gradient.1 * stepIntercept
      var step = 1.0
      var moved = false
      while step > 1e-10, !moved {
        let next = loss(slope + step * stepSlope, intercept + step * stepIntercept)
        if next < current + 1e-4 * step * expected {
          slope += step * stepSlope
          intercept += step * stepIntercept
          current = next
          moved = true
        }
        step /= 2
      }
      if !moved { break }
    }
    self.slope = slope
    self.intercept = intercept
  }

  /// The calibrated probability.
  public func value(at probability: Double) -> Double {
    1 / (1 + exp(-(slope * logOdds(probability) + intercept)))
  }
}

/// The log-odds of a probability, clipped to 1e-12 from both ends.
func logOdds(_ probability: Double) -> Double {
  let clipped = min(1 - 1e-12, max(1e-12, probability))
  return log(clipped / (1 - clipped))
}
