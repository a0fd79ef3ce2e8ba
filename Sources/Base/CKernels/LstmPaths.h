// Long short-term memory for one register width; included by EachWidth.h.
#include "RecurrentSteps.h"

INLINED void WIDE(lstm_tile)(
  const recurrent_call *call, long t, long unit, const long used, const float *z, const float *previous, float *next) {
  const assay_recurrence *shape = call->shape;
  const long hidden = shape->hidden, row = call->state_row, direction = shape->reverse ? -1 : 1;
  const float factor[4] = {SIGMOID_FACTOR, SIGMOID_FACTOR, TANGENT_FACTOR, SIGMOID_FACTOR};
  float *first_gates = call->gates + t * shape->gates_step + unit, *first_y = call->y + t * shape->y_step + unit;
  float *first_cells = call->cells + t * shape->cells_step + unit;
  for (long i = 0; i < call->rows; i++, z += 4 * TILE_COLUMNS) {
    float *gates = first_gates + i * shape->gates_row, *cells = first_cells + i * shape->cells_row;
    float *cell = call->cell + i * row + unit;
    UNROLLED for (int gate = 0; gate < 4; gate++)
      WIDE(prefetch_next)(gates + gate * hidden, unit, hidden, direction * shape->gates_step);
    WIDE(prefetch_next)(cells, unit, hidden, direction * shape->cells_step);
    if (t >= recurrent_length(call, i)) {
      for (int gate = 0; gate < 4; gate++) memset(gates + gate * hidden, 0, (size_t)used * sizeof(float));
      memcpy(cells, cell, (size_t)used * sizeof(float));
      continue;
    }
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT, count = used - at;
      lanes x[4];
      UNROLLED for (int gate = 0; gate < 4; gate++)
        x[gate] = WIDE(load)(z + gate * TILE_COLUMNS + at) + WIDE(load_some)(gates + gate * hidden + at, count);
      WIDE(activations)(4, factor, x);
      UNROLLED for (int gate = 0; gate < 4; gate++) WIDE(store_some)(gates + gate * hidden + at, count, x[gate]);
      lanes c = x[1] * WIDE(load)(cell + at) + x[0] * x[2];
      WIDE(store_some)(cells + at, count, c);
      WIDE(store)(cell + at, c);
    }
  }
  for (long i = 0; i < call->rows; i += 2) {
    const float *cell = call->cell + i * row + unit;
    // Behind the last row is other scratch.
    lanes squashed[4] = {
      WIDE(load)(cell), WIDE(load)(cell + LANE_COUNT), WIDE(load)(cell + row), WIDE(load)(cell + row + LANE_COUNT)};
    WIDE(tangents)(4, squashed);
    UNROLLED for (int second = 0; second < 2; second++) {
      long at_row = i + second;
      if (at_row == call->rows) break;
      const float *out = first_gates + at_row * shape->gates_row + 3 * hidden;
      float *y = first_y + at_row * shape->y_row, *state = next + at_row * row + unit;
      WIDE(prefetch_next)(y, unit, hidden, direction * shape->y_step);
      if (t >= recurrent_length(call, at_row)) {
        memcpy(state, previous + at_row * row + unit, (size_t)used * sizeof(float));
        memset(y, 0, (size_t)used * sizeof(float));
        continue;
      }
      UNROLLED for (int half = 0; half < 2; half++) {
        long at = half * LANE_COUNT, count = used - at;
          lanes h = WIDE(load_some)(out + at, count) * squashed[2 * second + half];
        WIDE(store_some)(y + at, count, h);
        WIDE(store)(state + at, h);
      }
    }
  }
}

INLINED void WIDE(lstm_cell)(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next) {
  if (used == TILE_COLUMNS) WIDE(lstm_tile)(call, t, unit, TILE_COLUMNS, z, previous, next);
  else WIDE(lstm_tile)(call, t, unit, used, z, previous, next);
}

INLINED void WIDE(lstm_gradient_tile)(
  const recurrent_call *call, long t, long unit, const long used, float *z, float *next) {
  const assay_recurrence *shape = call->shape;
  const long hidden = shape->hidden, next_row = recurrent_row(4 * hidden), direction = shape->reverse ? 1 : -1;
  const float *first_cells = call->cells + t * shape->cells_step + unit;
  float *squashed = z + (call->rows + RECURRENT_EXCESS) * TILE_COLUMNS;
  for (long i = 0; i < call->rows; i += 2) {
    const float *cells = first_cells + i * shape->cells_row;
    const float *below = i + 1 < call->rows ? cells + shape->cells_row : cells;
    lanes c[4];
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT, count = used - at;
      c[half] = WIDE(load_some)(cells + at, count);
      c[2 + half] = WIDE(load_some)(below + at, count);
    }
    WIDE(tangents)(4, c);
    UNROLLED for (int part = 0; part < 4; part++)
      WIDE(store)(squashed + i * TILE_COLUMNS + part * LANE_COUNT, c[part]);
  }
  for (long i = 0; i < call->rows; i++, z += TILE_COLUMNS, squashed += TILE_COLUMNS) {
    const float *gates = call->gates + i * shape->gates_row + t * shape->gates_step + unit;
    const float *dy = call->dy ? call->dy + i * shape->dy_row + t * shape->dy_step + unit : 0;
    float *dgates = call->dgates + i * shape->gates_row + t * shape->gates_step + unit;
    float *dc = call->cell + i * call->state_row + unit, *carried = call->carried + i * call->state_row + unit;
    float *to = next + i * next_row + unit;
    UNROLLED for (int gate = 0; gate < 4; gate++)
      WIDE(prefetch_next)(gates + gate * hidden, unit, hidden, direction * shape->gates_step);
    if (dy) WIDE(prefetch_next)(dy, unit, hidden, direction * shape->dy_step);
    long before = recurrent_before(call, i, t);
    const float *c_before = before >= 0 ? call->cells + i * shape->cells_row + before * shape->cells_step + unit
                          : call->c0    ? call->c0 + i * hidden + unit
                                        : 0;
    if (c_before) WIDE(prefetch_next)(c_before, unit, hidden, direction * shape->cells_step);
    if (t >= recurrent_length(call, i)) {
      for (long j = 0; j < used; j++) carried[j] += z[j];
      for (int gate = 0; gate < 4; gate++) {
        memset(dgates + gate * hidden, 0, (size_t)used * sizeof(float));
        memset(to + gate * hidden, 0, (size_t)used * sizeof(float));
      }
      continue;
    }
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT, count = used - at;
      lanes in = WIDE(load_some)(gates + at, count), forget = WIDE(load_some)(gates + hidden + at, count);
      lanes candidate = WIDE(load_some)(gates + 2 * hidden + at, count);
      lanes out = WIDE(load_some)(gates + 3 * hidden + at, count), h = WIDE(load)(squashed + at);
      lanes dh = WIDE(load)(z + at) + WIDE(load)(carried + at);
      if (dy) dh += WIDE(load_some)(dy + at, count);
      lanes slope = WIDE(load)(dc + at) + dh * out * (1 - h * h);
      lanes before_c = c_before ? WIDE(load_some)(c_before + at, count) : WIDE(splat)(0);
      lanes d[4] = {
        slope * candidate * in * (1 - in), slope * before_c * forget * (1 - forget),
        slope * in * (1 - candidate * candidate), dh * h * out * (1 - out)};
      WIDE(store)(carried + at, WIDE(splat)(0));
      WIDE(store)(dc + at, slope * forget);
      UNROLLED for (int gate = 0; gate < 4; gate++) {
        WIDE(store_some)(dgates + gate * hidden + at, count, d[gate]);
        WIDE(store_some)(to + gate * hidden + at, count, d[gate]);
      }
    }
  }
}

INLINED void WIDE(lstm_gradient)(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next) {
  (void)previous;
  if (used == TILE_COLUMNS) WIDE(lstm_gradient_tile)(call, t, unit, TILE_COLUMNS, z, next);
  else WIDE(lstm_gradient_tile)(call, t, unit, used, z, next);
}

static void WIDE(lstm_forward)(const recurrent_call *call, float *h_final) {
  WIDE(recurrent_forward)(call, 4, WIDE(lstm_cell), h_final);
}

static void WIDE(lstm_backward)(const recurrent_call *call) {
  WIDE(recurrent_backward)(call, 4, WIDE(lstm_gradient));
}
