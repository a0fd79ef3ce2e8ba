// Elementary functions of one float without branches, so that loops over them vectorise. They are defined in a header
// because each clone of a loop needs them inlined. The coefficients are minimax fits made for these intervals.
//
// Relative errors stay below about two units in the last place, but for the share of the normal distribution and gelu far
// below 0, whose errors are below 1e-7 in absolute terms; infinities and not-a-number give
// what the mathematical limit gives. A comparison with not-a-number is false, which is how it passes through the limits.
#ifndef ASSAY_FLOAT_MATH_H
#define ASSAY_FLOAT_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang fp contract(fast)

#define ASSAY_INLINE static inline __attribute__((always_inline))

// A loop whose passes do not depend on each other: results may be written over the operands at the same positions.
#define ASSAY_EACH(I, COUNT) \
  _Pragma("clang loop vectorize(assume_safety)") for (long I = 0; I < (COUNT); I++)

ASSAY_INLINE float float_from_bits(int32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

ASSAY_INLINE int32_t float_bits(float value) {
  int32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

// The bits less some others, round the corner where that overflows.
ASSAY_INLINE int32_t float_bits_from(float value, int32_t others) {
  return (int32_t)((uint32_t)float_bits(value) - (uint32_t)others);
}

// 2^n for n in -127 ... 127 (2^-127 becomes 0).
ASSAY_INLINE float float_power_of_two(int32_t n) { return float_from_bits((int32_t)((uint32_t)(n + 127) << 23)); }

ASSAY_INLINE float float_absolute(float x) { return float_from_bits(float_bits(x) & 0x7fffffff); }

// x = n ln 2 + r with r in [-ln 2 / 2, ln 2 / 2]; returns exp(r) - 1. Adding a large number rounds on every processor,
// and ln 2 in two parts keeps n times the first part exact.
ASSAY_INLINE float float_reduced_exp(float x, int32_t *n) {
  const float large = 0x1.8p23f;
  float shifted = x * 0x1.715476p0f + large;
  *n = float_bits_from(shifted, float_bits(large));
  float whole = shifted - large;
  float r = x - whole * 0.693359375f;
  r = r + whole * 2.12194440e-4f;
  float p = 1.381432055e-3f;
  p = p * r + 8.368850686e-3f;
  p = p * r + 4.166840017e-2f;
  p = p * r + 1.666651964e-1f;
  p = p * r + 4.999999404e-1f;
  return r + r * r * p;
}

// exp(x). The power of two is applied in two halves, so that results reach down to the smallest number and up to the
// largest; beyond the limits they are 0 and infinity by the same arithmetic.
ASSAY_INLINE float float_exp(float x) {
  x = x < -104.0f ? -104.0f : x;
  x = x > 89.0f ? 89.0f : x;
  int32_t n;
  float p = float_reduced_exp(x, &n) + 1;
  int32_t half = n >> 1;
  return p * float_power_of_two(half) * float_power_of_two(n - half);
}

// exp(x) for x up to 88, or not-a-number: a little faster, results below 1e-37 become 0.
ASSAY_INLINE float float_exp_down(float x) {
  x = x < -88.0f ? -88.0f : x;
  int32_t n;
  float p = float_reduced_exp(x, &n) + 1;
  return p * float_power_of_two(n);
}

// exp(x) - 1, precise near 0.
ASSAY_INLINE float float_expm1(float x) {
  x = x < -30.0f ? -30.0f : x;
  x = x > 89.0f ? 89.0f : x;
  int32_t n;
  float p = float_reduced_exp(x, &n);
  int32_t half = n >> 1;
  float power = float_power_of_two(half);
  return (p * power + (power - float_power_of_two(half - n))) * float_power_of_two(n - half);
}

// log(2^e (1 + f)) for f in [sqrt(1/2) - 1, sqrt(2) - 1].
ASSAY_INLINE float float_reduced_log(float f, float e) {
  float z = f * f;
  float p = (-7.634498179e-2f * f + 1.276157796e-1f) * z + (-1.316018254e-1f * f + 1.420175731e-1f);
  p = p * (z * z) + ((-1.662335694e-1f * f + 2.000122666e-1f) * z + (-2.500081956e-1f * f + 3.333333135e-1f));
  float r = f * z * p;
  r = r + e * -2.12194440e-4f;
  r = r - 0.5f * z;
  return (f + r) + e * 0.693359375f;
}

// The exponent e for which x / 2^e is in [sqrt(1/2), sqrt(2)), of a positive x that is not subnormal.
ASSAY_INLINE int32_t float_exponent(float x) { return float_bits_from(x, 0x3f3504f3) >> 23; }

// x / 2^e.
ASSAY_INLINE float float_scaled_down(float x, int32_t e) {
  return float_from_bits(float_bits_from(x, (int32_t)((uint32_t)e << 23)));
}

// The natural logarithm: -infinity at 0, not-a-number below.
ASSAY_INLINE float float_log(float x) {
  int small = x < 0x1p-126f;
  float y = small ? x * 0x1p23f : x;
  int32_t e = float_exponent(y);
  float result = float_reduced_log(float_scaled_down(y, e) - 1, (float)e - (small ? 23.0f : 0.0f));
  result = x < INFINITY ? result : x;
  float below = x == 0 ? -INFINITY : NAN;
  return x > 0 ? result : below;
}

// log(1 + x) for finite x > -1, precise near 0: what rounding 1 + x drops is put back into the fraction.
ASSAY_INLINE float float_log1p_inside(float x) {
  float u = 1 + x;
  float dropped = x < 1 ? x - (u - 1) : 1 - (u - x);
  int32_t e = float_exponent(u);
  float f = float_scaled_down(u, e) - 1 + dropped * float_power_of_two(e < 126 ? -e : -126);
  return float_reduced_log(f, (float)e);
}

// log(1 + x): -infinity at -1, not-a-number below.
ASSAY_INLINE float float_log1p(float x) {
  float result = float_log1p_inside(x);
  result = x < INFINITY ? result : x;
  float below = x == -1 ? -INFINITY : NAN;
  return x > -1 ? result : below;
}

// 1 / (1 + exp(-x)), small results as precise as large ones.
ASSAY_INLINE float float_sigmoid(float x) {
  float e = float_exp(-float_absolute(x));
  return (x < 0 ? e : 1.0f) / (1 + e);
}

// The hyperbolic tangent, x P(x^2) / Q(x^2) up to 9, where it rounds to 1.
ASSAY_INLINE float float_tanh(float x) {
  x = x < -9.0f ? -9.0f : x;
  x = x > 9.0f ? 9.0f : x;
  float z = x * x;
  float p = 1.33508392e-8f;
  p = p * z + 2.06064842e-5f;
  p = p * z + 3.49544014e-3f;
  p = p * z + 1.33809049e-1f;
  p = p * z + 1;
  float q = 7.77503584e-7f;
  q = q * z + 3.28538533e-4f;
  q = q * z + 2.58764311e-2f;
  q = q * z + 4.67142206e-1f;
  q = q * z + 1;
  float result = x * p / q;
  result = result > 1 ? 1 : result;
  return result < -1 ? -1 : result;
}

// The error function, x P(x^2) / Q(x^2) up to 3.95, where it rounds to 1.
ASSAY_INLINE float float_erf(float x) {
  x = x < -3.95f ? -3.95f : x;
  x = x > 3.95f ? 3.95f : x;
  float z = x * x;
  float p = 2.01145759e-6f;
  p = p * z + 2.84370413e-4f;
  p = p * z + 3.82988653e-3f;
  p = p * z + 5.29435231e-2f;
  p = p * z + 1.92173053e-1f;
  p = p * z + 1.12837915f;
  float q = 3.76632706e-5f;
  q = q * z + 1.17439906e-3f;
  q = q * z + 1.51005845e-2f;
  q = q * z + 1.14803860e-1f;
  q = q * z + 5.03641636e-1f;
  q = q * z + 1;
  float result = x * p / q;
  result = result > 1 ? 1 : result;
  return result < -1 ? -1 : result;
}

// log(1 + exp(x)).
ASSAY_INLINE float float_softplus(float x) {
  float positive = x < 0 ? 0 : x;
  return positive + float_log1p_inside(float_exp(-float_absolute(x)));
}

// The normal distribution function at x, to about 1e-7.
ASSAY_INLINE float float_normal_share(float x) { return 0.5f + 0.5f * float_erf(x * 0x1.6a09e6p-1f); }

// x times the normal distribution function. Below -20 it is 0, also where x is infinite.
ASSAY_INLINE float float_gelu(float x) { return (x < -20 ? -20.0f : x) * float_normal_share(x); }

// The derivative of the above.
ASSAY_INLINE float float_gelu_slope(float x) {
  float y = x < -20 ? -20.0f : x > 20 ? 20.0f : x;
  return float_normal_share(x) + y * (0x1.988454p-2f * float_exp_down(-0.5f * y * y));
}

// x sigmoid(x). Below -200 it is 0, also where x is infinite.
ASSAY_INLINE float float_silu(float x) { return (x < -200 ? -200.0f : x) * float_sigmoid(x); }

// The derivative of the above.
ASSAY_INLINE float float_silu_slope(float x) {
  float y = x < -200 ? -200.0f : x > 200 ? 200.0f : x;
  float e = float_exp_down(-float_absolute(y));
  float s = 1 / (1 + e);
  float rest = e * s;
  return (y < 0 ? rest : s) * (1 + y * (y < 0 ? s : rest));
}

// x where it is positive or not-a-number, else 0.
ASSAY_INLINE float float_relu(float x) { return x < 0 ? 0 : x; }

#endif
