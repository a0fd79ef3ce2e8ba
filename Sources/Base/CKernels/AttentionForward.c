#include "CKernels.h"

#include <math.h>
#include <string.h>

#include "AttentionShape.h"

// Whole tiles of every width; the scores of one block and the panels that meet them stay in the first cache.
enum {
  FORWARD_QUERIES = 24,
  FORWARD_KEYS = 128,
  FORWARD_SCORES_ROW = FORWARD_KEYS + 16,
  // Whole registers for the numbers that each query has.
  FORWARD_ROOM = 32
};

#define EACH_WIDTH "AttentionForwardPaths.h"
#include "EachWidth.h"

long assay_attention_forward_scratch(const assay_attention *shape) {
  return whole_tiles(shape->keys) * shape->dim + (shape->keys + 2 * FORWARD_QUERIES) * scratch_row(shape->dim)
       + FORWARD_QUERIES * FORWARD_SCORES_ROW;
}

void assay_attention_forward(
  const assay_attention *shape, const float *q, const float *k, const float *v, long key_count, const float *mask,
  float *out, float *lse, float *scratch) {
  WIDEST(forward)(shape, q, k, v, key_count, mask, out, lse, scratch);
}
