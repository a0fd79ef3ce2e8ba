#include <string.h>

#include "CKernels.h"
#include "Processor.h"

// Rows are taken in blocks, a block in groups of features: the group's histograms and the block's rows stay in the
// first-level cache, and the pointers of a group stay in registers.
enum { blockRows = 128 };

typedef struct {
  size_t offsets[blockRows];
  int64_t gradients[blockRows];
} block_rows;

static void group_of_8(const uint8_t *bins, const block_rows *block, int count, int64_t *const cells[8]) {
  int64_t *p0 = cells[0], *p1 = cells[1], *p2 = cells[2], *p3 = cells[3];
  int64_t *p4 = cells[4], *p5 = cells[5], *p6 = cells[6], *p7 = cells[7];
  for (int i = 0; i < count; i++) {
    const uint8_t *row = bins + block->offsets[i];
    int64_t g = block->gradients[i];
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

static void group_of_4(
    const uint8_t *bins, const block_rows *block, int count, const uint32_t *features, int64_t *const cells[4]) {
  int64_t *p0 = cells[0], *p1 = cells[1], *p2 = cells[2], *p3 = cells[3];
  size_t f0 = features[0], f1 = features[1], f2 = features[2], f3 = features[3];
  for (int i = 0; i < count; i++) {
    const uint8_t *row = bins + block->offsets[i];
    int64_t g = block->gradients[i];
    p0[row[f0]] += g;
    p1[row[f1]] += g;
    p2[row[f2]] += g;
    p3[row[f3]] += g;
  }
}

static void group_of_1(const uint8_t *bins, const block_rows *block, int count, int64_t *cells) {
  for (int i = 0; i < count; i++) cells[bins[block->offsets[i]]] += block->gradients[i];
}

static void add_block(
    const uint8_t *bins, const block_rows *block, int count, const uint32_t *features, ptrdiff_t featureCount,
    const uint32_t *offsets, int64_t *histogram) {
  int64_t *cells[8];
  ptrdiff_t k = 0;
  while (k < featureCount) {
    ptrdiff_t left = featureCount - k;
    int size = left >= 8 && features[k + 7] == features[k] + 7 ? 8 : left >= 4 ? 4 : 1;
    for (int j = 0; j < size; j++) cells[j] = histogram + offsets[features[k + j]];
    if (size == 8) {
      group_of_8(bins + features[k], block, count, cells);
    } else if (size == 4) {
      group_of_4(bins, block, count, features + k, cells);
    } else {
      group_of_1(bins + features[k], block, count, cells[0]);
    }
    k += size;
  }
}

void assay_histogram(
    const uint8_t *bins, ptrdiff_t rowStride, const uint32_t *rows, ptrdiff_t begin, ptrdiff_t end,
    const int64_t *gradients, const uint32_t *features, ptrdiff_t featureCount, const uint32_t *offsets,
    int64_t *histogram) {
  block_rows block;
  for (ptrdiff_t first = begin; first < end; first += blockRows) {
    int count = (int)(end - first < blockRows ? end - first : blockRows);
    if (rows) {
      // Rows are scattered: ask for the next block's lines while this one is added.
      ptrdiff_t ahead = end - first - blockRows;
      int fetched = (int)(ahead < blockRows ? (ahead < 0 ? 0 : ahead) : blockRows);
      const uint32_t *next = rows + first + blockRows;
      for (int i = 0; i < fetched; i++) {
        __builtin_prefetch(bins + (size_t)next[i] * (size_t)rowStride);
        __builtin_prefetch(gradients + next[i]);
      }
      for (int i = 0; i < count; i++) {
        size_t row = rows[first + i];
        block.offsets[i] = row * (size_t)rowStride;
        block.gradients[i] = gradients[row];
      }
    } else {
      for (int i = 0; i < count; i++) block.offsets[i] = (size_t)(first + i) * (size_t)rowStride;
      memcpy(block.gradients, gradients + first, (size_t)count * sizeof(int64_t));
    }
    add_block(bins, &block, count, features, featureCount, offsets, histogram);
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
