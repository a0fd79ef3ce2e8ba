/// Solves small symmetric positive definite systems in place.
enum SymmetricSystem {
  /// Solves `matrix x = vector`; both are overwritten, the vector by x. Only the lower triangle is read.
  ///
  /// - Returns: False where the matrix is not positive definite.
  static func solve(_ matrix: inout [Double], size: Int, _ vector: inout [Double]) -> Bool {
    guard factor(&matrix, size: size) else { return false }
    substitute(matrix, size: size, &vector)
    return true
  }

  /// Replaces the lower triangle by the factor of Cholesky.
  static func factor(_ matrix: inout [Double], size: Int) -> Bool {
    matrix.withUnsafeMutableBufferPointer { a in
      for i in 0..<size {
        for j in 0..<i + 1 {
          var sum = a[i * size + j]
          for k in 0..<j { sum -= a[i * size + k] * a[j * size + k] }
          if i == j {
            guard sum > 0, sum.isFinite else { return false }
            a[i * size + i] = sum.squareRoot()
          } else {
            a[i * size + j] = sum / a[j * size + j]
          }
        }
      }
      return true
    }
  }

  /// Solves with a factor of `factor`.
  static func substitute(_ factor: [Double], size: Int, _ vector: inout [Double]) {
    factor.withUnsafeBufferPointer { a in
      vector.withUnsafeMutableBufferPointer { x in
        for i in 0..<size {
          var sum = x[i]
          for k in 0..<i { sum -= a[i * size + k] * x[k] }
          x[i] = sum / a[i * size + i]
        }
        for i in stride(from: size - 1, through: 0, by: -1) {
          var sum = x[i]
          for k in stride(from: i + 1, to: size, by: 1) { sum -= a[k * size + i] * x[k] }
          x[i] = sum / a[i * size + i]
        }
      }
    }
  }
}

/// Least squares of the first of adjacent columns on the others, again and again on the same sizes.
///
/// Columns that others explain (dummies that add up to the constant, for example) get a slope near zero by a relative
/// ridge of 1e-9 instead of an error.
final class ColumnRegression {
  private let count: Int
  private let columns: Int
  private var normal: [Double]
  private var slopes: [Double]

  init(count: Int, columns: Int) {
    self.count = count
    self.columns = columns
    normal = [Double](repeating: 0, count: columns * columns)
    slopes = [Double](repeating: 0, count: columns)
  }

  /// The slopes of the last regression.
  var currentSlopes: [Double] { slopes }

  /// Writes the residuals and gives their sum of squares; `data` has `columns + 1` columns of `count` numbers.
  func residuals(_ data: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) -> Double {
    for t in 0..<count { result[t] = data[t] }
    if columns > 0 { regress(data, result) }
    return ColumnRegression.dot(result, result, count)
  }

  private func regress(_ data: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>) {
    var trace = 0.0
    for a in 0..<columns {
      let left = data + (a + 1) * count
      for b in 0..<a + 1 { normal[a * columns + b] = ColumnRegression.dot(left, data + (b + 1) * count, count) }
      slopes[a] = ColumnRegression.dot(left, data, count)
      trace = max(trace, normal[a * columns + a])
    }
    for a in 0..<columns {
      normal[a * columns + a] += max(1e-9 * normal[a * columns + a], 1e-12 * trace, .leastNormalMagnitude)
    }
    guard SymmetricSystem.solve(&normal, size: columns, &slopes) else {
      for a in 0..<columns { slopes[a] = 0 }
      return
    }
    for a in 0..<columns {
      let column = data + (a + 1) * count
      let slope = slopes[a]
      for t in 0..<count { result[t] -= slope * column[t] }
    }
  }

  /// The product of two columns, summed in four parts so that the additions overlap.
  @inline(__always)
  static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var sums = SIMD4<Double>(repeating: 0)
    var t = 0
    while t + 4 <= count {
      sums += SIMD4(a[t], a[t + 1], a[t + 2], a[t + 3]) * SIMD4(b[t], b[t + 1], b[t + 2], b[t + 3])
      t += 4
    }
    var rest = 0.0
    while t < count {
      rest += a[t] * b[t]
      t += 1
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
  }
}
