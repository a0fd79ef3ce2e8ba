import Basics
import CKernels

/// A matrix in memory that somebody else owns and keeps alive: element (i, j) at `base[i * row + j * column]`.
package struct MatrixView: @unchecked Sendable {
  package let base: UnsafePointer<Float>
  package let row: Int
  package let column: Int

  /// A matrix whose rows lie one after the other, `width` numbers each.
  package init(_ base: UnsafePointer<Float>, width: Int) {
    self.init(base, row: width, column: 1)
  }

  /// A matrix with any strides.
  package init(_ base: UnsafePointer<Float>, row: Int, column: Int) {
    self.base = base
    self.row = row
    self.column = column
  }

  /// The same numbers with rows and columns exchanged.
  package var transposed: MatrixView { MatrixView(base, row: column, column: row) }

  package func advanced(rows: Int, columns: Int) -> MatrixView {
    MatrixView(base + rows * row + columns * column, row: row, column: column)
  }
}

/// A product of float32 matrices, C = activation(A B + bias), on several threads.
///
/// An element's bits depend on its row of A and column of B alone, not on threads or on what is computed beside it.
package struct MatrixProduct {
  package var rows: Int
  package var inner: Int
  package var columns: Int
  /// A number per column of C that is added.
  package var bias: UnsafePointer<Float>?
  /// Whether negative numbers become zero at the end.
  package var isRectified = false
  /// Whether the product is added to what C holds.
  package var accumulates = false
  /// Whether A and B are rounded to bfloat16; sums stay in single precision.
  package var roundsToBFloat16 = false

  package init(rows: Int, inner: Int, columns: Int) {
    self.rows = rows
    self.inner = inner
    self.columns = columns
  }

  private var finish: assay_gemm_finish {
    assay_gemm_finish(
      bias: bias, activation: Int32(isRectified ? ASSAY_RELU : ASSAY_IDENTITY),
      accumulate: accumulates ? 1 : 0)
  }

  /// Computes into C, whose rows are `stride` numbers apart.
  package func run(_ a: MatrixView, _ b: MatrixView, into c: UnsafeMutablePointer<Float>, stride: Int) {
    guard rows > 0, columns > 0 else { return }
    let work = rows * columns * max(inner, 1)
    if rows <= 2 && columns >= 64 && work > 1 << 17 {
      splitColumns(a, b, c, stride, parts: Compute.workers)
    } else if work <= 1 << 16 {
      runSmall(a, b, into: c, stride: stride)
    } else if inner > 2 * rows {
      runDeep(a, b, c, stride)
    } else {
      runPacked(a, b, c, stride)
    }
  }

  /// Computes on this thread alone, without packing all of B: for small products, of which a batch runs many at a time.
  package func runSmall(_ a: MatrixView, _ b: MatrixView, into c: UnsafeMutablePointer<Float>, stride: Int) {
    withScratch(assay_gemm_scratch()) { scratch in
      var finish = finish
      assay_gemm_small(
        rows, columns, inner, a.base, a.row, a.column, b.base, b.row, b.column, roundsToBFloat16 ? 1 : 0, c, stride,
        &finish, scratch)
    }
  }

  /// Packs B once, then divides the rows: for products whose B serves many rows.
  private func runPacked(_ a: MatrixView, _ b: MatrixView, _ c: UnsafeMutablePointer<Float>, _ stride: Int) {
    let rounds: Int32 = roundsToBFloat16 ? 1 : 0
    let panel = assay_gemm_panel()
    withScratch(assay_gemm_packed_size(columns, inner)) { packed in
      forEachPart(of: columns, grain: max(panel, 1 << 15 / max(inner, 1)), multiple: panel) { part in
        assay_gemm_pack(
          columns, inner, b.base, b.row, b.column, part.lowerBound, part.upperBound, rounds, packed)
      }
      let grain = Compute.workers == 1 ? rows : max(24, (rows + 4 * Compute.workers - 1) / (4 * Compute.workers))
      forEachPart(of: rows, grain: grain, multiple: 12) { part in
        withScratch(assay_gemm_scratch()) { scratch in
          var finish = finish
          assay_gemm_packed(
            part.count, columns, inner, a.base + part.lowerBound * a.row, a.row, a.column, rounds, packed,
            c + part.lowerBound * stride, stride, &finish, scratch)
        }
      }
    }
  }

  /// For a long inner dimension, as in gradients of weights: each task takes a part of C and packs its part of B a block
  /// of the inner dimension at a time, so that the block stays in the cache.
  private func runDeep(_ a: MatrixView, _ b: MatrixView, _ c: UnsafeMutablePointer<Float>, _ stride: Int) {
    let panel = assay_gemm_panel()
    let threads = Compute.workers
    if columns >= 2 * panel && columns * 2 >= rows {
      let size = threads == 1 ? min(columns, 512) : min(512, (columns + threads - 1) / threads)
      forEachPart(of: columns, grain: size, multiple: panel) { part in
        deepBlock(a, b, c, stride, rows: 0..<rows, columns: part)
      }
    } else {
      forEachPart(of: rows, grain: threads == 1 ? rows : (rows + threads - 1) / threads, multiple: 12) { part in
        deepBlock(a, b, c, stride, rows: part, columns: 0..<columns)
      }
    }
  }

  private func deepBlock(
    _ a: MatrixView, _ b: MatrixView, _ c: UnsafeMutablePointer<Float>, _ stride: Int, rows: Range<Int>,
    columns: Range<Int>
  ) {
    // The blocks are those in which every product is summed, so the bits are the same.
    let depth = 256
    let rounds: Int32 = roundsToBFloat16 ? 1 : 0
    withScratch(assay_gemm_packed_size(columns.count, depth)) { packed in
      withScratch(assay_gemm_scratch()) { scratch in
        for start in Swift.stride(from: 0, to: inner, by: depth) {
          let length = min(depth, inner - start)
          let (left, right) = (
            a.advanced(rows: rows.lowerBound, columns: start), b.advanced(rows: start, columns: columns.lowerBound)
          )
          assay_gemm_pack(
            columns.count, length, right.base, right.row, right.column, 0, columns.count, rounds, packed)
          let isLast = start + length == inner
          var finish = assay_gemm_finish(
            bias: isLast ? bias.map { $0 + columns.lowerBound } : nil,
            activation: Int32(isLast && isRectified ? ASSAY_RELU : ASSAY_IDENTITY),
            accumulate: accumulates || start > 0 ? 1 : 0)
          assay_gemm_packed(
            rows.count, columns.count, length, left.base, left.row, left.column, rounds, packed,
            c + rows.lowerBound * stride + columns.lowerBound, stride, &finish, scratch)
        }
      }
    }
  }

  /// For one or two rows, as when a single example is predicted: divides the columns.
  private func splitColumns(
    _ a: MatrixView, _ b: MatrixView, _ c: UnsafeMutablePointer<Float>, _ stride: Int, parts: Int
  ) {
    forEachPart(of: columns, grain: (columns + parts - 1) / parts, multiple: assay_gemm_panel()) { part in
      var piece = self
      piece.columns = part.count
      piece.bias = bias.map { $0 + part.lowerBound }
      piece.runSmall(
        a, b.advanced(rows: 0, columns: part.lowerBound), into: c + part.lowerBound, stride: stride)
    }
  }
}

/// Memory for `count` numbers from the pool while `body` runs.
@inline(__always)
package func withScratch<Result>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
  guard let block = MemoryPool.shared.take(max(count, 1) * 4) else {
    stop("scratch", "no memory for \(count) numbers")
  }
  defer { MemoryPool.shared.give(block) }
  return body(block.pointer.assumingMemoryBound(to: Float.self))
}
