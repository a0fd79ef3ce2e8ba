import Basics

/// Solves A X = B for a symmetric positive definite A by Cholesky's factors, in double precision.
///
/// - Parameters:
///   - matrix: A, `size` x `size`, row-major; only its upper triangle is read.
///   - rightSides: B, `size` x `columns`, row-major.
/// - Returns: X like B; nil if A is not positive definite.
func solvePositive(_ matrix: [Double], size: Int, _ rightSides: [Double], columns: Int) -> [Double]? {
  var factor = matrix
  guard factorPositive(&factor, size: size) else { return nil }
  var result = rightSides
  factor.withUnsafeBufferPointer { factor in
    result.withUnsafeMutableBufferPointer { x in
      guard let u = factor.baseAddress, let x = x.baseAddress else { return }
      // U' Y = B, downward.
      for k in 0..<size {
        scale(x + k * columns, by: 1 / u[k * size + k], count: columns)
        for i in k + 1..<max(size, k + 1) {
          add(x + k * columns, times: -u[k * size + i], to: x + i * columns, count: columns)
        }
      }
      // U X = Y, upward.
      for i in stride(from: size - 1, through: 0, by: -1) {
        for k in i + 1..<max(size, i + 1) {
          add(x + k * columns, times: -u[i * size + k], to: x + i * columns, count: columns)
        }
        scale(x + i * columns, by: 1 / u[i * size + i], count: columns)
      }
    }
  }
  return result
}

/// Replaces the upper triangle of a symmetric positive definite matrix by U with A = U' U; what is below stays. False if
/// the matrix is not positive definite.
func factorPositive(_ matrix: inout [Double], size: Int) -> Bool {
  matrix.withUnsafeMutableBufferPointer { matrix in
    guard let a = matrix.baseAddress else { return true }
    for k in 0..<size {
      let row = a + k * size
      guard row[k] > 0, row[k].isFinite else { return false }
      scale(row + k, by: 1 / row[k].squareRoot(), count: size - k)
      for i in k + 1..<max(size, k + 1) {
        add(row + i, times: -row[i], to: a + i * size + i, count: size - i)
      }
    }
    return true
  }
}

/// C = A B in double precision, A `rows` x `inner`, B `inner` x `columns`, row-major; with `transposingLeft`, A is stored
/// as `inner` x `rows`.
func multiplied(
  _ a: [Double], _ b: [Double], rows: Int, inner: Int, columns: Int, transposingLeft: Bool = false
) -> [Double] {
  precondition(a.count == rows * inner && b.count == inner * columns, "multiplied: sizes do not fit")
  var result = [Double](repeating: 0, count: rows * columns)
  result.withUnsafeMutableBufferPointer { c in
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let c = c.baseAddress, let b = b.baseAddress else { return }
        for i in 0..<rows {
          for k in 0..<inner {
            let factor = transposingLeft ? a[k * rows + i] : a[i * inner + k]
            if factor != 0 { add(b + k * columns, times: factor, to: c + i * columns, count: columns) }
          }
        }
      }
    }
  }
  return result
}

@inline(__always)
private func scale(_ x: UnsafeMutablePointer<Double>, by factor: Double, count: Int) {
  for i in 0..<count { x[i] *= factor }
}

@inline(__always)
private func add(
  _ x: UnsafePointer<Double>, times factor: Double, to y: UnsafeMutablePointer<Double>, count: Int
) {
  for i in 0..<count { y[i] += factor * x[i] }
}
