// The backward pass of attention for one register width; included by EachWidth.h.
#include "TileProducts.h"

INLINED void WIDE(weigh)(const int count, float *scores, float *slopes, lanes level, lanes centre) {
  lanes x[LARGEST_GROUP];
  UNROLLED for (int i = 0; i < count; i++) x[i] = WIDE(load)(scores + i * LANE_COUNT) - level;
  WIDE(exponentials)(count, x);
  UNROLLED for (int i = 0; i < count; i++) {
    WIDE(store)(scores + i * LANE_COUNT, x[i]);
    WIDE(store)(slopes + i * LANE_COUNT, x[i] * (WIDE(load)(slopes + i * LANE_COUNT) - centre));
  }
}

// The scores of one query become its weights p, and the products dp of its incoming gradient with the values become the
// slopes of the scores, p (dp - dot), where dot is the sum of p dp over all keys.
INLINED void WIDE(weights_and_slopes)(
  long columns, long seen, const float *mask, float lse, float dot, float *scores, float *slopes) {
  if (mask)
    for (long j = 0; j < seen; j++) scores[j] += ASSAY_LOG2_E * mask[j];
  for (long j = seen; j < columns; j++) scores[j] = -INFINITY;
  lanes level = WIDE(splat)(lse), centre = WIDE(splat)(dot);
  long j = 0;
  for (; j + 4 * LANE_COUNT <= columns; j += 4 * LANE_COUNT)
    WIDE(weigh)(4, scores + j, slopes + j, level, centre);
  for (; j < columns; j += TILE_COLUMNS) WIDE(weigh)(2, scores + j, slopes + j, level, centre);
}

INLINED float WIDE(dot)(long count, const float *x, const float *y) {
  lanes sum[16 / LANE_COUNT];
  UNROLLED for (int part = 0; part < 16 / LANE_COUNT; part++) sum[part] = WIDE(splat)(0);
  long d = 0;
  for (; d + 16 <= count; d += 16)
    UNROLLED for (int part = 0; part < 16 / LANE_COUNT; part++)
      sum[part] += WIDE(load)(x + d + part * LANE_COUNT) * WIDE(load)(y + d + part * LANE_COUNT);
  float total = WIDE(sum_of_sixteen)(sum);
  for (; d < count; d++) total += x[d] * y[d];
  return total;
}

// to = (or +=) from * factor, row by row.
INLINED void WIDE(write_rows)(
  long rows, long columns, const float *from, long from_row, float factor, float *to, long to_row, int add) {
  for (long i = 0; i < rows; i++, from += from_row, to += to_row) {
    long d = 0;
    for (; d + LANE_COUNT <= columns; d += LANE_COUNT) {
      lanes x = WIDE(load)(from + d) * WIDE(splat)(factor);
      WIDE(store)(to + d, add ? WIDE(load)(to + d) + x : x);
    }
    for (; d < columns; d++) to[d] = add ? to[d] + from[d] * factor : from[d] * factor;
  }
}

static void WIDE(backward)(
  const assay_attention *shape, const float *q, const float *k, const float *v, long key_count, const float *mask,
  const float *out, const float *lse, const float *dout, float *dq, float *dk, float *dv, float *scratch) {
  const long dim = shape->dim, dim_row = scratch_row(dim), queries = shape->queries;
  const long width = (dim + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS;
  key_count = smaller(key_count, shape->keys);
  float *turned_k = scratch, *turned_v = turned_k + BACKWARD_KEYS * dim, *block_k = turned_v + BACKWARD_KEYS * dim;
  float *sum_k = block_k + BACKWARD_KEYS * dim_row, *sum_v = sum_k + BACKWARD_ROOM * dim_row;
  float *block_q = sum_v + BACKWARD_ROOM * dim_row, *block_out = block_q + BACKWARD_QUERIES * dim_row;
  float *block_dq = block_out + BACKWARD_QUERIES * dim_row, *scores = block_dq + BACKWARD_QUERIES * dim_row;
  float *slopes = scores + BACKWARD_QUERIES * BACKWARD_SCORES_ROW;
  float *dots = slopes + BACKWARD_QUERIES * BACKWARD_SCORES_ROW;

  for (long head = 0; head < shape->group; head++)
    for (long i = 0; i < queries; i++) {
      const float *left = dout + head * shape->dout_head + i * shape->dout_row;
      dots[head * queries + i] = WIDE(dot)(dim, left, out + head * shape->out_head + i * shape->out_row);
      memset(dq + head * shape->dq_head + i * shape->dq_row, 0, (size_t)dim * sizeof(float));
    }
  for (long key = 0; key < key_count; key += BACKWARD_KEYS) {
    long keys = smaller(key_count - key, BACKWARD_KEYS);
    WIDE(pack_transposed)(keys, dim, k + key * shape->k_row, shape->k_row, turned_k);
    WIDE(pack_transposed)(keys, dim, v + key * shape->v_row, shape->v_row, turned_v);
    WIDE(pack_rows)(keys, dim, width, k + key * shape->k_row, shape->k_row, shape->scale, block_k, dim_row);
    memset(sum_k, 0, (size_t)(2 * BACKWARD_ROOM * dim_row) * sizeof(float));
    for (long head = 0; head < shape->group; head++)
      for (long first = 0; first < queries; first += BACKWARD_QUERIES) {
        long rows = smaller(queries - first, BACKWARD_QUERIES);
        long depth = smaller(seen_keys(shape, key_count, first + rows - 1) - key, keys);
        if (depth <= 0) continue;
        long columns = (depth + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS;
        const float *from = q + head * shape->q_head + first * shape->q_row;
        WIDE(pack_rows)(rows, dim, width, from, shape->q_row, shape->scale * ASSAY_LOG2_E, block_q, dim_row);
        from = dout + head * shape->dout_head + first * shape->dout_row;
        WIDE(pack_rows)(rows, dim, width, from, shape->dout_row, 1, block_out, dim_row);
        WIDE(multiply)(
          rows, columns, dim, block_q, dim_row, turned_k, TILE_COLUMNS * dim, TILE_COLUMNS, scores,
          BACKWARD_SCORES_ROW, 0);
        WIDE(multiply)(
          rows, columns, dim, block_out, dim_row, turned_v, TILE_COLUMNS * dim, TILE_COLUMNS, slopes,
          BACKWARD_SCORES_ROW, 0);
        for (long i = 0; i < rows; i++) {
          long seen = smaller(seen_keys(shape, key_count, first + i) - key, columns);
          const float *extra = mask ? mask + head * shape->mask_head + (first + i) * shape->mask_row + key : 0;
          float level = lse[head * queries + first + i];
          // A query without keys has no weights: infinity takes every score below the range of the exponential.
          level = level == -INFINITY ? INFINITY : level * ASSAY_LOG2_E;
          WIDE(weights_and_slopes)(
            columns, seen < 0 ? 0 : seen, extra, level, dots[head * queries + first + i],
            scores + i * BACKWARD_SCORES_ROW, slopes + i * BACKWARD_SCORES_ROW);
        }
        WIDE(multiply_transposed)(
          depth, width, rows, scores, BACKWARD_SCORES_ROW, block_out, TILE_COLUMNS, dim_row, sum_v, dim_row, 1);
        WIDE(multiply_transposed)(
          depth, width, rows, slopes, BACKWARD_SCORES_ROW, block_q, TILE_COLUMNS, dim_row, sum_k, dim_row, 1);
        WIDE(multiply)(
          rows, width, depth, slopes, BACKWARD_SCORES_ROW, block_k, TILE_COLUMNS, dim_row, block_dq, dim_row, 0);
        float *to = dq + head * shape->dq_head + first * shape->dq_row;
        WIDE(write_rows)(rows, dim, block_dq, dim_row, 1, to, shape->dq_row, 1);
      }
    WIDE(write_rows)(keys, dim, sum_k, dim_row, ASSAY_LN_2, dk + key * shape->dk_row, shape->dk_row, 0);
    WIDE(write_rows)(keys, dim, sum_v, dim_row, 1, dv + key * shape->dv_row, shape->dv_row, 0);
  }
  for (long j = key_count < 0 ? 0 : key_count; j < shape->keys; j++) {
    memset(dk + j * shape->dk_row, 0, (size_t)dim * sizeof(float));
    memset(dv + j * shape->dv_row, 0, (size_t)dim * sizeof(float));
  }
}
