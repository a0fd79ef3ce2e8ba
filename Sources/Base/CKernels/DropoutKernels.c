#include "CKernels.h"
#include "MixedWords.h"
#include "Processor.h"

// A word per position: the position and one half of the seed mixed, then the other half.
ASSAY_CLONES void assay_dropout(
  const float *x, float *result, long count, uint64_t start, uint64_t seed, uint32_t limit, float scale) {
  uint32_t first = (uint32_t)start, low = (uint32_t)seed, high = (uint32_t)(seed >> 32) + (uint32_t)(start >> 32);
  for (long i = 0; i < count; i++) {
    uint32_t word = mixed(mixed(first + (uint32_t)i + low) ^ high);
    float kept = x[i] * scale;
    result[i] = word < limit ? kept : 0.0f;
  }
}
