import CKernels
import Kernels

/// The Cholesky factor of a large symmetric positive definite matrix in single precision, found by blocks so that nearly
/// all work is matrix products. Cost: size^3 / 3; memory: two matrices.
struct BlockedCholesky {
  private let size: Int
  private let matrix: [Float]
  private var factor: [Float]

  private static let block = 128
  private static let rowChunk = 256

  /// Factors a matrix, row-major, of which the lower triangle is read; nil if it is not positive definite to single
  /// precision.
  init?(_ matrix: [Float], size: Int, threads: Int) {
    self.size = size
    self.matrix = matrix
    factor = matrix
    for start in stride(from: 0, to: size, by: BlockedCholesky.block) {
      let width = min(BlockedCholesky.block, size - start)
      let end = start + width
      subtractProducts(columns: start..<end, threads: threads)
      var corner = [Double](repeating: 0, count: width * width)
      for i in 0..<width { for j in 0...i { corner[i * width + j] = Double(factor[(start + i) * size + start + j]) } }
      guard let lower = choleskyFactor(corner, size: width) else { return nil }
      for i in 0..<width { for j in 0...i { factor[(start + i) * size + start + j] = Float(lower[i * width + j]) } }
      divide(columns: start..<end, by: lower, threads: threads)
    }
  }

  /// Takes off the columns, from their first row down, what the columns before them explain.
  private mutating func subtractProducts(columns: Range<Int>, threads: Int) {
    let (size, start, width) = (size, columns.lowerBound, columns.count)
    if start == 0 { return }
    changeRows(from: start, threads: threads) { factor, rows in
      var product = [Float](repeating: 0, count: rows.count * width)
      product.withUnsafeMutableBufferPointer { product in
        multiply(
          MatrixView(factor + rows.lowerBound * size, width: size),
          MatrixView(factor + start * size, width: size).transposed, rows: rows.count, inner: start, columns: width,
          into: product.baseAddress!, stride: width)
        for (at, row) in rows.enumerated() {
          for k in 0..<width { factor[row * size + start + k] -= product[at * width + k] }
        }
      }
    }
  }

  /// Multiplies the rows below the block from the right by the inverse of its transposed factor.
  private mutating func divide(columns: Range<Int>, by lower: [Double], threads: Int) {
    let (size, start, width) = (size, columns.lowerBound, columns.count)
    var inverse = [Float](repeating: 0, count: width * width)
    for column in 0..<width {
      var unit = [Double](repeating: 0, count: width)
      unit[column] = 1
      solveLower(lower, size: width, &unit)
      for row in 0..<width { inverse[row * width + column] = Float(unit[row]) }
    }
    changeRows(from: columns.upperBound, threads: threads) { [inverse] factor, rows in
      var product = [Float](repeating: 0, count: rows.count * width)
      inverse.withUnsafeBufferPointer { inverse in
        product.withUnsafeMutableBufferPointer { product in
          multiply(
            MatrixView(factor + rows.lowerBound * size + start, width: size),
            MatrixView(inverse.baseAddress!, width: width).transposed, rows: rows.count, inner: width, columns: width,
            into: product.baseAddress!, stride: width)
        }
      }
      for (at, row) in rows.enumerated() {
        for k in 0..<width { factor[row * size + start + k] = product[at * width + k] }
      }
    }
  }

  /// Runs over chunks of the rows from one on; a chunk writes its own rows in columns that no other chunk reads.
  private mutating func changeRows(
    from first: Int, threads: Int, _ body: @Sendable (UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) {
    let chunk = BlockedCholesky.rowChunk
    factor.withUnsafeMutableBufferPointer { [size] buffer in
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let factor = base
      parallel((size - first + chunk - 1) / chunk, threads: threads) { part in
        body(factor, first + part * chunk..<min(size, first + (part + 1) * chunk))
      }
    }
  }

  /// Solves A x = b, refined in double precision.
  func solve(_ right: [Double]) -> [Double] {
    var solution = [Double](repeating: 0, count: size)
    var rest = right
    for _ in 0..<3 {
      let step = rough(rest)
      for row in 0..<size { solution[row] += step[row] }
      rest = right
      matrix.withUnsafeBufferPointer { matrix in
        for row in 0..<size { rest[row] -= assay_dot_mixed(matrix.baseAddress! + row * size, solution, size) }
      }
    }
    return solution
  }

  /// Solves with the factor as it is.
  private func rough(_ right: [Double]) -> [Double] {
    var x = right
    factor.withUnsafeBufferPointer { factor in
      for row in 0..<size {
        let line = factor.baseAddress! + row * size
        x[row] = (x[row] - assay_dot_mixed(line, x, row)) / Double(line[row])
      }
      x.withUnsafeMutableBufferPointer { x in
        for row in stride(from: size - 1, through: 0, by: -1) {
          let line = factor.baseAddress! + row * size
          x[row] /= Double(line[row])
          assay_add_mixed(-x[row], line, x.baseAddress!, row)
        }
      }
    }
    return x
  }
}
