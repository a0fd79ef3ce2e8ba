// What the forward and the backward pass of attention share.
#ifndef ASSAY_ATTENTION_SHAPE_H
#define ASSAY_ATTENTION_SHAPE_H

#include "CKernels.h"

#define ASSAY_LOG2_E 1.44269504f
#define ASSAY_LN_2 0.693147181f

// Whole tiles of the widest registers.
static inline long whole_tiles(long count) { return (count + 31) / 32 * 32; }

// The numbers from row to row of a scratch matrix: an odd number of cache lines, so that a column of tiles does not
// fall on a few sets of the first cache.
static inline long scratch_row(long columns) { return whole_tiles(columns) + 16; }

static inline long smaller(long x, long y) { return x < y ? x : y; }

// How many of the keys, from the first on, query i may see.
static inline long seen_keys(const assay_attention *shape, long key_count, long i) {
  if (!shape->causal) return key_count;
  long seen = i + shape->keys - shape->queries + 1;
  return seen < 0 ? 0 : smaller(seen, key_count);
}

#endif
