import CKernels

/// The eigenvalues of a symmetric matrix, largest first, with an orthonormal eigenvector each.
///
/// Householder reduction to tridiagonal form, then the implicit QL algorithm (Golub and Van Loan, "Matrix
/// Computations", sections 8.3.1 and 8.3.3). Cost: about 9 size^3.
struct SymmetricEigen {
  /// Largest first.
  let values: [Double]
  /// Row k is the vector of value k, `size` numbers.
  let vectors: [Double]

  /// Decomposes a row-major `size x size` matrix of finite numbers.
  init(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size, "SymmetricEigen: \(matrix.count) numbers, size \(size)")
    var reduction = Tridiagonal(matrix, size: size)
    reduction.diagonalize()
    let order = (0..<size).sorted { reduction.diagonal[$0] > reduction.diagonal[$1] }
    values = order.map { reduction.diagonal[$0] }
    vectors = order.flatMap { reduction.rows[$0 * size..<($0 + 1) * size] }
  }
}

/// A = R' T R with T tridiagonal and R orthogonal.
private struct Tridiagonal {
  let size: Int
  var diagonal: [Double]
  /// `below[i]` couples i and i + 1.
  var below: [Double]
  /// R, row-major: its rows become the eigenvectors.
  var rows: [Double]

  init(_ matrix: [Double], size: Int) {
    self.size = size
    var a = matrix
    var reflectors: [(start: Int, vector: [Double])] = []
    var product = [Double](repeating: 0, count: size)
    for k in 0..<max(0, size - 2) {
      let start = k + 1
      let count = size - start
      var v = (start..<size).map { a[$0 * size + k] }
      let length = assay_dot(v, v, count).squareRoot()
      if length == 0 { continue }
      v[0] += v[0] < 0 ? -length : length
      let scale = (2 / assay_dot(v, v, count)).squareRoot()
      for i in v.indices { v[i] *= scale }
      // With H = I - v v': A <- H A H = A - v w' - w v', where w = A v - (v' A v / 2) v.
      a.withUnsafeMutableBufferPointer { a in
        for i in 0..<count { product[i] = assay_dot(a.baseAddress! + (start + i) * size + start, v, count) }
        let half = assay_dot(v, product, count) / 2
        for i in 0..<count { product[i] -= half * v[i] }
        for i in 0..<count {
          let row = a.baseAddress! + (start + i) * size + start
          assay_add(-v[i], product, row, count)
          assay_add(-product[i], v, row, count)
        }
      }
      a[start * size + k] = v[0] < 0 ? length : -length
      reflectors.append((start, v))
    }
    diagonal = (0..<size).map { a[$0 * size + $0] }
    below = (0..<max(0, size - 1)).map { a[($0 + 1) * size + $0] }
    // R = H_last ... H_first, applied to the identity from the left.
    rows = (0..<size * size).map { $0 / max(size, 1) == $0 % max(size, 1) ? 1 : 0 }
    var sums = [Double](repeating: 0, count: size)
    rows.withUnsafeMutableBufferPointer { rows in
      for (start, v) in reflectors {
        for column in sums.indices { sums[column] = 0 }
        for (i, weight) in v.enumerated() { assay_add(weight, rows.baseAddress! + (start + i) * size, &sums, size) }
        for (i, weight) in v.enumerated() { assay_add(-weight, sums, rows.baseAddress! + (start + i) * size, size) }
      }
    }
  }

  /// Turns the couplings into zeros by plane rotations.
  mutating func diagonalize() {
    guard size > 1 else { return }
    var e = below + [0]
    for low in 0..<size {
      // Convergence is cubic: a handful of rounds; the bound only guards against numbers that are not finite.
      for _ in 0..<60 {
        var high = low
        while high < size - 1 {
          let sum = abs(diagonal[high]) + abs(diagonal[high + 1])
          if abs(e[high]) <= 0x1p-53 * sum { break }
          high += 1
        }
        if high == low { break }
        rotate(low, high, &e)
      }
    }
  }

  /// One implicit QL sweep over the unreduced block low ... high.
  private mutating func rotate(_ low: Int, _ high: Int, _ e: inout [Double]) {
    let g = (diagonal[low + 1] - diagonal[low]) / (2 * e[low])
    let r = (g * g + 1).squareRoot()
    var shifted = diagonal[high] - diagonal[low] + e[low] / (g + (g < 0 ? -r : r))
    var sine = 1.0
    var cosine = 1.0
    var carry = 0.0
    for i in stride(from: high - 1, through: low, by: -1) {
      let f = sine * e[i]
      let b = cosine * e[i]
      let length = (f * f + shifted * shifted).squareRoot()
      e[i + 1] = length
      if length == 0 {
        // The block fell apart: finish this sweep.
        diagonal[i + 1] -= carry
        e[high] = 0
        return
      }
      sine = f / length
      cosine = shifted / length
      let difference = diagonal[i + 1] - carry
      let term = (diagonal[i] - difference) * sine + 2 * cosine * b
      carry = sine * term
      diagonal[i + 1] = difference + carry
      shifted = cosine * term - b
      rows.withUnsafeMutableBufferPointer { rows in
        let first = rows.baseAddress! + i * size
        let second = rows.baseAddress! + (i + 1) * size
        for column in 0..<size {
          let upper = second[column]
          second[column] = sine * first[column] + cosine * upper
          first[column] = cosine * first[column] - sine * upper
        }
      }
    }
    diagonal[low] -= carry
    e[low] = shifted
    e[high] = 0
  }
}
