import CKernels

/// The lower factor L of a symmetric positive definite matrix A = L L', row-major, zeros above the diagonal; nil if A
/// is not positive definite. Only the lower triangle of A is read. Cost: size^3 / 3.
func choleskyFactor(_ matrix: [Double], size: Int) -> [Double]? {
  var factor = matrix
  let isPositive = factor.withUnsafeMutableBufferPointer { factor -> Bool in
    guard size > 0, let base = factor.baseAddress else { return true }
    for i in 0..<size {
      let row = base + i * size
      for j in 0...i {
        let other = base + j * size
        let rest = row[j] - assay_dot(row, other, j)
        if i == j {
          guard rest > 0, rest.isFinite else { return false }
          row[i] = rest.squareRoot()
        } else {
          row[j] = rest / other[j]
        }
      }
      for j in i + 1..<max(size, i + 1) { row[j] = 0 }
    }
    return true
  }
  return isPositive ? factor : nil
}

/// Solves L x = b in place; L lower triangular, row-major.
func solveLower(_ factor: [Double], size: Int, _ vector: inout [Double]) {
  factor.withUnsafeBufferPointer { factor in
    vector.withUnsafeMutableBufferPointer { vector in
      guard let base = factor.baseAddress, let x = vector.baseAddress else { return }
      for i in 0..<size {
        var sum = x[i]
        let row = base + i * size
        for j in 0..<i { sum -= row[j] * x[j] }
        x[i] = sum / row[i]
      }
    }
  }
}

/// Solves L' x = b in place; L lower triangular, row-major.
func solveLowerTransposed(_ factor: [Double], size: Int, _ vector: inout [Double]) {
  factor.withUnsafeBufferPointer { factor in
    vector.withUnsafeMutableBufferPointer { vector in
      guard let base = factor.baseAddress, let x = vector.baseAddress else { return }
      for i in stride(from: size - 1, through: 0, by: -1) {
        x[i] /= base[i * size + i]
        assay_add(-x[i], base + i * size, x, i)
      }
    }
  }
}
