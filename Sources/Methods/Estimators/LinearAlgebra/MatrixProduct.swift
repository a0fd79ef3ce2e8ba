import CKernels

/// A matrix in memory that somebody else owns and keeps alive: element (i, j) at `base[i * row + j * column]`.
struct MatrixView {
  let base: UnsafePointer<Float>
  let row: Int
  let column: Int

  /// A matrix whose rows lie one after the other, `width` numbers each.
  init(_ base: UnsafePointer<Float>, width: Int) {
    self.base = base
    row = width
    column = 1
  }

  private init(_ base: UnsafePointer<Float>, row: Int, column: Int) {
    self.base = base
    self.row = row
    self.column = column
  }

  /// The same numbers with rows and columns exchanged.
  var transposed: MatrixView { MatrixView(base, row: column, column: row) }
}

/// C = A B, or C += A B: A has `rows` x `inner`, B `inner` x `columns` numbers; C is row-major, `stride` numbers from
/// row to row.
///
/// An element of C has the same bits wherever it stands, so a row may be computed in any company.
func multiply(
  _ a: MatrixView, _ b: MatrixView, rows: Int, inner: Int, columns: Int, into c: UnsafeMutablePointer<Float>,
  stride: Int, adding: Bool = false
) {
  let failed = assay_matrix_product(
    rows, columns, inner, a.base, a.row, a.column, b.base, b.row, b.column, c, stride, adding ? 1 : 0)
  precondition(failed == 0, "multiply: no memory for the panels of a \(rows) x \(inner) x \(columns) product")
}
