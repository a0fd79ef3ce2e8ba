#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

// A matrix product in the manner of Goto and van de Geijn, "Anatomy of high-performance matrix multiplication" (2008):
// B is packed in panels of `nr` columns that stay in the second-level cache, A in panels of `mr` rows, and a small
// kernel holds an mr x nr tile of C in registers while it runs along the inner dimension.

#pragma clang fp contract(fast)

typedef float lanes16 __attribute__((vector_size(64), aligned(4)));
typedef float lanes8 __attribute__((vector_size(32), aligned(4)));
typedef float lanes4 __attribute__((vector_size(16), aligned(4)));

#define TILE_KERNEL(NAME, ATTRIBUTE, LANES, WIDTH, ROWS)                                          \
  ATTRIBUTE static void NAME(long depth, const float *a, const float *b, float *tile) {           \
    LANES sum[ROWS][2];                                                                           \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS; i++) sum[i][0] = sum[i][1] = (LANES){0}; \
    for (long k = 0; k < depth; k++, a += ROWS, b += 2 * WIDTH) {                                 \
      LANES left = *(const LANES *)b, right = *(const LANES *)(b + WIDTH);                        \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS; i++) {                         \
        sum[i][0] += a[i] * left;                                                                 \
        sum[i][1] += a[i] * right;                                                                \
      }                                                                                           \
    }                                                                                             \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < ROWS; i++) {                           \
      *(LANES *)(tile + i * 2 * WIDTH) = sum[i][0];                                               \
      *(LANES *)(tile + i * 2 * WIDTH + WIDTH) = sum[i][1];                                       \
    }                                                                                             \
  }

typedef void (*tile_kernel)(long, const float *, const float *, float *);

#if defined(__x86_64__)
TILE_KERNEL(tile_avx512, __attribute__((target("avx512f"))), lanes16, 16, 12)
TILE_KERNEL(tile_avx2, __attribute__((target("avx2,fma"))), lanes8, 8, 6)
#endif
TILE_KERNEL(tile_plain, , lanes4, 4, 4)

enum { INNER_BLOCK = 256, ROW_BLOCK = 96, COLUMN_BLOCK = 1024, LARGEST_TILE = 12 * 32 };

int assay_matrix_product(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, const float *b, long b_row,
  long b_column, float *c, long c_row, int accumulate) {
  long mr = 4, nr = 8;
  tile_kernel kernel = tile_plain;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) {
    mr = 12, nr = 32, kernel = tile_avx512;
  } else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    mr = 6, nr = 16, kernel = tile_avx2;
  }
#endif
  if (!accumulate) {
    for (long i = 0; i < rows; i++) memset(c + i * c_row, 0, (size_t)columns * sizeof(float));
  }
  if (rows <= 0 || columns <= 0 || inner <= 0) return 0;
  long depth_limit = inner < INNER_BLOCK ? inner : INNER_BLOCK;
  long width_limit = columns < COLUMN_BLOCK ? (columns + nr - 1) / nr * nr : COLUMN_BLOCK;
  size_t b_size = (size_t)(depth_limit * width_limit), a_size = (size_t)(depth_limit * ROW_BLOCK);
  float *packed_b = aligned_alloc(64, ((b_size + a_size) * sizeof(float) + 127) / 64 * 64);
  if (!packed_b) return 1;
  float *packed_a = packed_b + b_size;

  for (long j0 = 0; j0 < columns; j0 += COLUMN_BLOCK) {
    long width = columns - j0 < COLUMN_BLOCK ? columns - j0 : COLUMN_BLOCK;
    for (long k0 = 0; k0 < inner; k0 += INNER_BLOCK) {
      long depth = inner - k0 < INNER_BLOCK ? inner - k0 : INNER_BLOCK;
      for (long j = 0; j < width; j += nr) {
        float *panel = packed_b + j * depth;
        long used = width - j < nr ? width - j : nr;
        for (long k = 0; k < depth; k++) {
          const float *from = b + (k0 + k) * b_row + (j0 + j) * b_column;
          for (long t = 0; t < used; t++) panel[k * nr + t] = from[t * b_column];
          for (long t = used; t < nr; t++) panel[k * nr + t] = 0;
        }
      }
      for (long i0 = 0; i0 < rows; i0 += ROW_BLOCK) {
        long height = rows - i0 < ROW_BLOCK ? rows - i0 : ROW_BLOCK;
        for (long i = 0; i < height; i += mr) {
          float *panel = packed_a + i * depth;
          long used = height - i < mr ? height - i : mr;
          for (long k = 0; k < depth; k++) {
            const float *from = a + (i0 + i) * a_row + (k0 + k) * a_column;
            for (long t = 0; t < used; t++) panel[k * mr + t] = from[t * a_row];
            for (long t = used; t < mr; t++) panel[k * mr + t] = 0;
          }
        }
        for (long j = 0; j < width; j += nr) {
          long tile_width = width - j < nr ? width - j : nr;
          for (long i = 0; i < height; i += mr) {
            float tile[LARGEST_TILE];
            kernel(depth, packed_a + i * depth, packed_b + j * depth, tile);
            long tile_height = height - i < mr ? height - i : mr;
            for (long s = 0; s < tile_height; s++) {
              float *to = c + (i0 + i + s) * c_row + j0 + j;
              for (long t = 0; t < tile_width; t++) to[t] += tile[s * nr + t];
            }
          }
        }
      }
    }
  }
  free(packed_b);
  return 0;
}
