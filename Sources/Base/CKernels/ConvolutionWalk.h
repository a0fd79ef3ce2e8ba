// How the kinds of convolution walk over images: strips of output rows, whose input is at hand with its border.
#ifndef ASSAY_CONVOLUTION_WALK_H
#define ASSAY_CONVOLUTION_WALK_H

#include "Convolution.h"
#include "GemmMicro.h"

/// The most output rows in a strip, and the numbers of copied input at which a strip is full: a part of the
/// second-level cache.
enum { STRIP_ROWS = 128, STRIP_SIZE = 24 * 1024 };

/// A convolution, or a part of one, along an image's height or width: output position i reads the input positions
/// i * stride + origin + tap * step, and is stored at position i * spread + start.
typedef struct {
  long input, outputs, taps, step, stride, origin;
  long stored, spread, start;
} conv_axis;

typedef struct {
  conv_axis rows, columns;
  long batch, groups;
  /// Channels of the input and of what is stored, over all groups.
  long in_channels, out_channels;
  const float *x;
  float *y;
  int bfloat16;
  /// Numbers from a pixel to the next in copied input: in_channels times `copies`, or more to spread cache sets.
  long pitch;
  /// How often each input channel stands in copied input, for depthwise convolutions with a multiplier.
  long copies;
  /// Whether input must be copied even where no border is needed.
  int always_copies;
} conv_walk;

/// Some consecutive output rows, counted through all images, with where each one's input begins: tap (r, c) of column
/// i is at row[...] + (r * rows.step) * row_pitch + (i * columns.stride + c * columns.step) * pixel_pitch.
typedef struct {
  long first, count, row_pitch, pixel_pitch;
  const float *row[STRIP_ROWS];
} conv_strip;

/// The walks of a forward convolution, and of a part of the gradient with respect to x (see conv_phase), without data.
conv_walk conv_forward(const assay_convolution_shape *shape);

/// The numbers of copied input of a strip, at most.
long conv_strip_size(const conv_walk *walk);

/// The strip from output row `first`, which ends before `last` or earlier. `copy` has room for conv_strip_size.
void conv_fill(const conv_walk *walk, long first, long last, float *copy, conv_strip *strip);

static inline long conv_smaller(long a, long b) { return a < b ? a : b; }
static inline long conv_larger(long a, long b) { return a > b ? a : b; }
static inline int conv_is_depthwise(const assay_convolution_shape *shape) {
  return shape->groups > 1 && shape->groups == shape->in_channels && shape->out_channels > 0;
}

/// Where output row `row`, counted through all images, is stored.
static inline float *conv_stored(const conv_walk *walk, long row) {
  long image = row / walk->rows.outputs, r = row % walk->rows.outputs;
  long pixel = (image * walk->rows.stored + r * walk->rows.spread + walk->rows.start) * walk->columns.stored
    + walk->columns.start;
  return walk->y + pixel * walk->out_channels;
}

/// The part of the gradient with respect to x at positions with remainder `phase` modulo the stride, along an axis: a
/// convolution of dy with the kernel's taps first, first - every, ..., in that order, as many as the axis has taps.
typedef struct {
  conv_axis axis;
  long first, every;
} conv_phase;
conv_phase conv_row_phase(const assay_convolution_shape *shape, long phase);
conv_phase conv_column_phase(const assay_convolution_shape *shape, long phase);
conv_walk conv_backward(const assay_convolution_shape *shape, const conv_phase *rows, const conv_phase *columns);

/// The numbers in the packed weights of such a part.
long conv_phase_size(const assay_convolution_shape *shape, const conv_phase *rows, const conv_phase *columns);

/// The depthwise kinds of the functions in Convolution.h; packed weights are [tap, output channel], for the gradient
/// flipped and by phase.
void conv_depthwise_strip(
  const conv_walk *walk, const conv_strip *strip, const float *packed, const assay_gemm_finish *finish,
  float *scratch);
void conv_depthwise_weight_gradient(
  const conv_walk *walk, const conv_strip *strip, const float *dy, long first_tap, long last_tap, float *dw,
  int accumulate, float *scratch);

/// The numbers of scratch that conv_depthwise_strip needs.
long conv_depthwise_scratch(const conv_walk *walk);

#endif
