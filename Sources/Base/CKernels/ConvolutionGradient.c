#include "Convolution.h"

#include <string.h>

#include "ConvolutionWalk.h"

// The gradient with respect to the weights is a product whose inner dimension is pixels: patches of x, transposed, by
// dy. A row of it, one tap and channel, is a number of each pixel in the copied image, at a fixed distance from pixel
// to pixel, so the kernels read it where it lies.

/// The pixels of a product: with more, their cache lines would displace each other.
enum { PIXELS = 128 };

/// The walk of a forward convolution, with pixels an odd number of cache lines apart where they are whole lines: a
/// number of each is read after the other, and at even distances these would fall into few sets of the cache.
static conv_walk gradient_walk(const assay_convolution_shape *s) {
  conv_walk walk = conv_forward(s);
  walk.always_copies = 1;
  if (s->in_channels % 32 == 0 && !conv_is_depthwise(s)) walk.pitch = s->in_channels + 16;
  return walk;
}

/// Adds the product for pixels [begin, begin + depth) of a strip.
static void add_pixels(
  const assay_convolution_shape *s, const conv_walk *walk, const conv_strip *strip, const float *dy, long begin,
  long depth, int bfloat16, long first_row, long last_row, float *dw, int accumulate, int more, float *packed) {
  const gemm_kernels *kernels = assay_gemm_kernels();
  long columns = walk->columns.outputs, inputs = s->in_channels / s->groups, outputs = s->out_channels / s->groups;
  gemm_run runs[PIXELS];
  gemm_pass pass = {walk->columns.stride * strip->pixel_pitch, runs, 0, 0, 0, 0, accumulate, 0};
  for (long pixel = begin; pixel < begin + depth;) {
    long row = pixel / columns, column = pixel % columns;
    long length = conv_smaller(columns - column, begin + depth - pixel);
    runs[pass.run_count++] = (gemm_run){strip->row[row] - strip->row[0] + column * pass.a_step, length};
    pixel += length;
  }
  const float *a[GEMM_ROWS];
  float *c[GEMM_ROWS];
  dy += (strip->first * columns + begin) * s->out_channels;
  gemm_ahead ahead = {dy + depth * s->out_channels, more ? 1 : 0, PIXELS * s->out_channels, 0};
  for (long group = 0; group < s->groups; group++) {
    assay_gemm_pack(
      outputs, depth, dy + group * outputs, s->out_channels, 1, 0, outputs, bfloat16, packed);
    for (long first = first_row; first < last_row; first += GEMM_ROWS) {
      long height = conv_smaller(last_row - first, GEMM_ROWS);
      for (long i = 0; i < height; i++) {
        long tap = (first + i) / inputs, channel = (first + i) % inputs;
        a[i] = strip->row[0] + tap / s->kernel_width * walk->rows.step * strip->row_pitch
          + tap % s->kernel_width * walk->columns.step * strip->pixel_pitch + group * inputs + channel;
        c[i] = dw + (first + i) * s->out_channels + group * outputs;
      }
      int first_block = group == 0 && first == first_row;
      assay_gemm_block(kernels, height, a, depth, packed, 0, outputs, c, &pass, first_block ? &ahead : 0);
    }
  }
}

void assay_convolution_weight_gradient(
  const assay_convolution_shape *s, const float *x, const float *dy, int bfloat16, long first, long last,
  long first_row, long last_row, float *dw, int accumulate, float *scratch) {
  conv_walk walk = gradient_walk(s);
  walk.x = x, walk.bfloat16 = bfloat16;
  if (!accumulate && (last <= first || s->out_height * s->out_width == 0)) {
    memset(dw + first_row * s->out_channels, 0, (size_t)((last_row - first_row) * s->out_channels) * sizeof(float));
  }
  if (s->out_height * s->out_width == 0) return;
  conv_strip strip;
  float *beyond = scratch + conv_strip_size(&walk);
  for (long row = first * s->out_height; row < last * s->out_height; row += strip.count, accumulate = 1) {
    conv_fill(&walk, row, last * s->out_height, scratch, &strip);
    if (conv_is_depthwise(s)) {
      conv_depthwise_weight_gradient(&walk, &strip, dy, first_row, last_row, dw, accumulate, beyond);
      continue;
    }
    long pixels = strip.count * s->out_width;
    for (long begin = 0; begin < pixels; begin += PIXELS) {
      add_pixels(
        s, &walk, &strip, dy, begin, conv_smaller(pixels - begin, PIXELS), bfloat16, first_row, last_row, dw,
        accumulate || begin > 0, row + strip.count < last * s->out_height || begin + PIXELS < pixels, beyond);
    }
  }
}

long assay_convolution_chunks(const assay_convolution_shape *s) {
  // A chunk has enough pixels for adding its sum to be little work beside it.
  const long most = 16, pixels = 512, numbers = 4000000;
  long size = s->kernel_height * s->kernel_width * (s->in_channels / s->groups) * s->out_channels;
  long chunks = conv_smaller(s->batch * s->out_height * s->out_width / pixels, numbers / conv_larger(size, 1));
  return conv_larger(conv_smaller(conv_smaller(s->batch, most), chunks), 1);
}

void assay_sum_chunks(
  const float *parts, long chunks, long size, long first, long last, int accumulate, float *sum) {
  // A piece of the sum at a time, which stays in the first-level cache.
  const long piece = 4096;
  for (long begin = first; begin < last; begin += piece) {
    long end = conv_smaller(begin + piece, last);
    for (long chunk = 0; chunk < chunks; chunk++) {
      const float *part = parts + chunk * size;
      if (accumulate || chunk > 0) {
        for (long i = begin; i < end; i++) sum[i] += part[i];
      } else {
        memcpy(sum + begin, part + begin, (size_t)(end - begin) * sizeof(float));
      }
    }
  }
}

long assay_convolution_scratch(const assay_convolution_shape *s) {
  conv_walk walk = gradient_walk(s);
  long strip = conv_strip_size(&walk), packed = assay_gemm_packed_size(s->out_channels / s->groups, PIXELS);
  long most = conv_larger(assay_gemm_scratch(), strip + (conv_is_depthwise(s) ? strip : packed));
  walk = conv_forward(s);
  most = conv_larger(most, conv_strip_size(&walk) + conv_depthwise_scratch(&walk));
  for (long i = 0; i < s->stride_height; i++) {
    conv_phase rows = conv_row_phase(s, i);
    for (long j = 0; j < s->stride_width; j++) {
      conv_phase columns = conv_column_phase(s, j);
      walk = conv_backward(s, &rows, &columns);
      most = conv_larger(most, conv_strip_size(&walk) + conv_depthwise_scratch(&walk));
    }
  }
  return most;
}
