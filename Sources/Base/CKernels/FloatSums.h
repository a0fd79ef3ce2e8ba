// Sums over runs of floats in an order that depends on their number alone, never on the width of the registers: 32 lanes
// within blocks of 2048 numbers, the lanes folded in halves, the blocks added in double. So the error grows with the 64
// numbers that a lane adds, not with the length of the run.
#ifndef ASSAY_FLOAT_SUMS_H
#define ASSAY_FLOAT_SUMS_H

#include "FloatMath.h"

#pragma clang fp contract(fast)

typedef float float_lanes __attribute__((vector_size(64), aligned(4)));

ASSAY_INLINE double float_folded(const float_lanes *lanes) {
  float sum[16];
  memcpy(sum, lanes, 64);
  for (int half = 8; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half];
  return (double)sum[0];
}

#define ASSAY_LANES_AT(P) (*(const float_lanes *)((P) + i))
#define ASSAY_NUMBER_AT(P) ((P)[i])

// Defines NAME(PARAMETERS, count), the sum of TERM(AT) over i, in which AT(p) stands for p[i] or for 16 of them.
#define ASSAY_RUN_SUM(NAME, TERM, ...)                                                    \
  ASSAY_INLINE double NAME(__VA_ARGS__, long count) {                                     \
    if (count < 16) {                                                                     \
      float few = 0;                                                                      \
      for (long i = 0; i < count; i++) few += TERM(ASSAY_NUMBER_AT);                      \
      return (double)few;                                                                 \
    }                                                                                     \
    double total = 0;                                                                     \
    for (long i = 0; i < count;) {                                                        \
      long end = count - i < 2048 ? count : i + 2048;                                     \
      float_lanes even = {0}, odd = {0};                                                  \
      for (; i + 32 <= end; i += 16) {                                                    \
        even += TERM(ASSAY_LANES_AT);                                                     \
        i += 16;                                                                          \
        odd += TERM(ASSAY_LANES_AT);                                                      \
      }                                                                                   \
      if (i + 16 <= end) {                                                                \
        even += TERM(ASSAY_LANES_AT);                                                     \
        i += 16;                                                                          \
      }                                                                                   \
      if (i < end) {                                                                      \
        float rest[16] = {0};                                                             \
        for (long lane = 0; i < end; i++, lane++) rest[lane] = TERM(ASSAY_NUMBER_AT);     \
        odd += *(const float_lanes *)rest;                                                \
      }                                                                                   \
      even += odd;                                                                        \
      total += float_folded(&even);                                                       \
    }                                                                                     \
    return total;                                                                         \
  }

#define ASSAY_PLAIN_TERM(AT) AT(x)
#define ASSAY_SQUARE_TERM(AT) AT(x) * AT(x)
#define ASSAY_DISTANCE_TERM(AT) (AT(x) - centre) * (AT(x) - centre)
#define ASSAY_PRODUCT_TERM(AT) AT(x) * AT(y)

// sum x
ASSAY_RUN_SUM(float_sum, ASSAY_PLAIN_TERM, const float *x)

// sum x^2
ASSAY_RUN_SUM(float_square_sum, ASSAY_SQUARE_TERM, const float *x)

// sum (x - centre)^2
ASSAY_RUN_SUM(float_distance_sum, ASSAY_DISTANCE_TERM, const float *x, float centre)

// sum x y
ASSAY_RUN_SUM(float_product_sum, ASSAY_PRODUCT_TERM, const float *x, const float *y)

// The larger of two; not-a-number if either is. A comparison is false for not-a-number, which wins by being unequal to
// itself.
ASSAY_INLINE float float_larger(float x, float y) { return x > y || x != x ? x : y; }
ASSAY_INLINE float float_smaller(float x, float y) { return x < y || x != x ? x : y; }

typedef int32_t integer_lanes __attribute__((vector_size(64), aligned(4)));

// Defines NAME(x, count), the extreme of a run, WORST for none.
#define ASSAY_RUN_EXTREME(NAME, PAIR, COMPARE, WORST)                                     \
  ASSAY_INLINE float NAME(const float *x, long count) {                                   \
    float extreme = WORST;                                                                \
    long i = 0;                                                                           \
    if (count >= 16) {                                                                    \
      float_lanes best = ASSAY_LANES_AT(x);                                               \
      for (i = 16; i + 16 <= count; i += 16) {                                            \
        float_lanes next = ASSAY_LANES_AT(x);                                             \
        integer_lanes wins = (integer_lanes)(next COMPARE best) | (integer_lanes)(next != next); \
        best = (float_lanes)(((integer_lanes)next & wins) | ((integer_lanes)best & ~wins)); \
      }                                                                                   \
      float lanes[16];                                                                    \
      memcpy(lanes, &best, 64);                                                           \
      for (int half = 8; half > 0; half /= 2)                                             \
        for (int lane = 0; lane < half; lane++) lanes[lane] = PAIR(lanes[lane], lanes[lane + half]); \
      extreme = lanes[0];                                                                 \
    }                                                                                     \
    for (; i < count; i++) extreme = PAIR(x[i], extreme);                                 \
    return extreme;                                                                       \
  }

ASSAY_RUN_EXTREME(float_run_largest, float_larger, >, -INFINITY)
ASSAY_RUN_EXTREME(float_run_smallest, float_smaller, <, INFINITY)

#endif
