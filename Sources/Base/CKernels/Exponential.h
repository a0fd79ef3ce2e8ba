// The exponential function without branches, so that loops over it vectorise. It is defined in a header because each
// clone of a loop needs it inlined.
#ifndef ASSAY_EXPONENTIAL_H
#define ASSAY_EXPONENTIAL_H

#include <math.h>
#include <stdint.h>
#include <string.h>

// exp(x) = 2^n exp(r), r = x - n ln 2 in [-ln 2 / 2, ln 2 / 2], exp(r) by its Taylor polynomial of degree 7.
static inline __attribute__((always_inline)) float exponential_float(float x) {
  x = x < -87.0f ? -87.0f : x > 87.0f ? 87.0f : x;
  float n = rintf(x * 1.44269504f);
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, 4);
  return p * power;
}

// The same in double, by the Taylor polynomial of degree 13; rounding by adding a large number serves every processor.
static inline __attribute__((always_inline)) double exponential(double x) {
  x = x < -700 ? -700 : x;
  x = x > 700 ? 700 : x;
  const double round = 0x1.8p52;
  double shifted = x * 0x1.71547652b82fep0 + round;
  double n = shifted - round;
  double r = x - n * 0x1.62e42feep-1;
  r -= n * 0x1.a39ef35793c76p-33;
  double p = 1.0 / 6227020800;
  p = p * r + 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  uint64_t bits;
  memcpy(&bits, &shifted, 8);
  bits = (bits + 1023) << 52;
  double power;
  memcpy(&power, &bits, 8);
  return p * power;
}

#endif
