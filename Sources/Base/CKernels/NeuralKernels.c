#include "CKernels.h"
#include "Exponential.h"
#include "MixedWords.h"
#include "Processor.h"

#pragma clang fp contract(fast)

// One 32-bit word per entry: the position and one half of the seed mixed, then the other half.
static inline __attribute__((always_inline)) float kept(uint32_t position, uint64_t seed, uint32_t limit, float scale) {
  uint32_t word = mixed(mixed(position + (uint32_t)seed) ^ (uint32_t)(seed >> 32));
  return (word >> 8) < limit ? scale : 0.0f;
}

ASSAY_CLONES void assay_silu(float *restrict z, float *restrict slope, long count, float keep, uint64_t seed) {
  uint32_t limit = (uint32_t)(keep * 16777216.0f);
  float scale = 1 / keep;
  for (long i = 0; i < count; i++) {
    float x = z[i];
    float s = 1 / (1 + exponential_float(-x));
    float mask = kept((uint32_t)i, seed, limit, scale);
    slope[i] = mask * s * (1 + x * (1 - s));
    z[i] = mask * x * s;
  }
}

ASSAY_CLONES void assay_relu(float *restrict z, float *restrict slope, long count, float keep, uint64_t seed) {
  uint32_t limit = (uint32_t)(keep * 16777216.0f);
  float scale = 1 / keep;
  for (long i = 0; i < count; i++) {
    float x = z[i];
    float mask = x > 0 ? kept((uint32_t)i, seed, limit, scale) : 0.0f;
    slope[i] = mask;
    z[i] = mask * x;
  }
}

ASSAY_CLONES void assay_scale_by(const float *restrict x, float *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] *= x[i];
}
