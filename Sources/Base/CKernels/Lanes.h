// One register of LANE_COUNT floats and what the kernels do with it; included by EachWidth.h once per width.
#include <math.h>

#pragma clang fp contract(fast)

typedef float WIDE(float_lanes) __attribute__((ext_vector_type(LANE_COUNT), aligned(4)));
typedef int WIDE(int_lanes) __attribute__((ext_vector_type(LANE_COUNT), aligned(4)));

#ifndef ASSAY_LANES_H
#define ASSAY_LANES_H

#define INLINED static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")
#define lanes WIDE(float_lanes)
#define lane_bits WIDE(int_lanes)

typedef float four_lanes __attribute__((ext_vector_type(4), aligned(4)));

/// Rows and columns of the tile of a matrix product that stays in registers.
#define TILE_ROWS (LANE_COUNT == 16 ? 12 : 6)
#define TILE_COLUMNS (2 * LANE_COUNT)
/// The most columns and rows of a tile over all widths.
enum { LARGEST_TILE_COLUMNS = 32, LARGEST_TILE_ROWS = 12 };
/// The most registers that the functions of several work on at a time.
enum { LARGEST_GROUP = 4 };

INLINED float sum_of_four(four_lanes x) {
  x += __builtin_shufflevector(x, x, 2, 3, 0, 1);
  return x[0] + x[1];
}

INLINED float largest_of_four(four_lanes x) {
  four_lanes y = __builtin_shufflevector(x, x, 2, 3, 0, 1);
  x = y > x ? y : x;
  return x[1] > x[0] ? x[1] : x[0];
}

#endif

INLINED lanes WIDE(splat)(float x) { return (lanes)x; }

INLINED lanes WIDE(load)(const float *from) { return *(const lanes *)from; }

INLINED void WIDE(store)(float *to, lanes x) { *(lanes *)to = x; }

// The sum of sixteen numbers by halves, in the same order whatever the width of the registers.
INLINED float WIDE(sum_of_sixteen)(const lanes *x) {
#if LANE_COUNT == 4
  return sum_of_four((x[0] + x[2]) + (x[1] + x[3]));
#else
#if LANE_COUNT == 8
  float_lanes_8 y = x[0] + x[1];
#else
  float_lanes_8 y = __builtin_shufflevector(*x, *x, 0, 1, 2, 3, 4, 5, 6, 7)
                  + __builtin_shufflevector(*x, *x, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
  return sum_of_four(__builtin_shufflevector(y, y, 0, 1, 2, 3) + __builtin_shufflevector(y, y, 4, 5, 6, 7));
#endif
}

INLINED float WIDE(largest)(lanes x) {
#if LANE_COUNT == 4
  return largest_of_four(x);
#else
#if LANE_COUNT == 16
  float_lanes_8 upper = __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
  float_lanes_8 y = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7);
  y = upper > y ? upper : y;
#else
  float_lanes_8 y = x;
#endif
  four_lanes first = __builtin_shufflevector(y, y, 0, 1, 2, 3), second = __builtin_shufflevector(y, y, 4, 5, 6, 7);
  return largest_of_four(second > first ? second : first);
#endif
}

// x[i] = 2^(factor[i] x[i]) for exponents up to 127, as 2^n 2^r with n a whole number and r in [-1/2, 1/2]; the polynomial
// is the minimax one with constant term 1 (relative error 9.2e-8). Below an exponent of -126.5 the result is exactly 0;
// not-a-number stays. Several at a time, step by step: one alone is a chain in which each step waits for the one before.
INLINED void WIDE(powers_of_two)(const int count, const float *factor, lanes *x) {
  const lanes round = (lanes)(0x1.8p23f + 127);
  const float terms[6] = {0x1.5bba14p-10f, 0x1.3cea88p-7f, 0x1.c6b752p-5f, 0x1.ebf9bcp-3f, 0x1.62e42ap-1f, 1};
  lanes shifted[LARGEST_GROUP], p[LARGEST_GROUP];
  UNROLLED for (int i = 0; i < count; i++) {
    const lanes limit = (lanes)(-127 / factor[i]);
    if (factor[i] > 0) x[i] = x[i] < limit ? limit : x[i];
    else x[i] = x[i] > limit ? limit : x[i];
  }
  UNROLLED for (int i = 0; i < count; i++) shifted[i] = x[i] * (lanes)factor[i] + round;
  UNROLLED for (int i = 0; i < count; i++) x[i] = x[i] * (lanes)factor[i] - (shifted[i] - round);
  UNROLLED for (int i = 0; i < count; i++) p[i] = (lanes)terms[0];
  UNROLLED for (int term = 1; term < 6; term++)
    UNROLLED for (int i = 0; i < count; i++) p[i] = p[i] * x[i] + (lanes)terms[term];
  UNROLLED for (int i = 0; i < count; i++) x[i] = p[i] * (lanes)((lane_bits)shifted[i] << 23);
}

// The same without a factor.
INLINED void WIDE(exponentials)(const int count, lanes *x) {
  const float factor[LARGEST_GROUP] = {1, 1, 1, 1};
  WIDE(powers_of_two)(count, factor, x);
}
