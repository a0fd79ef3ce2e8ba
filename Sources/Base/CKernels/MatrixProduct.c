#include "MatrixProduct.h"

#include <stdlib.h>

#include "Gemm.h"
#include "GemmMicro.h"

/// The columns of B that are packed at a time, a block of inner indices deep.
enum { COLUMN_BLOCK = 1024 };

static inline long smaller(long a, long b) { return a < b ? a : b; }

int assay_matrix_product(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, const float *b, long b_row,
  long b_column, float *c, long c_row, int accumulate) {
  if (rows <= 0 || columns <= 0) return 0;
  long width_limit = smaller(columns, COLUMN_BLOCK), depth_limit = smaller(inner, GEMM_DEPTH);
  long packed_size = (assay_gemm_packed_size(width_limit, depth_limit) + 15) / 16 * 16;
  float *packed = aligned_alloc(64, (size_t)(packed_size + assay_gemm_scratch()) * sizeof(float));
  if (!packed) return 1;
  for (long j = 0; j < columns; j += COLUMN_BLOCK) {
    long width = smaller(columns - j, COLUMN_BLOCK), k = 0;
    do {
      long depth = smaller(inner - k, GEMM_DEPTH);
      assay_gemm_finish finish = {0, ASSAY_IDENTITY, accumulate || k > 0};
      assay_gemm_pack(width, depth, b + k * b_row + j * b_column, b_row, b_column, 0, width, 0, packed);
      assay_gemm_packed(
        rows, width, depth, a + k * a_column, a_row, a_column, 0, packed, c + j, c_row, &finish, packed + packed_size);
      k += depth;
    } while (k < inner);
  }
  free(packed);
  return 0;
}
