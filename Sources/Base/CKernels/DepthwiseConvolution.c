#include <string.h>

#include "ConvolutionWalk.h"
#include "Processor.h"

// Convolutions with a group per input channel: no sums over channels, so vectors run over channels, and a tile of
// pixels (or, for the weights' gradient, of taps) is held in registers, so that a weight (or a number of dy) is loaded
// once for all of them.

#pragma clang fp contract(fast)

typedef float lanes16 __attribute__((vector_size(64), aligned(4)));
typedef float lanes4 __attribute__((vector_size(16), aligned(4)));

#define INLINE static inline __attribute__((always_inline))
#define EACH(INDEX, COUNT) _Pragma("clang loop unroll(full)") for (long INDEX = 0; INDEX < COUNT; INDEX++)

/// The pixels, or taps, of a tile.
enum { TILE = 6 };

/// What the tiles of a strip have in common: the taps and the distances between them in x, and what follows the sum.
typedef struct {
  long lanes, tap_rows, tap_columns, row_step, column_step, pixel_step;
  const float *bias;
  int relu, accumulate;
} grid;

// Negative numbers become zero; not-a-number stays.
#define POSITIVE(X) (__typeof__(X))((__typeof__((X) < 0))(X) & ~((X) < 0))
#define POSITIVE_NUMBER(X) ((X) < 0 ? 0 : (X))

// One vector of lanes of COUNT pixels, which are stored `step` apart.
#define PIXELS(NAME, LANES, COUNT, CLIPPED)                                                           \
  INLINE void NAME(const grid *g, const float *x, const float *w, long lane, float *to, long step) {  \
    LANES sum[COUNT];                                                                                 \
    EACH(t, COUNT) sum[t] = (LANES){0};                                                               \
    x += lane, w += lane, to += lane;                                                                 \
    for (long r = 0; r < g->tap_rows; r++) {                                                          \
      const float *at = x + r * g->row_step;                                                          \
      for (long c = 0; c < g->tap_columns; c++, at += g->column_step, w += g->lanes) {                \
        LANES weight = *(const LANES *)w;                                                             \
        EACH(t, COUNT) sum[t] += *(const LANES *)(at + t * g->pixel_step) * weight;                   \
      }                                                                                               \
    }                                                                                                 \
    if (g->accumulate) EACH(t, COUNT) sum[t] += *(const LANES *)(to + t * step);                      \
    if (g->bias) EACH(t, COUNT) sum[t] += *(const LANES *)(g->bias + lane);                           \
    if (g->relu) EACH(t, COUNT) sum[t] = CLIPPED(sum[t]);                                             \
    EACH(t, COUNT) *(LANES *)(to + t * step) = sum[t];                                                \
  }
PIXELS(pixels_16, lanes16, TILE, POSITIVE)
PIXELS(pixels_4, lanes4, TILE, POSITIVE)
PIXELS(pixels_1, float, TILE, POSITIVE_NUMBER)
PIXELS(pixel_16, lanes16, 1, POSITIVE)
PIXELS(pixel_4, lanes4, 1, POSITIVE)
PIXELS(pixel_1, float, 1, POSITIVE_NUMBER)

INLINE void sum_tile(const grid *g, long count, const float *x, const float *w, float *to, long step) {
  long lane = 0;
  if (count == TILE) {
    for (; lane + 16 <= g->lanes; lane += 16) pixels_16(g, x, w, lane, to, step);
    for (; lane + 4 <= g->lanes; lane += 4) pixels_4(g, x, w, lane, to, step);
    for (; lane < g->lanes; lane++) pixels_1(g, x, w, lane, to, step);
    return;
  }
  for (long t = 0; t < count; t++, x += g->pixel_step, to += step) {
    for (lane = 0; lane + 16 <= g->lanes; lane += 16) pixel_16(g, x, w, lane, to, step);
    for (; lane + 4 <= g->lanes; lane += 4) pixel_4(g, x, w, lane, to, step);
    for (; lane < g->lanes; lane++) pixel_1(g, x, w, lane, to, step);
  }
}

INLINE grid grid_of(const conv_walk *walk, const conv_strip *strip) {
  return (grid){conv_larger(walk->in_channels, walk->out_channels), walk->rows.taps, walk->columns.taps,
                walk->rows.step * strip->row_pitch, walk->columns.step * strip->pixel_pitch,
                walk->columns.stride * strip->pixel_pitch, 0, 0, 0};
}

long conv_depthwise_scratch(const conv_walk *walk) {
  return TILE * conv_larger(walk->in_channels, walk->out_channels);
}

ASSAY_CLONES void conv_depthwise_strip(
  const conv_walk *walk, const conv_strip *strip, const float *packed, const assay_gemm_finish *finish,
  float *scratch) {
  grid g = grid_of(walk, strip);
  long channels = walk->out_channels, multiplier = g.lanes / channels, step = walk->columns.spread * channels;
  if (multiplier == 1) {
    g.bias = finish->bias, g.relu = finish->activation == ASSAY_RELU, g.accumulate = finish->accumulate;
  }
  for (long row = 0; row < strip->count; row++) {
    float *to = conv_stored(walk, strip->first + row);
    const float *x = strip->row[row];
    for (long column = 0; column < walk->columns.outputs; column += TILE) {
      long count = conv_smaller(walk->columns.outputs - column, TILE);
      const float *begin = x + column * g.pixel_step;
      if (multiplier == 1) {
        sum_tile(&g, count, begin, packed, to + column * step, step);
        continue;
      }
      // The gradient of an input channel that has several output channels: no bias, no activation.
      sum_tile(&g, count, begin, packed, scratch, g.lanes);
      for (long i = 0; i < count * channels; i++) {
        float *at = to + (column + i / channels) * step + i % channels, sum = finish->accumulate ? *at : 0;
        for (long k = 0; k < multiplier; k++) sum += scratch[i * multiplier + k];
        *at = sum;
      }
    }
  }
}

// The sums for COUNT taps and one vector of lanes over all pixels of a strip.
#define TAPS(NAME, LANES, COUNT)                                                                                    \
  INLINE void NAME(                                                                                                 \
    const grid *g, const conv_strip *strip, long columns, const long *offset, long lane, const float *dy, float *dw, \
    int accumulate) {                                                                                               \
    LANES sum[COUNT];                                                                                               \
    EACH(t, COUNT) sum[t] = (LANES){0};                                                                             \
    for (long row = 0; row < strip->count; row++) {                                                                 \
      const float *x[COUNT];                                                                                        \
      EACH(t, COUNT) x[t] = strip->row[row] + offset[t] + lane;                                                     \
      const float *at = dy + row * columns * g->lanes + lane;                                                       \
      for (long c = 0, p = 0; c < columns; c++, p += g->pixel_step, at += g->lanes) {                               \
        LANES gradient = *(const LANES *)at;                                                                        \
        EACH(t, COUNT) sum[t] += *(const LANES *)(x[t] + p) * gradient;                                             \
      }                                                                                                             \
    }                                                                                                               \
    EACH(t, COUNT) {                                                                                                \
      LANES *to = (LANES *)(dw + t * g->lanes + lane);                                                              \
      *to = accumulate ? *to + sum[t] : sum[t];                                                                     \
    }                                                                                                               \
  }
TAPS(taps_16, lanes16, TILE)
TAPS(taps_4, lanes4, TILE)
TAPS(taps_1, float, TILE)
TAPS(row_16, lanes16, 3)
TAPS(row_4, lanes4, 3)
TAPS(row_1, float, 3)
TAPS(tap_16, lanes16, 1)
TAPS(tap_4, lanes4, 1)
TAPS(tap_1, float, 1)

ASSAY_CLONES void conv_depthwise_weight_gradient(
  const conv_walk *walk, const conv_strip *strip, const float *dy, long first_tap, long last_tap, float *dw,
  int accumulate, float *scratch) {
  grid g = grid_of(walk, strip);
  long columns = walk->columns.outputs, numbers = strip->count * columns * g.lanes;
  dy += strip->first * columns * g.lanes;
  if (walk->bfloat16) {
    memcpy(scratch, dy, (size_t)numbers * sizeof(float));
    assay_round_bfloat16(scratch, numbers);
    dy = scratch;
  }
#define RUN(KIND) \
  for (; lane + 16 <= g.lanes; lane += 16) KIND##_16(&g, strip, columns, offset, lane, dy, to, accumulate); \
  for (; lane + 4 <= g.lanes; lane += 4) KIND##_4(&g, strip, columns, offset, lane, dy, to, accumulate);    \
  for (; lane < g.lanes; lane++) KIND##_1(&g, strip, columns, offset, lane, dy, to, accumulate);
  for (long tap = first_tap; tap < last_tap;) {
    long count = last_tap - tap >= TILE ? TILE : last_tap - tap >= 3 ? 3 : 1, lane = 0, offset[TILE];
    for (long t = 0; t < count; t++) {
      offset[t] = (tap + t) / g.tap_columns * g.row_step + (tap + t) % g.tap_columns * g.column_step;
    }
    float *to = dw + tap * g.lanes;
    if (count == TILE) {
      RUN(taps)
    } else if (count == 3) {
      RUN(row)
    } else {
      RUN(tap)
    }
    tap += count;
  }
}
