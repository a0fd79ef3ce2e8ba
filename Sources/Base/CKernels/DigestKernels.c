#include "CKernels.h"
#include "Processor.h"

#if ASSAY_X86
#include <cpuid.h>

static int has_sha(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b >> 29 & 1)) return 0;
  return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3");
}

// Four rounds per step on the two halves of the state, as the instructions want them: ABEF and CDGH.
__attribute__((target("sha,sse4.1,ssse3"))) static void absorb(
    uint32_t state[8], const uint8_t *blocks, ptrdiff_t count, const uint32_t constants[64]) {
  const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
  __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
  for (ptrdiff_t block = 0; block < count; block++, blocks += 64) {
    __m128i abefBefore = abef, cdghBefore = cdgh;
    __m128i words[4];
    for (int i = 0; i < 4; i++) {
      words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * i)), bigEndian);
    }
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) {
      __m128i *now = words + (step & 3);
      __m128i sum = _mm_add_epi32(*now, _mm_loadu_si128((const __m128i *)(constants + 4 * step)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
      if (step < 12) {
        __m128i last = words[(step + 3) & 3];
        __m128i older = _mm_alignr_epi8(last, words[(step + 2) & 3], 4);
        __m128i mixed = _mm_add_epi32(_mm_sha256msg1_epu32(*now, words[(step + 1) & 3]), older);
        *now = _mm_sha256msg2_epu32(mixed, last);
      }
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
  }
  __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#endif

int assay_sha256_blocks(uint32_t state[8], const uint8_t *blocks, ptrdiff_t count, const uint32_t constants[64]) {
#if ASSAY_X86
  static int known = -1;
  int has = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (has < 0) {
    has = has_sha();
    __atomic_store_n(&known, has, __ATOMIC_RELAXED);
  }
  if (has) {
    absorb(state, blocks, count, constants);
    return 1;
  }
#endif
  return 0;
}
