#include <string.h>

#include "CKernels.h"
#include "Processor.h"

static inline uint8_t bin_value(float x, const float *cuts) {
  if (x != x) return 0;
  int below = 0;
  for (int step = 128; step > 0; step >>= 1) below += (x > cuts[below + step - 1]) ? step : 0;
  return (uint8_t)(below + 1);
}

static void bin_values_plain(const float *values, ptrdiff_t count, const float *cuts, uint8_t *bins) {
  for (ptrdiff_t i = 0; i < count; i++) bins[i] = bin_value(values[i], cuts);
}

#if ASSAY_X86
// Two levels of 16 comparisons: every 16th cut finds the block, then the block's cuts find the bin.
ASSAY_AVX512 static void bin_values_avx512(const float *values, ptrdiff_t count, const float *cuts, uint8_t *bins) {
  float every16th[16];
  for (int i = 0; i < 16; i++) every16th[i] = cuts[16 * i + 15];
  __m512 pivots = _mm512_loadu_ps(every16th);
  for (ptrdiff_t i = 0; i < count; i++) {
    __m512 x = _mm512_set1_ps(values[i]);
    unsigned block = (unsigned)__builtin_popcount(_mm512_cmp_ps_mask(x, pivots, _CMP_GT_OQ));
    unsigned inside =
        (unsigned)__builtin_popcount(_mm512_cmp_ps_mask(x, _mm512_loadu_ps(cuts + 16 * block), _CMP_GT_OQ));
    bins[i] = values[i] != values[i] ? 0 : (uint8_t)(16 * block + inside + 1);
  }
}

// The number of sixteen cuts that are below.
ASSAY_AVX2 static inline __attribute__((always_inline)) unsigned cuts_below(__m256 x, __m256 low, __m256 high) {
  int lowMask = _mm256_movemask_ps(_mm256_cmp_ps(x, low, _CMP_GT_OQ));
  int highMask = _mm256_movemask_ps(_mm256_cmp_ps(x, high, _CMP_GT_OQ));
  return (unsigned)__builtin_popcount((unsigned)(lowMask | highMask << 8));
}

ASSAY_AVX2 static void bin_values_avx2(const float *values, ptrdiff_t count, const float *cuts, uint8_t *bins) {
  float every16th[16];
  for (int i = 0; i < 16; i++) every16th[i] = cuts[16 * i + 15];
  __m256 low = _mm256_loadu_ps(every16th), high = _mm256_loadu_ps(every16th + 8);
  for (ptrdiff_t i = 0; i < count; i++) {
    __m256 x = _mm256_set1_ps(values[i]);
    unsigned block = cuts_below(x, low, high);
    const float *inside = cuts + 16 * block;
    unsigned bin = 16 * block + cuts_below(x, _mm256_loadu_ps(inside), _mm256_loadu_ps(inside + 8)) + 1;
    bins[i] = values[i] != values[i] ? 0 : (uint8_t)bin;
  }
}
#endif

void assay_bin_values(const float *values, ptrdiff_t count, const float *cuts, uint8_t *bins) {
#if ASSAY_X86
  if (assay_has_avx512()) {
    bin_values_avx512(values, count, cuts, bins);
    return;
  }
  if (assay_has_avx2()) {
    bin_values_avx2(values, count, cuts, bins);
    return;
  }
#endif
  bin_values_plain(values, count, cuts, bins);
}

void assay_interleave(
    const uint8_t *columns, ptrdiff_t columnStride, ptrdiff_t columnCount, ptrdiff_t begin, ptrdiff_t end, uint8_t *rows,
    ptrdiff_t rowStride) {
  enum { block = 64 };
  for (ptrdiff_t first = begin; first < end; first += block) {
    ptrdiff_t last = first + block < end ? first + block : end;
    for (ptrdiff_t c = 0; c < columnCount; c++) {
      const uint8_t *from = columns + c * columnStride;
      uint8_t *to = rows + c;
      for (ptrdiff_t r = first; r < last; r++) to[r * rowStride] = from[r];
    }
  }
}

// Ascending order of numbers as unsigned integers: negative ones are turned around, positive ones set above them.
static inline uint32_t ordered_bits(uint32_t bits) { return bits ^ (bits >> 31 ? 0xFFFFFFFFu : 0x80000000u); }
static inline uint32_t float_bits(uint32_t key) { return key ^ (key >> 31 ? 0x80000000u : 0xFFFFFFFFu); }

void assay_sort_floats(float *values, ptrdiff_t count, float *scratch) {
  enum { digits = 3, size = 2048 };
  uint32_t counts[digits][size];
  uint32_t *from = (uint32_t *)(void *)values, *to = (uint32_t *)(void *)scratch;
  memset(counts, 0, sizeof counts);
  for (ptrdiff_t i = 0; i < count; i++) {
    uint32_t key = from[i] = ordered_bits(from[i]);
    for (int d = 0; d < digits; d++) counts[d][(key >> (11 * d)) & (size - 1)]++;
  }
  for (int d = 0; d < digits; d++) {
    uint32_t start = 0;
    for (int k = 0; k < size; k++) {
      uint32_t n = counts[d][k];
      counts[d][k] = start;
      start += n;
    }
    for (ptrdiff_t i = 0; i < count; i++) to[counts[d][(from[i] >> (11 * d)) & (size - 1)]++] = from[i];
    uint32_t *other = from;
    from = to;
    to = other;
  }
  // After three passes the keys lie in scratch.
  for (ptrdiff_t i = 0; i < count; i++) to[i] = float_bits(from[i]);
}
