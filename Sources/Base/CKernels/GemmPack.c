#include <stdint.h>
#include <string.h>

#include "Gemm.h"
#include "GemmMicro.h"
#include "Processor.h"

typedef float lanes8 __attribute__((vector_size(32), aligned(4)));

#define LOW(A, B) __builtin_shufflevector(A, B, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH(A, B) __builtin_shufflevector(A, B, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_PAIRS(A, B) __builtin_shufflevector(A, B, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_PAIRS(A, B) __builtin_shufflevector(A, B, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW_HALF(A, B) __builtin_shufflevector(A, B, 0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH_HALF(A, B) __builtin_shufflevector(A, B, 4, 5, 6, 7, 12, 13, 14, 15)

// Eight steps of up to eight lanes: reads eight numbers at each row's pointer, writes `kept` lanes of each step.
static inline __attribute__((always_inline)) void transpose(
  const float *const *row, long step, float *to, long width, long kept) {
  lanes8 x[8], y[8];
  for (int i = 0; i < 8; i++) x[i] = *(const lanes8 *)(row[i] + step);
  for (int i = 0; i < 8; i += 2) y[i] = LOW(x[i], x[i + 1]), y[i + 1] = HIGH(x[i], x[i + 1]);
  for (int i = 0; i < 8; i += 4) {
    x[i] = LOW_PAIRS(y[i], y[i + 2]), x[i + 1] = HIGH_PAIRS(y[i], y[i + 2]);
    x[i + 2] = LOW_PAIRS(y[i + 1], y[i + 3]), x[i + 3] = HIGH_PAIRS(y[i + 1], y[i + 3]);
  }
  for (int i = 0; i < 4; i++) y[i] = LOW_HALF(x[i], x[i + 4]), y[i + 4] = HIGH_HALF(x[i], x[i + 4]);
  if (kept == 8) {
    for (int i = 0; i < 8; i++) *(lanes8 *)(to + i * width) = y[i];
  } else {
    for (int i = 0; i < 8; i++) memcpy(to + i * width, &y[i], 4 * sizeof(float));
  }
}

static inline __attribute__((always_inline)) void copy_lanes(
  long width, long depth, const float *from, long step_stride, float *to) {
  for (long k = 0; k < depth; k++) memcpy(to + k * width, from + k * step_stride, (size_t)width * sizeof(float));
}

#if ASSAY_X86
__attribute__((target_clones("arch=x86-64-v3", "default")))
#endif
void assay_gemm_pack_panel(
  long width, long used, long depth, const float *from, long lane_stride, long step_stride, float *to) {
  if (lane_stride == 1 && used == width) {
    switch (width) {
      case 8: copy_lanes(8, depth, from, step_stride, to); return;
      case 12: copy_lanes(12, depth, from, step_stride, to); return;
      case 16: copy_lanes(16, depth, from, step_stride, to); return;
      case 32: copy_lanes(32, depth, from, step_stride, to); return;
    }
  }
  long done = 0;
  if (step_stride == 1) {
    static const float zeros[GEMM_DEPTH];
    done = depth & ~7L;
    for (long lane = 0; lane < width; lane += 8) {
      long kept = width - lane < 8 ? width - lane : 8;
      const float *row[8];
      for (long i = 0; i < 8; i++) row[i] = lane + i < used ? from + (lane + i) * lane_stride : zeros;
      for (long k = 0; k < done; k += 8) transpose(row, k, to + k * width + lane, width, kept);
    }
  }
  for (long k = done; k < depth; k++) {
    long lane = 0;
    if (lane_stride == 1) {
      const float *at = from + k * step_stride;
      for (; lane + 8 <= used; lane += 8) *(lanes8 *)(to + k * width + lane) = *(const lanes8 *)(at + lane);
    }
    for (; lane < used; lane++) to[k * width + lane] = from[lane * lane_stride + k * step_stride];
    for (; lane < width; lane++) to[k * width + lane] = 0;
  }
}

#if ASSAY_X86
__attribute__((target_clones("arch=x86-64-v3", "default")))
#endif
void assay_gemm_pack_rows(long rows, long depth, const float *from, long row_stride, long step_stride, float *to) {
  const long width = GEMM_STRIP;
  long whole = row_stride == 1 ? rows - rows % width : 0;
  // Strides between steps are often whole pages: all that is wanted of one is read while it is at hand.
  for (long k = 0; k < depth && whole > 0; k++) {
    for (long line = 0; line < whole; line += 16) __builtin_prefetch(from + (k + 8) * step_stride + line);
    for (long i = 0; i < whole; i += width) {
      memcpy(to + i * depth + k * width, from + k * step_stride + i, (size_t)width * sizeof(float));
    }
  }
  for (long i = whole; i < rows; i += width) {
    long used = rows - i < width ? rows - i : width;
    assay_gemm_pack_panel(width, used, depth, from + i * row_stride, row_stride, step_stride, to + i * depth);
  }
}

#if ASSAY_X86
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
void assay_round_bfloat16(float *x, long count) {
  uint32_t *word = (uint32_t *)x;
  for (long i = 0; i < count; i++) {
    uint32_t w = word[i];
    uint32_t rounded = w + 0x7fffu + (w >> 16 & 1);
    word[i] = ((w & 0x7fffffffu) > 0x7f800000u ? w | 0x400000u : rounded) & 0xffff0000u;
  }
}

long assay_gemm_panel(void) { return assay_gemm_kernels()->columns; }

long assay_gemm_packed_size(long columns, long inner) {
  long panel = assay_gemm_panel();
  return (columns + panel - 1) / panel * panel * inner;
}

void assay_gemm_pack(
  long columns, long inner, const float *b, long b_row, long b_column, long first, long last, int bfloat16,
  float *packed) {
  long panel = assay_gemm_panel(), padded = (columns + panel - 1) / panel * panel;
  for (long k = 0; k < inner; k += GEMM_DEPTH) {
    long depth = inner - k < GEMM_DEPTH ? inner - k : GEMM_DEPTH;
    for (long j = first; j < last; j += panel) {
      float *to = packed + k * padded + j * depth;
      long used = last - j < panel ? last - j : panel;
      assay_gemm_pack_panel(panel, used, depth, b + k * b_row + j * b_column, b_column, b_row, to);
      if (bfloat16) assay_round_bfloat16(to, depth * panel);
    }
  }
}
