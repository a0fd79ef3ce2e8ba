#include "CKernels.h"
#include "Processor.h"

static ptrdiff_t partition_plain(
    const uint8_t *column, const uint32_t *rows, ptrdiff_t begin, ptrdiff_t count, const uint32_t set[8],
    ptrdiff_t leftCount, uint32_t *left, uint32_t *right) {
  ptrdiff_t rightCount = begin - leftCount;
  for (ptrdiff_t i = begin; i < count; i++) {
    uint32_t row = rows[i];
    uint32_t bin = column[row];
    ptrdiff_t goesLeft = (set[bin >> 5] >> (bin & 31)) & 1;
    left[leftCount] = row;
    right[rightCount] = row;
    leftCount += goesLeft;
    rightCount += 1 - goesLeft;
  }
  return leftCount;
}

#if ASSAY_X86
ASSAY_AVX512 static ptrdiff_t partition_avx512(
    const uint8_t *column, const uint32_t *rows, ptrdiff_t count, const uint32_t set[8], uint32_t *left,
    uint32_t *right) {
  __m512i words = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)set));
  __m512i low = _mm512_set1_epi32(255), five = _mm512_set1_epi32(31), one = _mm512_set1_epi32(1);
  ptrdiff_t l = 0, r = 0, i = 0;
  for (; i + 16 <= count; i += 16) {
    __m512i row = _mm512_loadu_si512(rows + i);
    __m512i bin = _mm512_and_epi32(_mm512_i32gather_epi32(row, column, 1), low);
    __m512i word = _mm512_permutexvar_epi32(_mm512_srli_epi32(bin, 5), words);
    __mmask16 goes = _mm512_test_epi32_mask(_mm512_srlv_epi32(word, _mm512_and_epi32(bin, five)), one);
    _mm512_storeu_si512(left + l, _mm512_maskz_compress_epi32(goes, row));
    _mm512_storeu_si512(right + r, _mm512_maskz_compress_epi32((__mmask16)~goes, row));
    ptrdiff_t n = __builtin_popcount(goes);
    l += n;
    r += 16 - n;
  }
  return partition_plain(column, rows, i, count, set, l, left, right);
}
#endif

ptrdiff_t assay_partition(
    const uint8_t *column, const uint32_t *rows, ptrdiff_t count, const uint32_t set[8], uint32_t *left,
    uint32_t *right) {
#if ASSAY_X86
  if (assay_has_avx512()) return partition_avx512(column, rows, count, set, left, right);
#endif
  return partition_plain(column, rows, 0, count, set, 0, left, right);
}
