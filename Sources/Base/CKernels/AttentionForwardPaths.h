// The forward pass of attention for one register width; included by EachWidth.h.
#include "TileProducts.h"

// The scores of `count` registers become weights and are added to sixteen sums.
INLINED void WIDE(add_weights)(const int count, float *scores, lanes largest, lanes *sum) {
  lanes x[LARGEST_GROUP];
  UNROLLED for (int i = 0; i < count; i++) x[i] = WIDE(load)(scores + i * LANE_COUNT) - largest;
  WIDE(exponentials)(count, x);
  UNROLLED for (int i = 0; i < count; i++) {
    WIDE(store)(scores + i * LANE_COUNT, x[i]);
    sum[i % (16 / LANE_COUNT)] += x[i];
  }
}

// Masks the scores of a block of queries and keys, raises the queries' running maxima, and turns the scores into
// weights 2^(score - maximum); `factor` is what earlier weights of the same query have to be multiplied by.
static void WIDE(softmax)(
  const assay_attention *shape, long first_query, long rows, long first_key, long columns, long key_count,
  const float *mask, float *scores, float *maximum, float *total, float *factor) {
  for (long i = 0; i < rows; i++) {
    float *row = scores + i * FORWARD_SCORES_ROW;
    long seen = seen_keys(shape, key_count, first_query + i) - first_key;
    seen = seen < 0 ? 0 : smaller(seen, columns);
    if (mask) {
      const float *extra = mask + (first_query + i) * shape->mask_row + first_key;
      for (long j = 0; j < seen; j++) row[j] += ASSAY_LOG2_E * extra[j];
    }
    for (long j = seen; j < columns; j++) row[j] = -INFINITY;
    lanes best = WIDE(load)(row), other = WIDE(load)(row + LANE_COUNT);
    for (long j = TILE_COLUMNS; j < columns; j += TILE_COLUMNS) {
      lanes left = WIDE(load)(row + j), right = WIDE(load)(row + j + LANE_COUNT);
      best = left > best ? left : best;
      other = right > other ? right : other;
    }
    best = other > best ? other : best;
    float largest = WIDE(largest)(best);
    if (!(largest > maximum[i])) largest = maximum[i];
    factor[i] = maximum[i] - largest;
    maximum[i] = largest;
  }
  for (long i = 0; i < rows; i += LANE_COUNT) {
    lanes x = WIDE(load)(factor + i);
    WIDE(exponentials)(1, &x);
    WIDE(store)(factor + i, x);
  }
  for (long i = 0; i < rows; i++) {
    float *row = scores + i * FORWARD_SCORES_ROW;
    lanes largest = WIDE(splat)(maximum[i]), sum[16 / LANE_COUNT];
    UNROLLED for (int part = 0; part < 16 / LANE_COUNT; part++) sum[part] = WIDE(splat)(0);
    long j = 0;
    for (; j + 4 * LANE_COUNT <= columns; j += 4 * LANE_COUNT)
      WIDE(add_weights)(4, row + j, largest, sum);
    for (; j < columns; j += 16) WIDE(add_weights)(16 / LANE_COUNT, row + j, largest, sum);
    total[i] = total[i] * factor[i] + WIDE(sum_of_sixteen)(sum);
  }
}

static void WIDE(forward)(
  const assay_attention *shape, const float *q, const float *k, const float *v, long key_count, const float *mask,
  float *out, float *lse, float *scratch) {
  const long dim = shape->dim, dim_row = scratch_row(dim);
  const long width = (dim + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS;
  key_count = smaller(key_count, shape->keys);
  float *packed_k = scratch, *packed_v = packed_k + whole_tiles(shape->keys) * dim;
  float *queries = packed_v + shape->keys * dim_row, *sums = queries + FORWARD_QUERIES * dim_row;
  float *scores = sums + FORWARD_QUERIES * dim_row;
  WIDE(pack_transposed)(key_count, dim, k, shape->k_row, packed_k);
  WIDE(pack_rows)(key_count, dim, width, v, shape->v_row, 1, packed_v, dim_row);

  for (long first = 0; first < shape->queries; first += FORWARD_QUERIES) {
    long rows = smaller(shape->queries - first, FORWARD_QUERIES);
    float maximum[FORWARD_ROOM], total[FORWARD_ROOM], factor[FORWARD_ROOM] = {0};
    // Lower than any score that counts, and finite, so that differences are numbers.
    for (long i = 0; i < FORWARD_ROOM; i++) maximum[i] = -1e30f, total[i] = 0;
    const float *from = q + first * shape->q_row;
    WIDE(pack_rows)(rows, dim, dim, from, shape->q_row, shape->scale * ASSAY_LOG2_E, queries, dim_row);
    long limit = seen_keys(shape, key_count, first + rows - 1);
    for (long key = 0; key < limit; key += FORWARD_KEYS) {
      long depth = smaller(limit - key, FORWARD_KEYS);
      long columns = (depth + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS;
      WIDE(multiply)(
        rows, columns, dim, queries, dim_row, packed_k + key * dim, TILE_COLUMNS * dim, TILE_COLUMNS, scores,
        FORWARD_SCORES_ROW, 0);
      // Sixteen sums per query, whatever the width.
      columns = (columns + 15) / 16 * 16;
      WIDE(softmax)(shape, first, rows, key, columns, key_count, mask, scores, maximum, total, factor);
      if (key > 0)
        for (long i = 0; i < rows; i++) {
          if (factor[i] == 1) continue;
          float *sum = sums + i * dim_row;
          for (long d = 0; d < width; d += LANE_COUNT)
            WIDE(store)(sum + d, WIDE(load)(sum + d) * WIDE(splat)(factor[i]));
        }
      WIDE(multiply)(
        rows, width, depth, scores, FORWARD_SCORES_ROW, packed_v + key * dim_row, TILE_COLUMNS, dim_row, sums, dim_row,
        key > 0);
    }
    for (long i = 0; i < rows; i++) {
      float *to = out + (first + i) * shape->out_row;
      const float *sum = sums + i * dim_row;
      float inverse = 1 / total[i];
      if (total[i] == 0) {
        for (long d = 0; d < dim; d++) to[d] = 0;
      } else {
        long d = 0;
        for (; d + LANE_COUNT <= dim; d += LANE_COUNT) WIDE(store)(to + d, WIDE(load)(sum + d) * WIDE(splat)(inverse));
        for (; d < dim; d++) to[d] = sum[d] * inverse;
      }
      if (lse) lse[first + i] = total[i] == 0 ? -INFINITY : ASSAY_LN_2 * (maximum[i] + log2f(total[i]));
    }
  }
}
