#ifndef ASSAY_GEMM_H
#define ASSAY_GEMM_H

// Matrix products for layers, in single precision, in the manner of Goto and van de Geijn, "Anatomy of high-performance
// matrix multiplication" (2008): B is packed once into panels of columns and can then be used by many calls; a small
// kernel holds a tile of C in registers while it runs along the inner dimension. Where the rows of A are contiguous the
// kernel reads them where they are, otherwise A is packed too, a block of rows at a time.
//
// An element of C is summed over blocks of 256 inner indices: within a block in ascending order from zero, the blocks'
// sums in ascending order onto what is in C (or nothing), then the bias. This order depends on nothing else: the same
// row times the same column gives the same bits, however a product is split into ranges of rows and of columns.
//
// No function allocates, and none uses threads. Sizes of zero are allowed: without inner indices the product is zero.

enum { ASSAY_IDENTITY = 0, ASSAY_RELU = 1 };

/// What happens to C after the product: C = activation(A B + bias), or activation(C + A B + bias).
typedef struct {
  /// One number per column of C, or null.
  const float *bias;
  /// ASSAY_IDENTITY or ASSAY_RELU, which passes not-a-number on.
  int activation;
  /// Whether the product is added to what is in C.
  int accumulate;
} assay_gemm_finish;

/// The columns in a panel of packed B: 32, 16 or 8, depending on the processor. Ranges of columns start at multiples.
long assay_gemm_panel(void);

/// The numbers in a packed B of `inner` x `columns`: the columns are rounded up to whole panels.
long assay_gemm_packed_size(long columns, long inner);

/// Packs the columns [first, last) of B, an `inner` x `columns` matrix with element (k, j) at b[k * b_row + j *
/// b_column], for assay_gemm_packed. `first` is a multiple of assay_gemm_panel(); `last` too, or it is `columns`.
/// Different ranges may be packed at the same time. With `bfloat16` the numbers are rounded to that format, to nearest
/// and ties to even; they still take four bytes.
void assay_gemm_pack(
  long columns, long inner, const float *b, long b_row, long b_column, long first, long last, int bfloat16,
  float *packed);

/// The numbers of scratch that a product needs.
long assay_gemm_scratch(void);

/// C = finish(A B) with B packed by assay_gemm_pack.
///
/// A has `rows` x `inner` numbers, element (i, k) at a[i * a_row + k * a_column], with any strides; C has `rows` x
/// `columns` numbers, `c_row` from row to row. With `bfloat16` A is rounded to that format; products are summed in
/// single precision. `finish` may be null, which is no bias, the identity, and no accumulation.
void assay_gemm_packed(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, int bfloat16, const float *packed,
  float *c, long c_row, const assay_gemm_finish *finish, float *scratch);

/// C = finish(A B) with B as it is, element (k, j) at b[k * b_row + j * b_column]: for products that use a B only once,
/// such as the many small ones of a batch. Gives the same bits as packing B first.
void assay_gemm_small(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, const float *b, long b_row,
  long b_column, int bfloat16, float *c, long c_row, const assay_gemm_finish *finish, float *scratch);

#endif
