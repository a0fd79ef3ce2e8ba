#include "CKernels.h"
#include "Processor.h"

// The finaliser of MurmurHash3 (Appleby), twice with the halves of the seed between.
static inline __attribute__((always_inline)) uint32_t mixed(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ x >> 16;
}

ASSAY_CLONES void assay_dropout(
  const float *x, float *result, long count, uint64_t start, uint64_t seed, uint32_t limit, float scale) {
  uint32_t first = (uint32_t)start, low = (uint32_t)seed, high = (uint32_t)(seed >> 32) + (uint32_t)(start >> 32);
  for (long i = 0; i < count; i++) {
    uint32_t word = mixed(mixed(first + (uint32_t)i + low) ^ high);
    float kept = x[i] * scale;
    result[i] = word < limit ? kept : 0.0f;
  }
}
