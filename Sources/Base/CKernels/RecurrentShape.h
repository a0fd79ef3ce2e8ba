// What the recurrent layers share.
#ifndef ASSAY_RECURRENT_SHAPE_H
#define ASSAY_RECURRENT_SHAPE_H

#include <string.h>

#include "CKernels.h"

// Inner indices in a block of a product: a panel of the weights of that depth stays in the first cache.
enum { RECURRENT_DEPTH = 256 };

// A last tile computes up to this many rows in excess.
enum { RECURRENT_EXCESS = 12 };

// Whole tiles of the widest registers, and an odd number of cache lines.
static inline long recurrent_row(long columns) { return (columns + 31) / 32 * 32 + 16; }

// The arguments of a pass, and where the parts of its scratch begin. The forward pass does not write to what is
// constant in its public function.
typedef struct {
  const assay_recurrence *shape;
  long rows;
  int relu;
  const float *packed, *bias, *h0, *c0;
  const long *lengths;
  float *gates, *y, *cells;
  const float *dy, *dh_final;
  float *dgates, *dh0;
  // Scratch, rows of `state_row` numbers: the cells or their gradients, and what of the states' gradients does not pass
  // through the product.
  long state_row;
  float *cell, *carried;
  // The free rest of the scratch.
  float *scratch;
} recurrent_call;

static inline recurrent_call recurrent_prepare(
  const assay_recurrence *shape, long rows, const float *packed, const long *lengths, float *scratch) {
  recurrent_call call = {.shape = shape, .rows = rows, .packed = packed, .lengths = lengths};
  call.state_row = recurrent_row(shape->hidden);
  call.cell = scratch;
  call.carried = call.cell + rows * call.state_row;
  call.scratch = call.carried + rows * call.state_row;
  if (scratch) memset(scratch, 0, (size_t)(2 * rows * call.state_row) * sizeof(float));
  return call;
}

// The steps in which a row's state changes are those below this.
static inline long recurrent_length(const recurrent_call *call, long row) {
  return call->lengths && call->lengths[row] < call->shape->steps ? call->lengths[row] : call->shape->steps;
}

// The step before step t of a row, or -1 where t is the first in the order of time.
static inline long recurrent_before(const recurrent_call *call, long row, long t) {
  if (!call->shape->reverse) return t - 1;
  return t + 1 < recurrent_length(call, row) ? t + 1 : -1;
}

// Masks of the first lanes of eight: those from 8 - count on.
static const int some_lanes[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

// Copies states, or zeros where there are none, between rows of different lengths.
static inline void recurrent_copy(long rows, long hidden, const float *from, long from_row, float *to, long to_row) {
  if (!to) return;
  for (long i = 0; i < rows; i++) {
    if (from) memcpy(to + i * to_row, from + i * from_row, (size_t)hidden * sizeof(float));
    else memset(to + i * to_row, 0, (size_t)hidden * sizeof(float));
  }
}

#endif
