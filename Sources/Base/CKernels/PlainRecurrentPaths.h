// Plain recurrent network for one register width; included by EachWidth.h.
#include "RecurrentSteps.h"

INLINED void WIDE(plain_tile)(
  const recurrent_call *call, long t, long unit, const long used, const float *z, const float *previous, float *next) {
  const assay_recurrence *shape = call->shape;
  const long hidden = shape->hidden, direction = shape->reverse ? -1 : 1;
  for (long i = 0; i < call->rows; i++, z += TILE_COLUMNS) {
    const float *gates = call->gates + i * shape->gates_row + t * shape->gates_step + unit;
    float *y = call->y + i * shape->y_row + t * shape->y_step + unit;
    float *state = next + i * call->state_row + unit;
    WIDE(prefetch_next)(gates, unit, hidden, direction * shape->gates_step);
    WIDE(prefetch_next)(y, unit, hidden, direction * shape->y_step);
    if (t >= recurrent_length(call, i)) {
      memcpy(state, previous + i * call->state_row + unit, (size_t)used * sizeof(float));
      memset(y, 0, (size_t)used * sizeof(float));
      continue;
    }
    lanes x[2];
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT;
      x[half] = WIDE(load)(z + at) + WIDE(load_some)(gates + at, used - at);
    }
    if (call->relu) {
      UNROLLED for (int half = 0; half < 2; half++) x[half] = x[half] < WIDE(splat)(0) ? WIDE(splat)(0) : x[half];
    } else {
      WIDE(tangents)(2, x);
    }
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT;
      WIDE(store_some)(y + at, used - at, x[half]);
      WIDE(store)(state + at, x[half]);
    }
  }
}

INLINED void WIDE(plain_cell)(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next) {
  if (used == TILE_COLUMNS) WIDE(plain_tile)(call, t, unit, TILE_COLUMNS, z, previous, next);
  else WIDE(plain_tile)(call, t, unit, used, z, previous, next);
}

INLINED void WIDE(plain_gradient_tile)(
  const recurrent_call *call, long t, long unit, const long used, const float *z, float *next) {
  const assay_recurrence *shape = call->shape;
  const long hidden = shape->hidden, next_row = recurrent_row(hidden), direction = shape->reverse ? 1 : -1;
  for (long i = 0; i < call->rows; i++, z += TILE_COLUMNS) {
    const float *y = call->y + i * shape->y_row + t * shape->y_step + unit;
    const float *dy = call->dy ? call->dy + i * shape->dy_row + t * shape->dy_step + unit : 0;
    float *dgates = call->dgates + i * shape->gates_row + t * shape->gates_step + unit;
    float *carried = call->carried + i * call->state_row + unit, *to = next + i * next_row + unit;
    WIDE(prefetch_next)(y, unit, hidden, direction * shape->y_step);
    WIDE(prefetch_next)(dgates, unit, hidden, direction * shape->gates_step);
    if (dy) WIDE(prefetch_next)(dy, unit, hidden, direction * shape->dy_step);
    if (t >= recurrent_length(call, i)) {
      for (long j = 0; j < used; j++) carried[j] += z[j];
      memset(dgates, 0, (size_t)used * sizeof(float));
      memset(to, 0, (size_t)used * sizeof(float));
      continue;
    }
    UNROLLED for (int half = 0; half < 2; half++) {
      long at = half * LANE_COUNT, count = used - at;
      lanes h = WIDE(load_some)(y + at, count), zero = WIDE(splat)(0);
      lanes dh = WIDE(load)(z + at) + WIDE(load)(carried + at);
      if (dy) dh += WIDE(load_some)(dy + at, count);
      lanes d = call->relu ? h > zero ? dh : zero : dh * (1 - h * h);
      WIDE(store)(carried + at, zero);
      WIDE(store_some)(dgates + at, count, d);
      WIDE(store_some)(to + at, count, d);
    }
  }
}

INLINED void WIDE(plain_gradient)(
  const recurrent_call *call, long t, long unit, long used, float *z, const float *previous, float *next) {
  (void)previous;
  if (used == TILE_COLUMNS) WIDE(plain_gradient_tile)(call, t, unit, TILE_COLUMNS, z, next);
  else WIDE(plain_gradient_tile)(call, t, unit, used, z, next);
}

static void WIDE(plain_forward)(const recurrent_call *call, float *h_final) {
  WIDE(recurrent_forward)(call, 1, WIDE(plain_cell), h_final);
}

static void WIDE(plain_backward)(const recurrent_call *call) {
  WIDE(recurrent_backward)(call, 1, WIDE(plain_gradient));
}
