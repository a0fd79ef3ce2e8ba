// x^y of floats without branches, through logarithm and exponential in double (see FloatMath.h).
#ifndef ASSAY_FLOAT_POWER_H
#define ASSAY_FLOAT_POWER_H

#include "FloatMath.h"

#pragma clang fp contract(fast)

// The natural logarithm of a positive, finite x, relative error below 1e-11.
ASSAY_INLINE double float_log_in_double(float x) {
  int small = x < 0x1p-126f;
  float y = small ? x * 0x1p23f : x;
  int32_t e = float_exponent(y);
  double m = (double)float_scaled_down(y, e);
  double s = (m - 1) / (m + 1), z = s * s;
  double p = 0.11791444589662915;
  p = p * z + 0.1426863841114172;
  p = p * z + 0.20000167780471276;
  p = p * z + 0.3333333282224809;
  double whole = (double)e - (small ? 23.0 : 0.0);
  return whole * 0x1.62e42fefa39efp-1 + 2 * (s + s * z * p);
}

// exp(t) as a float, for any t; relative error before rounding below 1e-8.
ASSAY_INLINE float float_exp_of_double(double t) {
  t = t < -104 ? -104 : t;
  t = t > 89 ? 89 : t;
  const double large = 0x1.8p52;
  double shifted = t * 0x1.71547652b82fep0 + large;
  double r = t - (shifted - large) * 0x1.62e42fefa39efp-1;
  double p = 0.0013814466322055467;
  p = p * r + 0.008368780473526597;
  p = p * r + 0.041668394226328;
  p = p * r + 0.16666520107147792;
  p = p * r + 0.4999999341242446;
  p = p * r * r + r + 1;
  int64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (int64_t)((uint64_t)(bits + 1023) << 52);
  double power;
  memcpy(&power, &bits, 8);
  return (float)(p * power);
}

ASSAY_INLINE float float_power(float x, float y) {
  float size = float_absolute(x);
  double logarithm = float_log_in_double(size);
  logarithm = size == 0 ? (double)-INFINITY : size < INFINITY ? logarithm : (double)size;
  float result = float_exp_of_double((double)y * logarithm);
  // Floats from 2^24 on are even; below, adding and taking away 2^23 or 2^24 rounds to a whole or an even number.
  float length = float_absolute(y);
  int even = length >= 0x1p24f || (length + 0x1p24f) - 0x1p24f == length;
  int whole = length >= 0x1p23f || (length + 0x1p23f) - 0x1p23f == length;
  int32_t negative = float_bits(x) & INT32_MIN;
  result = float_from_bits(float_bits(result) | (whole && !even ? negative : 0));
  result = x < 0 && !whole && size < INFINITY ? NAN : result;
  return y == 0 || x == 1 || (x == -1 && length == INFINITY) ? 1 : result;
}

#endif
