// The course of a recurrent layer through the steps, for one register width; what happens to the products of a tile of
// units is a function of the layer. Included by EachWidth.h through the layers.
#include "TileProducts.h"

// The first `count` numbers of a register, or all, and 0; none where `count` is below 1.
INLINED lanes WIDE(load_some)(const float *from, long count) {
  if (count >= LANE_COUNT) return WIDE(load)(from);
  if (count <= 0) return WIDE(splat)(0);
#if LANE_COUNT == 16
  return (lanes)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#elif LANE_COUNT == 8
  return (lanes)_mm256_maskload_ps(from, _mm256_loadu_si256((const __m256i *)(some_lanes + 8 - count)));
#else
  lanes x = WIDE(splat)(0);
  for (long i = 0; i < count; i++) x[i] = from[i];
  return x;
#endif
}

INLINED void WIDE(store_some)(float *to, long count, lanes x) {
  if (count >= LANE_COUNT) {
    WIDE(store)(to, x);
    return;
  }
  if (count <= 0) return;
#if LANE_COUNT == 16
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)x);
#elif LANE_COUNT == 8
  _mm256_maskstore_ps(to, _mm256_loadu_si256((const __m256i *)(some_lanes + 8 - count)), (__m256)x);
#else
  for (long i = 0; i < count; i++) to[i] = x[i];
#endif
}

// Factors that make exp(-x) of a power of two for a sigmoid, and exp(-2 x) for a hyperbolic tangent.
#define SIGMOID_FACTOR -1.44269504f
#define TANGENT_FACTOR -2.88539008f

// To about 1e-7: sigmoids, 1 / (1 + exp(-x)), and hyperbolic tangents, 2 / (1 + exp(-2 x)) - 1, by their factors.
INLINED void WIDE(activations)(const int count, const float *factor, lanes *x) {
  UNROLLED for (int i = 0; i < count; i++) {
    const lanes limit = (lanes)(126 / factor[i]);
    x[i] = x[i] < limit ? limit : x[i];
  }
  WIDE(powers_of_two)(count, factor, x);
  UNROLLED for (int i = 0; i < count; i++)
    x[i] = factor[i] == TANGENT_FACTOR ? 2 / (1 + x[i]) - 1 : 1 / (1 + x[i]);
}

INLINED void WIDE(sigmoids)(const int count, lanes *x) {
  const float factor[LARGEST_GROUP] = {SIGMOID_FACTOR, SIGMOID_FACTOR, SIGMOID_FACTOR, SIGMOID_FACTOR};
  WIDE(activations)(count, factor, x);
}

INLINED void WIDE(tangents)(const int count, lanes *x) {
  const float factor[LARGEST_GROUP] = {TANGENT_FACTOR, TANGENT_FACTOR, TANGENT_FACTOR, TANGENT_FACTOR};
  WIDE(activations)(count, factor, x);
}

// The numbers behind `at` are asked for where the next tile of units will need them: further on in the same step, or at
// the beginning of the step after it, `ahead` numbers away.
INLINED void WIDE(prefetch_next)(const float *at, long unit, long hidden, long ahead) {
  __builtin_prefetch(unit + TILE_COLUMNS < hidden ? at + TILE_COLUMNS : at - unit + ahead, 1);
}

// One tile of units: z[row * z_row + gate * TILE_COLUMNS + unit] are the products of the states with the weights.
typedef void (*WIDE(recurrent_cell))(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next);

// sum = A B for a tile of columns, by blocks of the inner dimension.
INLINED void WIDE(recurrent_product)(
  long rows, long depth, const float *a, long a_row, const float *panel, float *sum, long sum_row) {
  for (long k = 0; k < depth; k += RECURRENT_DEPTH) {
    long length = depth - k < RECURRENT_DEPTH ? depth - k : RECURRENT_DEPTH;
    WIDE(multiply)(
      rows, TILE_COLUMNS, length, a + k, a_row, panel + k * TILE_COLUMNS, 0, TILE_COLUMNS, sum, sum_row, k > 0);
  }
}

// The cell writes the new states to `next` besides y.
INLINED void WIDE(recurrent_forward)(
  const recurrent_call *call, const int gates, WIDE(recurrent_cell) cell, float *h_final) {
  const long steps = call->shape->steps, hidden = call->shape->hidden, rows = call->rows, row = call->state_row;
  const long state_size = (rows + RECURRENT_EXCESS) * row;
  float *previous = call->scratch, *next = previous + state_size, *z = next + state_size;
  memset(previous, 0, (size_t)(2 * state_size) * sizeof(float));
  recurrent_copy(rows, hidden, call->h0, hidden, previous, row);
  for (long step = 0; step < steps; step++) {
    long t = call->shape->reverse ? steps - 1 - step : step;
    const float *panel = call->packed;
    for (long unit = 0; unit < hidden; unit += TILE_COLUMNS) {
      for (int gate = 0; gate < gates; gate++, panel += hidden * TILE_COLUMNS)
        WIDE(recurrent_product)(
          rows, hidden, previous, row, panel, z + gate * TILE_COLUMNS, gates * TILE_COLUMNS);
      cell(call, t, unit, hidden - unit < TILE_COLUMNS ? hidden - unit : TILE_COLUMNS, z, previous, next);
    }
    float *other = previous;
    previous = next, next = other;
  }
  recurrent_copy(rows, hidden, previous, row, h_final, hidden);
}

// The cell gets in z what flows back to the states of step t from the step after it, and writes the gradients of what
// went into the product of step t to `next`, rows of recurrent_row(gates * hidden) numbers.
INLINED void WIDE(recurrent_backward)(const recurrent_call *call, const int gates, WIDE(recurrent_cell) cell) {
  const long steps = call->shape->steps, hidden = call->shape->hidden, rows = call->rows;
  const long depth = gates * hidden, row = recurrent_row(depth), size = (rows + RECURRENT_EXCESS) * row;
  float *previous = call->scratch, *next = previous + size, *z = next + size;
  memset(previous, 0, (size_t)(2 * size) * sizeof(float));
  recurrent_copy(rows, hidden, call->dh_final, hidden, call->carried, call->state_row);
  for (long step = steps - 1; step >= -1; step--) {
    long t = call->shape->reverse ? steps - 1 - step : step;
    const float *panel = call->packed;
    for (long unit = 0; unit < hidden; unit += TILE_COLUMNS, panel += depth * TILE_COLUMNS) {
      long used = hidden - unit < TILE_COLUMNS ? hidden - unit : TILE_COLUMNS;
      if (step == steps - 1)
        memset(z, 0, (size_t)(rows * TILE_COLUMNS) * sizeof(float));
      else
        WIDE(recurrent_product)(rows, depth, previous, row, panel, z, TILE_COLUMNS);
      if (step >= 0)
        cell(call, t, unit, used, z, previous, next);
      else if (call->dh0)
        for (long i = 0; i < rows; i++)
          for (long j = 0; j < used; j++)
            call->dh0[i * hidden + unit + j] = z[i * TILE_COLUMNS + j] + call->carried[i * call->state_row + unit + j];
    }
    float *other = previous;
    previous = next, next = other;
  }
}
