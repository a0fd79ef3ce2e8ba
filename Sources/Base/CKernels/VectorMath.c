#include "CKernels.h"
#include "Exponential.h"
#include "Processor.h"

#pragma clang fp contract(fast)

// Sixteen running sums, so that the order of summation is fixed and does not depend on the width of the registers.
#define DOT                                                                \
  double sum[16] = {0};                                                    \
  long i = 0;                                                              \
  for (; i + 16 <= count; i += 16)                                         \
    for (int lane = 0; lane < 16; lane++) sum[lane] += (double)x[i + lane] * y[i + lane]; \
  for (; i < count; i++) sum[i % 16] += (double)x[i] * y[i];               \
  for (int half = 8; half > 0; half /= 2)                                  \
    for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half]; \
  return sum[0];

ASSAY_CLONES double assay_dot_mixed(const float *x, const double *y, long count) { DOT }

ASSAY_CLONES double assay_dot(const double *x, const double *y, long count) { DOT }

ASSAY_CLONES void assay_add_mixed(double factor, const float *x, double *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] += factor * (double)x[i];
}

ASSAY_CLONES void assay_add(double factor, const double *x, double *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] += factor * x[i];
}

ASSAY_CLONES void assay_add_weighted(
  double factor, const double *restrict w, const float *restrict x, double *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] += factor * w[i] * (double)x[i];
}

ASSAY_CLONES double assay_weighted_squares(const float *x, const double *w, long count) {
  double sum[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; lane++) sum[lane] += (double)x[i + lane] * x[i + lane] * w[i + lane];
  for (; i < count; i++) sum[i % 16] += (double)x[i] * x[i] * w[i];
  for (int half = 8; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half];
  return sum[0];
}

// log(1 + e) for 0 <= e <= 1 as 2 artanh(e / (2 + e)); the series ends below 1e-17.
static inline __attribute__((always_inline)) double log_one_plus(double e) {
  double s = e / (2 + e), q = s * s, p = 0;
  for (int k = 33; k >= 1; k -= 2) p = p * q + 1.0 / k;
  return 2 * s * p;
}

ASSAY_CLONES void assay_exp(const double *x, double *result, long count) {
  for (long i = 0; i < count; i++) result[i] = exponential(x[i]);
}

ASSAY_CLONES double assay_logistic(
  const double *restrict eta, const double *restrict labels, const double *restrict w, double *restrict residual,
  double *restrict curvature, long count) {
  double sum[16] = {0};
  for (long start = 0; start < count; start += 16) {
    long length = count - start < 16 ? count - start : 16;
    for (long lane = 0; lane < length; lane++) {
      long i = start + lane;
      double size = eta[i] < 0 ? -eta[i] : eta[i];
      double e = exponential(-size);
      double larger = 1 / (1 + e), smaller = e * larger;
      double p = eta[i] < 0 ? smaller : larger;
      residual[i] = w[i] * (p - labels[i]);
      curvature[i] = w[i] * larger * smaller;
      // log(1 + exp(eta)) - y eta
      double positive = eta[i] > 0 ? eta[i] : 0;
      sum[lane] += w[i] * (positive - labels[i] * eta[i] + log_one_plus(e));
    }
  }
  for (int half = 8; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half];
  return sum[0];
}

ASSAY_CLONES void assay_squared_distances(float *restrict line, const float *restrict squares, float norm, long count) {
  for (long i = 0; i < count; i++) line[i] = norm + squares[i] - 2 * line[i];
}

ASSAY_CLONES void assay_add_mismatch(
  float *restrict line, const float *restrict codes, float code, float extra, long count) {
  for (long i = 0; i < count; i++) line[i] += codes[i] == code ? 0.0f : extra;
}

ASSAY_CLONES long assay_next_below(const float *line, float bound, long start, long count) {
  long i = start;
  for (; i + 32 <= count; i += 32) {
    int below = 0;
    for (int lane = 0; lane < 32; lane++) below |= line[i + lane] < bound;
    if (below) break;
  }
  for (; i < count; i++)
    if (line[i] < bound) return i;
  return count;
}

ASSAY_CLONES float assay_squared_distance(const float *x, const float *y, long count) {
  float sum[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (int lane = 0; lane < 16; lane++) {
      float difference = x[i + lane] - y[i + lane];
      sum[lane] += difference * difference;
    }
  for (; i < count; i++) sum[i % 16] += (x[i] - y[i]) * (x[i] - y[i]);
  for (int half = 8; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half];
  return sum[0];
}
