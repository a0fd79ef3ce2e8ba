import CKernels
import Kernels

/// Standardised columns with the products that coordinate descent needs; sparse columns are never filled in.
struct DesignMatrix: Sendable {
  let columns: [DesignColumn]
  let rowCount: Int
  /// Threads for one product: 1 where the product is too small to share.
  let threads: Int

  init(columns: [DesignColumn], rowCount: Int, threads: Int) {
    self.columns = columns
    self.rowCount = rowCount
    self.threads = rowCount * columns.count > 200_000 ? threads : 1
  }

  private static let shardRows = 8192

  /// X' r for all columns.
  func transposedProduct(_ residual: [Double]) -> [Double] {
    let total = residual.withUnsafeBufferPointer { sum($0) }
    let chunk = 4
    let parts = parallelMap((columns.count + chunk - 1) / chunk, threads: threads) { part in
      residual.withUnsafeBufferPointer { residual in
        (part * chunk..<min(columns.count, (part + 1) * chunk)).map { dot($0, residual, total: total) }
      }
    }
    return parts.flatMap { $0 }
  }

  /// The product of column `index` with `vector`, whose sum is `total`.
  func dot(_ index: Int, _ vector: UnsafeBufferPointer<Double>, total: Double) -> Double {
    let column = columns[index]
    switch column.storage {
    case .dense(let values):
      return values.withUnsafeBufferPointer { assay_dot_mixed($0.baseAddress!, vector.baseAddress!, rowCount) }
    case .sparse(let rows, let values):
      return (storedDot(rows, values, vector) - column.mean * total) / column.scale
    }
  }

  /// The weighted sum of squares of a column.
  func squaredLength(_ index: Int, _ weights: [Double]) -> Double {
    let column = columns[index]
    return weights.withUnsafeBufferPointer { weights in
      switch column.storage {
      case .dense(let values):
        return values.withUnsafeBufferPointer {
          assay_weighted_squares($0.baseAddress!, weights.baseAddress!, rowCount)
        }
      case .sparse(let rows, let values):
        let total = sum(weights)
        var squares = 0.0
        for (row, value) in zip(rows, values) { squares += weights[Int(row)] * Double(value) * Double(value) }
        let stored = storedDot(rows, values, weights)
        let centred = squares - 2 * column.mean * stored + column.mean * column.mean * total
        return max(0, centred) / (column.scale * column.scale)
      }
    }
  }

  /// eta += sum of steps[j] * column j.
  func add(_ steps: [(column: Int, step: Double)], to eta: inout [Double]) {
    if steps.isEmpty { return }
    let shards = (rowCount + DesignMatrix.shardRows - 1) / DesignMatrix.shardRows
    eta.withUnsafeMutableBufferPointer { buffer in
      // Each shard writes its own rows.
      nonisolated(unsafe) let eta = buffer.baseAddress!
      parallel(shards, threads: threads) { shard in
        let start = shard * DesignMatrix.shardRows
        let end = min(rowCount, start + DesignMatrix.shardRows)
        var shift = 0.0
        for (index, step) in steps {
          let column = columns[index]
          switch column.storage {
          case .dense(let values):
            values.withUnsafeBufferPointer {
              assay_add_mixed(step, $0.baseAddress! + start, eta + start, end - start)
            }
          case .sparse(let rows, let values):
            let factor = step / column.scale
            shift -= factor * column.mean
            var position = shards == 1 ? 0 : lowerBound(rows, Int32(start))
            rows.withUnsafeBufferPointer { rows in
              values.withUnsafeBufferPointer { values in
                while position < rows.count, Int(rows[position]) < end {
                  eta[Int(rows[position])] += factor * Double(values[position])
                  position += 1
                }
              }
            }
          }
        }
        if shift != 0 { for row in start..<end { eta[row] += shift } }
      }
    }
  }

  /// The weighted products of all columns and of a column of ones (the last): `(p + 1) x (p + 1)` numbers, row-major.
  ///
  /// Summed in single precision within 8192 rows and in double precision beyond.
  func weightedGram(_ weights: [Double]) -> [Double] {
    let width = columns.count + 1
    let shards = (rowCount + DesignMatrix.shardRows - 1) / DesignMatrix.shardRows
    let group = 16
    var result = [Double](repeating: 0, count: width * width)
    // A bounded number of partial results is alive at a time; they are added in the order of the shards.
    for first in stride(from: 0, to: shards, by: group) {
      let parts = parallelMap(min(group, shards - first), threads: threads) { part in
        gram(shard: first + part, weights)
      }
      for part in parts { for index in part.indices { result[index] += Double(part[index]) } }
    }
    for i in 0..<width { for j in i + 1..<max(width, i + 1) { result[i * width + j] = result[j * width + i] } }
    return result
  }

  /// The lower triangle (with parts of the upper one) of one shard's products.
  private func gram(shard: Int, _ weights: [Double]) -> [Float] {
    let width = columns.count + 1
    let block = 256
    let panel = 96
    let start = shard * DesignMatrix.shardRows
    let end = min(rowCount, start + DesignMatrix.shardRows)
    var gram = [Float](repeating: 0, count: width * width)
    var scaled = [Float](repeating: 0, count: width * block)
    gram.withUnsafeMutableBufferPointer { gram in
      scaled.withUnsafeMutableBufferPointer { scaled in
        for low in stride(from: start, to: end, by: block) {
          let high = min(end, low + block)
          fill(scaled, block: block, rows: low..<high, weights)
          let view = MatrixView(UnsafePointer(scaled.baseAddress!), width: block)
          for left in stride(from: 0, to: width, by: panel) {
            let below = MatrixView(view.base + left * block, width: block)
            multiply(
              below, below.transposed, rows: width - left, inner: high - low, columns: min(panel, width - left),
              into: gram.baseAddress! + left * width + left, stride: width, adding: true)
          }
        }
      }
    }
    return gram
  }

  /// Column after column, the numbers of some rows times the roots of their weights.
  private func fill(
    _ scaled: UnsafeMutableBufferPointer<Float>, block: Int, rows range: Range<Int>, _ weights: [Double]
  ) {
    let roots = range.map { Float(weights[$0].squareRoot()) }
    let low = range.lowerBound
    for (index, column) in columns.enumerated() {
      let to = scaled.baseAddress! + index * block
      switch column.storage {
      case .dense(let values):
        values.withUnsafeBufferPointer { values in
          for row in 0..<range.count { to[row] = values[low + row] * roots[row] }
        }
      case .sparse(let rows, let values):
        let zero = Float(-column.mean / column.scale)
        for row in 0..<range.count { to[row] = zero * roots[row] }
        var position = lowerBound(rows, Int32(low))
        while position < rows.count, Int(rows[position]) < range.upperBound {
          let row = Int(rows[position]) - low
          to[row] = Float((Double(values[position]) - column.mean) / column.scale) * roots[row]
          position += 1
        }
      }
    }
    let ones = scaled.baseAddress! + columns.count * block
    for row in 0..<range.count { ones[row] = roots[row] }
  }

  /// The sum of a vector in an order that depends on its length alone.
  func sum(_ vector: UnsafeBufferPointer<Double>) -> Double {
    var total = 0.0
    for value in vector { total += value }
    return total
  }
}

/// The sum of the stored numbers times the entries of `vector` at their rows.
func storedDot(_ rows: [Int32], _ values: [Float], _ vector: UnsafeBufferPointer<Double>) -> Double {
  rows.withUnsafeBufferPointer { rows in
    values.withUnsafeBufferPointer { values in
      // Four sums, so that the additions do not wait for each other.
      var sums = (0.0, 0.0, 0.0, 0.0)
      var position = 0
      while position + 4 <= rows.count {
        sums.0 += Double(values[position]) * vector[Int(rows[position])]
        sums.1 += Double(values[position + 1]) * vector[Int(rows[position + 1])]
        sums.2 += Double(values[position + 2]) * vector[Int(rows[position + 2])]
        sums.3 += Double(values[position + 3]) * vector[Int(rows[position + 3])]
        position += 4
      }
      while position < rows.count {
        sums.0 += Double(values[position]) * vector[Int(rows[position])]
        position += 1
      }
      return (sums.0 + sums.1) + (sums.2 + sums.3)
    }
  }
}
