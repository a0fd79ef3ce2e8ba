// Sine and cosine of one float without branches (see FloatMath.h).
#ifndef ASSAY_FLOAT_TRIGONOMETRY_H
#define ASSAY_FLOAT_TRIGONOMETRY_H

#include "FloatMath.h"

#pragma clang fp contract(fast)

// Up to here n times each part of pi / 2 below is exact.
#define ASSAY_LARGEST_ANGLE 8192.0f

// The sine and cosine of r in [-pi / 4, pi / 4].
ASSAY_INLINE void float_small_angle(float r, float *sine, float *cosine) {
  float z = r * r;
  float s = -1.951463200e-4f;
  s = s * z + 8.332155645e-3f;
  s = s * z + -1.666665524e-1f;
  *sine = r + r * z * s;
  float c = 2.443241283e-5f;
  c = c * z + -1.388730947e-3f;
  c = c * z + 4.166664556e-2f;
  *cosine = 1 - 0.5f * z + z * z * c;
}

// x = n pi / 2 + r; returns n, and the sine and cosine of r.
ASSAY_INLINE int32_t float_reduced_angle(float x, float *sine, float *cosine) {
  const float large = 0x1.8p23f;
  float shifted = x * 0x1.45f306p-1f + large;
  int32_t n = float_bits_from(shifted, float_bits(large));
  float whole = shifted - large;
  float r = x - whole * 0x1.92p0f;
  r = r - whole * 0x1.fb4p-12f;
  r = r - whole * 0x1.444p-24f;
  r = r - whole * 0x1.68c234p-39f;
  float_small_angle(r, sine, cosine);
  return n;
}

// The sine of n pi / 2 + r from the sine and cosine of r.
ASSAY_INLINE float float_quarter_turned(float sine, float cosine, int32_t n) {
  float size = n & 1 ? cosine : sine;
  return float_from_bits(float_bits(size) ^ (int32_t)((uint32_t)(n & 2) << 30));
}

// sin(x + quarters pi / 2) for |x| up to ASSAY_LARGEST_ANGLE.
ASSAY_INLINE float float_sine(float x, int32_t quarters) {
  float sine, cosine;
  int32_t n = float_reduced_angle(x, &sine, &cosine) + quarters;
  return float_quarter_turned(sine, cosine, n);
}

#endif
