import CKernels
import Kernels

/// C = A B, or C += A B: A has `rows` x `inner`, B `inner` x `columns` numbers; C is row-major, `stride` numbers from
/// row to row.
///
/// It runs on the calling thread. An element of C has the same bits wherever it stands, so a row may be computed in any
/// company.
func multiply(
  _ a: MatrixView, _ b: MatrixView, rows: Int, inner: Int, columns: Int, into c: UnsafeMutablePointer<Float>,
  stride: Int, adding: Bool = false
) {
  let failed = assay_matrix_product(
    rows, columns, inner, a.base, a.row, a.column, b.base, b.row, b.column, c, stride, adding ? 1 : 0)
  precondition(failed == 0, "multiply: no memory for the panels of a \(rows) x \(inner) x \(columns) product")
}
