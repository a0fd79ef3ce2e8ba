import Foundation

/// The share of Student's t distribution beyond |t| on both sides.
public func studentTwoSided(_ t: Double, degrees: Double) -> Double {
  if t.isInfinite { return 0 }
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/// The point that |t| stays below with probability `level`, 0 < level < 1; by bisection, exact to about 1e-12.
public func studentQuantile(level: Double, degrees: Double) -> Double {
  precondition(level > 0 && level < 1 && degrees > 0, "studentQuantile: level \(level), \(degrees) degrees")
  var high = 1.0
  while studentTwoSided(high, degrees: degrees) > 1 - level, high < 1e15 { high *= 2 }
  var low = 0.0
  for _ in 0..<100 {
    let middle = 0.5 * (low + high)
    if studentTwoSided(middle, degrees: degrees) > 1 - level { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}

/// The regularised incomplete beta function by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  // The fraction converges quickly on this side only.
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var fraction = d
  for m in 1...500 {
    let k = Double(m)
    let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
    let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
    var change = 1.0
    for numerator in [even, odd] {
      d = 1 + numerator * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      if abs(c) < tiny { c = tiny }
      change = c * d
      fraction *= change
    }
    if abs(change - 1) < 1e-15 { break }
  }
  return front * fraction
}
