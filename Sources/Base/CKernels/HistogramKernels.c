#include "CKernels.h"
#include "Processor.h"

// Rows are taken in blocks, a block in groups of features: the group's histograms and the block's rows stay in the
// first-level cache, and the pointers of a group stay in registers. While a block is added, the lines of the next one
// are asked for, one request per row, so that they do not queue up.
enum { blockRows = 128 };

typedef struct {
  int count;
  size_t offsets[blockRows];
} block_rows;

static inline __attribute__((always_inline)) void group_of_8(
    const uint8_t *bins, const block_rows *block, const int64_t *gradients, const block_rows *next,
    int64_t *const cells[8]) {
  int64_t *p0 = cells[0], *p1 = cells[1], *p2 = cells[2], *p3 = cells[3];
  int64_t *p4 = cells[4], *p5 = cells[5], *p6 = cells[6], *p7 = cells[7];
  int count = block->count;
  for (int i = 0; i < count; i++) {
    const uint8_t *row = bins + block->offsets[i];
    int64_t g = gradients[i];
    if (next) __builtin_prefetch(bins + next->offsets[i]);
    p0[row[0]] += g;
    p1[row[1]] += g;
    p2[row[2]] += g;
    p3[row[3]] += g;
    p4[row[4]] += g;
    p5[row[5]] += g;
    p6[row[6]] += g;
    p7[row[7]] += g;
  }
}

static inline __attribute__((always_inline)) void group_of_4(
    const uint8_t *bins, const block_rows *block, const int64_t *gradients, const block_rows *next,
    const uint32_t *features, int64_t *const cells[4]) {
  int64_t *p0 = cells[0], *p1 = cells[1], *p2 = cells[2], *p3 = cells[3];
  size_t f0 = features[0], f1 = features[1], f2 = features[2], f3 = features[3];
  int count = block->count;
  for (int i = 0; i < count; i++) {
    const uint8_t *row = bins + block->offsets[i];
    int64_t g = gradients[i];
    if (next) __builtin_prefetch(bins + f0 + next->offsets[i]);
    p0[row[f0]] += g;
    p1[row[f1]] += g;
    p2[row[f2]] += g;
    p3[row[f3]] += g;
  }
}

static void group_of_1(const uint8_t *bins, const block_rows *block, const int64_t *gradients, int64_t *cells) {
  for (int i = 0; i < block->count; i++) cells[bins[block->offsets[i]]] += gradients[i];
}

static void add_block(
    const uint8_t *bins, const block_rows *block, const int64_t *gradients, const block_rows *next,
    const uint32_t *features, ptrdiff_t featureCount, const uint32_t *offsets, int64_t *histogram) {
  int64_t *cells[8];
  ptrdiff_t k = 0;
  uint32_t line = ~0u;
  while (k < featureCount) {
    ptrdiff_t left = featureCount - k;
    int size = left >= 8 && features[k + 7] == features[k] + 7 ? 8 : left >= 4 ? 4 : 1;
    for (int j = 0; j < size; j++) cells[j] = histogram + offsets[features[k + j]];
    int asks = features[k] / 64 != line && next->count == block->count;
    line = features[k] / 64;
    if (size == 8) {
      if (asks) {
        group_of_8(bins + features[k], block, gradients, next, cells);
      } else {
        group_of_8(bins + features[k], block, gradients, 0, cells);
      }
    } else if (size == 4) {
      if (asks) {
        group_of_4(bins, block, gradients, next, features + k, cells);
      } else {
        group_of_4(bins, block, gradients, 0, features + k, cells);
      }
    } else {
      group_of_1(bins + features[k], block, gradients, cells[0]);
    }
    k += size;
  }
}

static void locate(
    const uint32_t *rows, ptrdiff_t first, ptrdiff_t end, size_t rowStride, const int64_t *gradients,
    block_rows *block) {
  ptrdiff_t left = end - first;
  block->count = (int)(left < blockRows ? (left < 0 ? 0 : left) : blockRows);
  if (rows) {
    for (int i = 0; i < block->count; i++) {
      size_t row = rows[first + i];
      block->offsets[i] = row * rowStride;
      __builtin_prefetch(gradients + row);
    }
  } else {
    for (int i = 0; i < block->count; i++) block->offsets[i] = (size_t)(first + i) * rowStride;
  }
}

void assay_histogram(
    const uint8_t *bins, ptrdiff_t rowStride, const uint32_t *rows, ptrdiff_t begin, ptrdiff_t end,
    const int64_t *gradients, const uint32_t *features, ptrdiff_t featureCount, const uint32_t *offsets,
    int64_t *histogram) {
  block_rows blocks[2];
  int64_t gathered[blockRows];
  locate(rows, begin, end, (size_t)rowStride, gradients, &blocks[0]);
  int now = 0;
  for (ptrdiff_t first = begin; first < end; first += blockRows) {
    locate(rows, first + blockRows, end, (size_t)rowStride, gradients, &blocks[1 - now]);
    const int64_t *here = gradients + first;
    if (rows) {
      for (int i = 0; i < blocks[now].count; i++) gathered[i] = gradients[rows[first + i]];
      here = gathered;
    }
    add_block(bins, &blocks[now], here, &blocks[1 - now], features, featureCount, offsets, histogram);
    now = 1 - now;
  }
}

ASSAY_CLONES void assay_add_words(int64_t *target, const int64_t *source, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) target[i] += source[i];
}

ASSAY_CLONES void assay_subtract_words(int64_t *target, const int64_t *source, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) target[i] -= source[i];
}

void assay_count_bins(const uint8_t *column, const uint32_t *rows, ptrdiff_t count, uint32_t *counts) {
  for (ptrdiff_t i = 0; i < count; i++) counts[column[rows[i]]]++;
}

int64_t assay_sum_rows(const int64_t *gradients, const uint32_t *rows, ptrdiff_t count) {
  int64_t sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += gradients[rows[i]];
  return sum;
}
