#include "ConvolutionWalk.h"

#include <string.h>

conv_walk conv_forward(const assay_convolution_shape *s) {
  conv_walk walk = {
    {s->height, s->out_height, s->kernel_height, s->dilation_height, s->stride_height, -s->pad_top,
     s->out_height, 1, 0},
    {s->width, s->out_width, s->kernel_width, s->dilation_width, s->stride_width, -s->pad_left, s->out_width, 1, 0},
    s->batch, s->groups, s->in_channels, s->out_channels, 0, 0, 0, s->in_channels, 1, 0};
  if (conv_is_depthwise(s)) {
    walk.copies = s->out_channels / s->in_channels;
    walk.pitch = s->out_channels;
    walk.always_copies = walk.copies > 1;
  }
  return walk;
}

conv_walk conv_backward(const assay_convolution_shape *s, const conv_phase *rows, const conv_phase *columns) {
  return (conv_walk){rows->axis, columns->axis, s->batch, s->groups, s->out_channels, s->in_channels,
                     0, 0, 0, s->out_channels, 1, 0};
}

/// The input positions that `outputs` consecutive ones read, from the first to the last.
static long extent(const conv_axis *axis, long outputs) {
  if (axis->taps == 0 || outputs == 0) return 0;
  return (outputs - 1) * axis->stride + (axis->taps - 1) * axis->step + 1;
}

static int lies_inside(const conv_axis *axis) {
  return axis->origin >= 0 && axis->origin + extent(axis, axis->outputs) <= axis->input;
}

long conv_strip_size(const conv_walk *walk) {
  return conv_larger(STRIP_SIZE, extent(&walk->rows, 1) * extent(&walk->columns, walk->columns.outputs) * walk->pitch);
}

/// Copies pixels, where need be with a distance between them or with every number repeated.
static void copy_pixels(const conv_walk *walk, const float *from, long count, float *to) {
  long channels = walk->in_channels;
  if (walk->pitch == channels) {
    memcpy(to, from, (size_t)(count * channels) * sizeof(float));
  } else if (walk->copies == 1) {
    size_t size = (size_t)channels * sizeof(float);
    for (long i = 0; i < count; i++) memcpy(to + i * walk->pitch, from + i * channels, size);
  } else {
    for (long i = 0; i < count; i++) {
      float *at = to + i * walk->pitch;
      for (long c = 0; c < channels; c++) {
        for (long copy = 0; copy < walk->copies; copy++) *at++ = from[i * channels + c];
      }
    }
  }
}

static void zero_pixels(const conv_walk *walk, long count, float *to) {
  if (count > 0) memset(to, 0, (size_t)(count * walk->pitch) * sizeof(float));
}

void conv_fill(const conv_walk *walk, long first, long last, float *copy, conv_strip *strip) {
  const conv_axis *rows = &walk->rows, *columns = &walk->columns;
  long width = extent(columns, columns->outputs), count = 0;
  strip->first = first;
  last = conv_smaller(last, first + STRIP_ROWS);
  if (lies_inside(rows) && lies_inside(columns) && !walk->bfloat16 && !walk->always_copies) {
    strip->pixel_pitch = walk->in_channels;
    strip->row_pitch = columns->input * walk->in_channels;
    for (; first + count < last; count++) {
      long image = (first + count) / rows->outputs, r = (first + count) % rows->outputs;
      long at = image * rows->input + r * rows->stride + rows->origin;
      strip->row[count] = walk->x + (at * columns->input + columns->origin) * walk->in_channels;
    }
    strip->count = count;
    return;
  }
  strip->pixel_pitch = walk->pitch;
  strip->row_pitch = width * walk->pitch;
  long left = conv_smaller(conv_larger(-columns->origin, 0), width);
  long right = conv_larger(conv_smaller(columns->input - columns->origin, width), left);
  long room = conv_strip_size(walk);
  float *to = copy;
  while (first + count < last) {
    // The rest of an image, as much of it as there is room for.
    long image = (first + count) / rows->outputs, r = (first + count) % rows->outputs;
    long most = conv_smaller(rows->outputs - r, last - first - count), taken = 0;
    while (taken < most && extent(rows, taken + 1) * strip->row_pitch <= room) taken++;
    if (taken == 0) break;
    long height = extent(rows, taken), begin = r * rows->stride + rows->origin;
    for (long i = 0; i < taken; i++) strip->row[count + i] = to + i * rows->stride * strip->row_pitch;
    for (long y = begin; y < begin + height; y++, to += strip->row_pitch) {
      if (y < 0 || y >= rows->input) {
        zero_pixels(walk, width, to);
        continue;
      }
      long pixel = (image * rows->input + y) * columns->input + columns->origin + left;
      zero_pixels(walk, left, to);
      copy_pixels(walk, walk->x + pixel * walk->in_channels, right - left, to + left * walk->pitch);
      zero_pixels(walk, width - right, to + right * walk->pitch);
    }
    room -= height * strip->row_pitch;
    count += taken;
  }
  if (walk->bfloat16) assay_round_bfloat16(copy, to - copy);
  strip->count = count;
}

static long greatest_common_divisor(long a, long b) {
  while (b > 0) {
    long rest = a % b;
    a = b, b = rest;
  }
  return a;
}

static long rounded_up(long a, long b) { return a > 0 ? (a + b - 1) / b : -(-a / b); }

static conv_phase phase_of(long input, long pad, long kernel, long stride, long dilation, long output, long phase) {
  // With u for the quotient, position stride * u + phase - pad receives dy[u - (tap * dilation - phase) / stride] times
  // each tap for which that is a whole number.
  long every = stride / greatest_common_divisor(stride, dilation), tap = 0;
  while (tap < every && tap * dilation % stride != phase) tap++;
  long taps = tap < every && tap < kernel ? (kernel - 1 - tap) / every + 1 : 0;
  long last = tap + (taps - 1) * every, least = rounded_up(pad - phase, stride);
  long start = stride * least + phase - pad, outputs = start < input ? (input - 1 - start) / stride + 1 : 0;
  long shift = taps > 0 ? (last * dilation - phase) / stride : 0;
  conv_axis axis = {output, outputs, taps, every * dilation / stride, 1, least - shift, input, stride, start};
  return (conv_phase){axis, last, every};
}

conv_phase conv_row_phase(const assay_convolution_shape *s, long phase) {
  return phase_of(
    s->height, s->pad_top, s->kernel_height, s->stride_height, s->dilation_height, s->out_height, phase);
}

conv_phase conv_column_phase(const assay_convolution_shape *s, long phase) {
  return phase_of(s->width, s->pad_left, s->kernel_width, s->stride_width, s->dilation_width, s->out_width, phase);
}
