// Gated recurrent unit for one register width; included by EachWidth.h.
#include "RecurrentSteps.h"

INLINED void WIDE(gru_tile)(
  const recurrent_call *call, long t, long unit, const long used, float *z, const float *previous, float *next) {
  const assay_recurrence *shape = call->shape;
  const long hidden = shape->hidden, row = call->state_row, direction = shape->reverse ? -1 : 1;
  const long z_row = 3 * TILE_COLUMNS, candidates = 2 * TILE_COLUMNS;
  float bias[3 * LARGEST_TILE_COLUMNS] = {0};
  if (call->bias)
    for (int gate = 0; gate < 3; gate++)
      memcpy(bias + gate * TILE_COLUMNS, call->bias + gate * hidden + unit, (size_t)used * sizeof(float));
  float *first_gates = call->gates + t * shape->gates_step + unit, *first_y = call->y + t * shape->y_step + unit;
  for (long i = 0; i < call->rows; i++) {
    float *gates = first_gates + i * shape->gates_row, *products = z + i * z_row;
    UNROLLED for (int gate = 0; gate < 4; gate++)
      WIDE(prefetch_next)(gates + gate * hidden, unit, hidden, direction * shape->gates_step);
    if (t >= recurrent_length(call, i)) {
      for (int gate = 0; gate < 4; gate++) memset(gates + gate * hidden, 0, (size_t)used * sizeof(float));
      continue;
    }
    lanes x[4];
    UNROLLED for (int part = 0; part < 4; part++) {
      long gate = part / 2, at = part % 2 * LANE_COUNT, column = gate * TILE_COLUMNS + at;
      x[part] = WIDE(load)(products + column) + WIDE(load)(bias + column)
              + WIDE(load_some)(gates + gate * hidden + at, used - at);
    }
    WIDE(sigmoids)(4, x);
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT, count = used - at;
      lanes product = WIDE(load)(products + candidates + at) + WIDE(load)(bias + candidates + at);
      lanes sum = WIDE(load_some)(gates + 2 * hidden + at, count) + x[half] * product;
      WIDE(store_some)(gates + at, count, x[half]);
      WIDE(store_some)(gates + hidden + at, count, x[2 + half]);
      WIDE(store_some)(gates + 3 * hidden + at, count, product);
      WIDE(store)(products + candidates + at, sum);
    }
  }
  // A loop of its own, so that the processor need not wait for the reset gate to begin the next row.
  for (long i = 0; i < call->rows; i += 2) {
    const float *sums = z + i * z_row + candidates;
    lanes candidate[4] = {
      WIDE(load)(sums), WIDE(load)(sums + LANE_COUNT), WIDE(load)(sums + z_row), WIDE(load)(sums + z_row + LANE_COUNT)};
    WIDE(tangents)(4, candidate);
    UNROLLED for (int second = 0; second < 2; second++) {
      long at_row = i + second;
      if (at_row == call->rows) break;
      float *gates = first_gates + at_row * shape->gates_row, *y = first_y + at_row * shape->y_row;
      const float *from = previous + at_row * row + unit;
      float *state = next + at_row * row + unit;
      WIDE(prefetch_next)(y, unit, hidden, direction * shape->y_step);
      if (t >= recurrent_length(call, at_row)) {
        memcpy(state, from, (size_t)used * sizeof(float));
        memset(y, 0, (size_t)used * sizeof(float));
        continue;
      }
      UNROLLED for (int half = 0; half < 2; half++) {
        long at = half * LANE_COUNT, count = used - at;
        lanes n = candidate[2 * second + half];
        lanes h = n + WIDE(load_some)(gates + hidden + at, count) * (WIDE(load)(from + at) - n);
        WIDE(store_some)(gates + 2 * hidden + at, count, n);
        WIDE(store_some)(y + at, count, h);
        WIDE(store)(state + at, h);
      }
    }
  }
}

INLINED void WIDE(gru_cell)(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next) {
  if (used == TILE_COLUMNS) WIDE(gru_tile)(call, t, unit, TILE_COLUMNS, z, previous, next);
  else WIDE(gru_tile)(call, t, unit, used, z, previous, next);
}

INLINED void WIDE(gru_gradient_tile)(
  const recurrent_call *call, long t, long unit, const long used, const float *z, float *next) {
  const assay_recurrence *shape = call->shape;
  const long hidden = shape->hidden, next_row = recurrent_row(3 * hidden), direction = shape->reverse ? 1 : -1;
  for (long i = 0; i < call->rows; i++, z += TILE_COLUMNS) {
    const float *gates = call->gates + i * shape->gates_row + t * shape->gates_step + unit;
    const float *dy = call->dy ? call->dy + i * shape->dy_row + t * shape->dy_step + unit : 0;
    float *dgates = call->dgates + i * shape->gates_row + t * shape->gates_step + unit;
    float *carried = call->carried + i * call->state_row + unit, *to = next + i * next_row + unit;
    UNROLLED for (int gate = 0; gate < 4; gate++)
      WIDE(prefetch_next)(gates + gate * hidden, unit, hidden, direction * shape->gates_step);
    if (dy) WIDE(prefetch_next)(dy, unit, hidden, direction * shape->dy_step);
    if (t >= recurrent_length(call, i)) {
      for (long j = 0; j < used; j++) carried[j] += z[j];
      for (int gate = 0; gate < 4; gate++) {
        memset(dgates + gate * hidden, 0, (size_t)used * sizeof(float));
        if (gate < 3) memset(to + gate * hidden, 0, (size_t)used * sizeof(float));
      }
      continue;
    }
    long before = recurrent_before(call, i, t);
    const float *h_before = before >= 0 ? call->y + i * shape->y_row + before * shape->y_step + unit
                          : call->h0    ? call->h0 + i * hidden + unit
                                        : 0;
    if (h_before) WIDE(prefetch_next)(h_before, unit, hidden, direction * shape->y_step);
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT, count = used - at;
      lanes reset = WIDE(load_some)(gates + at, count), keep = WIDE(load_some)(gates + hidden + at, count);
      lanes candidate = WIDE(load_some)(gates + 2 * hidden + at, count);
      lanes product = WIDE(load_some)(gates + 3 * hidden + at, count);
      lanes before_h = h_before ? WIDE(load_some)(h_before + at, count) : WIDE(splat)(0);
      lanes dh = WIDE(load)(z + at) + WIDE(load)(carried + at);
      if (dy) dh += WIDE(load_some)(dy + at, count);
      lanes d_candidate = dh * (1 - keep) * (1 - candidate * candidate);
      lanes d_keep = dh * (before_h - candidate) * keep * (1 - keep);
      lanes d_reset = d_candidate * product * reset * (1 - reset), d_product = d_candidate * reset;
      WIDE(store)(carried + at, dh * keep);
      WIDE(store_some)(dgates + at, count, d_reset);
      WIDE(store_some)(dgates + hidden + at, count, d_keep);
      WIDE(store_some)(dgates + 2 * hidden + at, count, d_candidate);
      WIDE(store_some)(dgates + 3 * hidden + at, count, d_product);
      WIDE(store_some)(to + at, count, d_reset);
      WIDE(store_some)(to + hidden + at, count, d_keep);
      WIDE(store_some)(to + 2 * hidden + at, count, d_product);
    }
  }
}

INLINED void WIDE(gru_gradient)(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next) {
  (void)previous;
  if (used == TILE_COLUMNS) WIDE(gru_gradient_tile)(call, t, unit, TILE_COLUMNS, z, next);
  else WIDE(gru_gradient_tile)(call, t, unit, used, z, next);
}

static void WIDE(gru_forward)(const recurrent_call *call, float *h_final) {
  WIDE(recurrent_forward)(call, 3, WIDE(gru_cell), h_final);
}

static void WIDE(gru_backward)(const recurrent_call *call) {
  WIDE(recurrent_backward)(call, 3, WIDE(gru_gradient));
}
