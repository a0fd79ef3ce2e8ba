#include "CKernels.h"

#include <math.h>
#include <string.h>

#include "AttentionShape.h"

// Whole tiles of every width, and two blocks of scores that the first cache about holds.
enum {
  BACKWARD_QUERIES = 48,
  BACKWARD_KEYS = 64,
  // A last tile computes rows in excess.
  BACKWARD_ROOM = BACKWARD_KEYS + 12,
  BACKWARD_SCORES_ROW = BACKWARD_KEYS + 16
};

#define EACH_WIDTH "AttentionBackwardPaths.h"
#include "EachWidth.h"

long assay_attention_backward_scratch(const assay_attention *shape) {
  return 2 * BACKWARD_KEYS * shape->dim
       + (BACKWARD_KEYS + 2 * BACKWARD_ROOM + 3 * BACKWARD_QUERIES) * scratch_row(shape->dim)
       + 2 * BACKWARD_QUERIES * BACKWARD_SCORES_ROW + shape->group * shape->queries;
}

void assay_attention_backward(
  const assay_attention *shape, const float *q, const float *k, const float *v, long key_count, const float *mask,
  const float *out, const float *lse, const float *dout, float *dq, float *dk, float *dv, float *scratch) {
  WIDEST(backward)(shape, q, k, v, key_count, mask, out, lse, dout, dq, dk, dv, scratch);
}
