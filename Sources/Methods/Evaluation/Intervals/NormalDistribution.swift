import Foundation

/// The share of the standard normal distribution below `z`.
public func normalProbability(below z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

/// The point of the standard normal distribution with that share below it, 0 < share < 1.
///
/// Bisection brackets the point, Newton steps on `normalProbability` finish it; exact to about 1e-14.
public func normalQuantile(_ share: Double) -> Double {
  precondition(share > 0 && share < 1, "normalQuantile: share \(share)")
  if share > 0.5 { return -normalQuantile(1 - share) }
  if share == 0.5 { return 0 }
  var low = -40.0
  var high = 0.0
  for _ in 0..<20 {
    let middle = 0.5 * (low + high)
    if normalProbability(below: middle) < share { low = middle } else { high = middle }
  }
  var z = 0.5 * (low + high)
  for _ in 0..<6 {
    let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
    if density == 0 { break }
    z -= (normalProbability(below: z) - share) / density
  }
  return z
}
