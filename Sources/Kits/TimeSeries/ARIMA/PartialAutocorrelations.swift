/// The map between free numbers and the coefficients of a stationary autoregression.
///
/// A free number u becomes a partial autocorrelation u / sqrt(1 + u^2) in (-1, 1); partial autocorrelations become
/// coefficients by the recursion of Durbin and Levinson (Barndorff-Nielsen and Schou 1973; Jones 1980; Monahan 1984).
/// Invertible moving averages are the same with the sign turned. A further free number of zero leaves the polynomial as
/// it is, so a fit of lower order is a start for a higher one.
enum PartialAutocorrelations {
  /// Writes the coefficients that belong to free numbers.
  @inline(__always)
  static func coefficients(
    of free: UnsafePointer<Double>, count: Int, sign: Double, into result: UnsafeMutablePointer<Double>
  ) {
    for k in 0..<count {
      let partial = free[k] / (1 + free[k] * free[k]).squareRoot()
      // Pairs (j, k-1-j) change together, so the step works in place.
      var low = 0
      var high = k - 1
      while low < high {
        let (a, b) = (result[low], result[high])
        result[low] = a - partial * b
        result[high] = b - partial * a
        low += 1
        high -= 1
      }
      if low == high { result[low] -= partial * result[low] }
      result[k] = partial
    }
    if sign < 0 { for k in 0..<count { result[k] = -result[k] } }
  }

  /// The partial autocorrelations of coefficients; nil where the polynomial has a root on or inside the unit circle.
  static func partials(of coefficients: [Double]) -> [Double]? {
    var current = coefficients
    var partials = [Double](repeating: 0, count: coefficients.count)
    for k in stride(from: coefficients.count - 1, through: 0, by: -1) {
      let partial = current[k]
      guard abs(partial) < 1 else { return nil }
      partials[k] = partial
      let scale = 1 / (1 - partial * partial)
      current = (0..<k).map { (current[$0] + partial * current[k - 1 - $0]) * scale }
    }
    return partials
  }

  /// The free numbers of coefficients; those outside the region come from the nearest polynomial with smaller terms.
  static func free(of coefficients: [Double], sign: Double) -> [Double] {
    var shrunk = coefficients.map { $0 * sign }
    while true {
      if let partials = partials(of: shrunk), partials.allSatisfy({ abs($0) < 0.999 }) {
        return partials.map { $0 / (1 - $0 * $0).squareRoot() }
      }
      for k in shrunk.indices { shrunk[k] *= 0.95 }
    }
  }

  /// Whether all roots of the polynomial are farther from zero than `radius`.
  static func rootsLieBeyond(_ radius: Double, coefficients: [Double], sign: Double) -> Bool {
    var power = sign
    var scaled = coefficients
    for k in scaled.indices {
      power *= radius
      scaled[k] *= power
    }
    return partials(of: scaled) != nil
  }
}
