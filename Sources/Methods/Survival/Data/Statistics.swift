import Foundation

/// The probability that a chi-squared variable exceeds `value`.
///
/// The regularised upper incomplete gamma function at half of both: by its series (DLMF 8.11.4) left of the mean, by its
/// continued fraction (DLMF 8.9.2, evaluated by Lentz's method) right of it; exact to about 1e-13.
///
/// - Parameters:
///   - value: At least 0.
///   - degrees: The degrees of freedom, above 0.
public func chiSquaredProbability(above value: Double, degrees: Double) -> Double {
  precondition(degrees > 0, "chiSquaredProbability: \(degrees) degrees")
  guard value > 0 else { return value.isNaN ? .nan : 1 }
  if value.isInfinite { return 0 }
  let (a, x) = (degrees / 2, value / 2)
  let front = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    var n = 1.0
    while abs(term) > 1e-17 * abs(sum), n < 10_000 {
      term *= x / (a + n)
      sum += term
      n += 1
    }
    return max(0, 1 - front * sum)
  }
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var fraction = d
  for n in 1..<10_000 {
    let numerator = -Double(n) * (Double(n) - a)
    b += 2
    d = numerator * d + b
    if abs(d) < tiny { d = tiny }
    c = b + numerator / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    fraction *= d * c
    if abs(d * c - 1) < 1e-16 { break }
  }
  return front * fraction
}

/// A symmetric matrix, row-major, factorised so that systems with it can be solved; columns that are combinations of
/// earlier ones are set aside.
struct SymmetricSolver {
  let size: Int
  /// The lower factor of the part that is independent; rows and columns set aside are 0.
  private var factor: [Double]
  /// Whether a column was set aside.
  private(set) var isAside: [Bool]
  /// Whether the matrix had no negative pivot beyond rounding.
  private(set) var isPositive = true

  /// Factorises; pivots below `tolerance` times the diagonal entry count as zero.
  init(_ matrix: [Double], size: Int, tolerance: Double = 1e-9) {
    self.size = size
    factor = [Double](repeating: 0, count: size * size)
    isAside = [Bool](repeating: false, count: size)
    for i in 0..<size {
      for j in 0...i {
        var rest = matrix[i * size + j]
        for k in 0..<j { rest -= factor[i * size + k] * factor[j * size + k] }
        if i == j {
          if rest < -tolerance * abs(matrix[i * size + i]) || rest.isNaN { isPositive = false }
          if rest > tolerance * abs(matrix[i * size + i]), rest > 0, rest.isFinite {
            factor[i * size + i] = rest.squareRoot()
          } else {
            isAside[i] = true
            for k in 0..<i { factor[i * size + k] = 0 }
          }
        } else if !isAside[j] {
          factor[i * size + j] = rest / factor[j * size + j]
        }
      }
    }
  }

  /// The solution of the system; 0 for columns set aside.
  func solve(_ vector: [Double]) -> [Double] {
    var x = vector
    for i in 0..<size {
      if isAside[i] {
        x[i] = 0
        continue
      }
      var sum = x[i]
      for k in 0..<i { sum -= factor[i * size + k] * x[k] }
      x[i] = sum / factor[i * size + i]
    }
    for i in stride(from: size - 1, through: 0, by: -1) where !isAside[i] {
      var sum = x[i]
      for k in i + 1..<max(size, i + 1) { sum -= factor[k * size + i] * x[k] }
      x[i] = sum / factor[i * size + i]
    }
    return x
  }

  /// The inverse, row-major; rows and columns set aside are 0.
  func inverse() -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for column in 0..<size where !isAside[column] {
      var unit = [Double](repeating: 0, count: size)
      unit[column] = 1
      let solution = solve(unit)
      for row in 0..<size { result[row * size + column] = solution[row] }
    }
    return result
  }
}
