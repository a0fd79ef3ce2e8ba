#ifndef ASSAY_MATRIX_PRODUCT_H
#define ASSAY_MATRIX_PRODUCT_H

/// C = A B, or C += A B, in single precision.
///
/// A has `rows` x `inner` numbers, element (i, k) at a[i * a_row + k * a_column]; B has `inner` x `columns`, element
/// (k, j) at b[k * b_row + j * b_column]; C is row-major with `c_row` numbers from row to row. Any strides do, so a
/// transpose costs nothing. Each element of C is summed in the order of k, whatever its position and the sizes of the
/// matrices: the same row times the same column gives the same bits.
///
/// Returns 0, or 1 if there is no memory for the packed panels (at most about 1.3 MB).
int assay_matrix_product(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, const float *b, long b_row,
  long b_column, float *c, long c_row, int accumulate);

#endif
