#include <math.h>

#include "CKernels.h"
#include "Exponential.h"
#include "Processor.h"

ASSAY_CLONES void assay_exp_floats(const float *restrict values, ptrdiff_t count, float *restrict results) {
  for (ptrdiff_t i = 0; i < count; i++) results[i] = exponential_float(values[i]);
}

// 16 partial sums in a fixed order: the compiler may use vectors of any width without changing the result.
enum { lanes = 16 };

typedef struct {
  double gradient[lanes], hessian[lanes];
  float largestGradient[lanes], largestHessian[lanes];
} lane_sums;

static inline void close_sums(const lane_sums *lane, double sums[2], float largest[2]) {
  for (int j = 0; j < lanes; j++) {
    sums[0] += lane->gradient[j];
    sums[1] += lane->hessian[j];
    if (lane->largestGradient[j] > largest[0]) largest[0] = lane->largestGradient[j];
    if (lane->largestHessian[j] > largest[1]) largest[1] = lane->largestHessian[j];
  }
}

static inline void add_lane(lane_sums *lane, ptrdiff_t j, float gradient, float hessian) {
  float g = fabsf(gradient);
  lane->gradient[j] += (double)g;
  lane->hessian[j] += (double)hessian;
  lane->largestGradient[j] = g > lane->largestGradient[j] ? g : lane->largestGradient[j];
  lane->largestHessian[j] = hessian > lane->largestHessian[j] ? hessian : lane->largestHessian[j];
}

ASSAY_CLONES void assay_gradient_sums(
    const float *gradients, const float *hessians, ptrdiff_t count, double sums[2], float largest[2]) {
  lane_sums lane = {{0}, {0}, {0}, {0}};
  ptrdiff_t whole = count / lanes * lanes;
  for (ptrdiff_t first = 0; first < whole; first += lanes) {
    for (ptrdiff_t j = 0; j < lanes; j++) {
      add_lane(&lane, j, gradients[first + j], hessians ? hessians[first + j] : 1.0f);
    }
  }
  for (ptrdiff_t i = whole; i < count; i++) add_lane(&lane, i - whole, gradients[i], hessians ? hessians[i] : 1.0f);
  close_sums(&lane, sums, largest);
}

ASSAY_CLONES static void logistic_block(
    const float *restrict scores, const float *restrict labels, float base, ptrdiff_t count, float *restrict gradients,
    float *restrict hessians) {
  for (ptrdiff_t i = 0; i < count; i++) {
    float p = 1.0f / (1.0f + exponential_float(-(base + scores[i])));
    float h = p * (1.0f - p);
    gradients[i] = p - labels[i];
    hessians[i] = h < 1e-16f ? 1e-16f : h;
  }
}

ASSAY_CLONES static void weigh_block(
    const float *restrict weights, ptrdiff_t count, float *restrict gradients, float *restrict hessians) {
  for (ptrdiff_t i = 0; i < count; i++) {
    gradients[i] *= weights[i];
    hessians[i] *= weights[i];
  }
}

void assay_logistic_gradients(
    const float *scores, const float *labels, const float *weights, float base, ptrdiff_t count, float *gradients,
    float *hessians, double sums[2], float largest[2]) {
  enum { block = 2048 };
  for (ptrdiff_t first = 0; first < count; first += block) {
    ptrdiff_t n = count - first < block ? count - first : block;
    logistic_block(scores + first, labels + first, base, n, gradients + first, hessians + first);
    if (weights) weigh_block(weights + first, n, gradients + first, hessians + first);
    assay_gradient_sums(gradients + first, hessians + first, n, sums, largest);
  }
}

ASSAY_CLONES void assay_pack_gradients(
    const float *gradients, const float *hessians, ptrdiff_t count, uint32_t firstRow, float gradientScale,
    float hessianScale, uint32_t seed, int64_t *packed) {
  for (ptrdiff_t i = 0; i < count; i++) {
    // The finaliser of MurmurHash3 (Appleby).
    uint32_t z = (firstRow + (uint32_t)i) * 0x9E3779B1u + seed;
    z = (z ^ (z >> 16)) * 0x85EBCA6Bu;
    z = (z ^ (z >> 13)) * 0xC2B2AE35u;
    z ^= z >> 16;
    float u = (float)(int32_t)(z & 0xFFFF) * 0x1p-16f, v = (float)(int32_t)(z >> 16) * 0x1p-16f;
    int32_t g = (int32_t)floorf(gradients[i] * gradientScale + u);
    int32_t h = hessians ? (int32_t)floorf(hessians[i] * hessianScale + v) : 1;
    packed[i] = (int64_t)(((uint64_t)(uint32_t)g << 32) + (uint64_t)(uint32_t)h);
  }
}

void assay_add_to_rows(float *scores, const uint32_t *rows, ptrdiff_t count, float value) {
  for (ptrdiff_t i = 0; i < count; i++) scores[rows[i]] += value;
}
