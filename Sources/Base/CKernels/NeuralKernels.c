#include "CKernels.h"

#include <string.h>

#pragma clang fp contract(fast)

#if defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

// exp(x) = 2^n exp(r) with |r| <= ln(2) / 2, to about 1e-7; no branches, so the loops vectorise.
static inline __attribute__((always_inline)) float exponential(float x) {
  x = x < -80 ? -80 : x;
  x = x > 80 ? 80 : x;
  const float round = 0x1.8p23f;
  float shifted = x * 0x1.715476p0f + round;
  float n = shifted - round;
  float r = x - n * 0x1.62e4p-1f;
  r -= n * 0x1.7f7d1cp-20f;
  float p = 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1;
  p = p * r + 1;
  uint32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (bits + 127) << 23;
  float scale;
  memcpy(&scale, &bits, 4);
  return p * scale;
}

// The finaliser of MurmurHash3 (Appleby) over the position: one 32-bit word per entry.
static inline __attribute__((always_inline)) uint32_t mixed(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ x >> 16;
}

static inline __attribute__((always_inline)) float kept(uint32_t position, uint64_t seed, uint32_t limit, float scale) {
  uint32_t word = mixed(mixed(position + (uint32_t)seed) ^ (uint32_t)(seed >> 32));
  return (word >> 8) < limit ? scale : 0.0f;
}

CLONES void assay_silu(float *restrict z, float *restrict slope, long count, float keep, uint64_t seed) {
  uint32_t limit = (uint32_t)(keep * 16777216.0f);
  float scale = 1 / keep;
  for (long i = 0; i < count; i++) {
    float x = z[i];
    float s = 1 / (1 + exponential(-x));
    float mask = kept((uint32_t)i, seed, limit, scale);
    slope[i] = mask * s * (1 + x * (1 - s));
    z[i] = mask * x * s;
  }
}

CLONES void assay_relu(float *restrict z, float *restrict slope, long count, float keep, uint64_t seed) {
  uint32_t limit = (uint32_t)(keep * 16777216.0f);
  float scale = 1 / keep;
  for (long i = 0; i < count; i++) {
    float x = z[i];
    float mask = x > 0 ? kept((uint32_t)i, seed, limit, scale) : 0.0f;
    slope[i] = mask;
    z[i] = mask * x;
  }
}

CLONES void assay_scale_by(const float *restrict x, float *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] *= x[i];
}

CLONES void assay_adam(
  float *restrict weight, const float *restrict gradient, float *restrict m, float *restrict v, long count,
  float rate, float first, float second, float correction, float decay) {
  for (long i = 0; i < count; i++) {
    float g = gradient[i];
    m[i] = first * m[i] + (1 - first) * g;
    v[i] = second * v[i] + (1 - second) * g * g;
    weight[i] = weight[i] * (1 - decay) - rate * m[i] / (__builtin_elementwise_sqrt(v[i] * correction) + 1e-8f);
  }
}
