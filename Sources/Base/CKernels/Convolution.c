#include "Convolution.h"

#include "ConvolutionWalk.h"

/// The inner dimension of a strip's product: taps by channels, of which those of a row of taps often adjoin.
static long runs_of(
  const conv_walk *walk, const conv_strip *strip, long channels, long offset, long begin, long depth, gemm_run *runs) {
  long column_step = walk->columns.step * strip->pixel_pitch, row_step = walk->rows.step * strip->row_pitch;
  int adjoin = walk->columns.taps == 1 || column_step == channels;
  long piece = adjoin ? channels * walk->columns.taps : channels, pieces = adjoin ? 1 : walk->columns.taps, count = 0;
  for (long k = begin; k < begin + depth; count++) {
    long index = k / piece, within = k % piece;
    long length = conv_smaller(piece - within, begin + depth - k);
    runs[count].offset = offset + index / pieces * row_step + index % pieces * column_step + within;
    runs[count].length = length;
    k += length;
  }
  return count;
}

/// The product for one group of channels in one strip.
static void multiply_strip(
  const conv_walk *walk, const conv_strip *strip, const gemm_kernels *kernels, long group, const float *packed,
  const assay_gemm_finish *finish) {
  long channels = walk->in_channels / walk->groups, outputs = walk->out_channels / walk->groups;
  long panel = kernels->columns, padded = (outputs + panel - 1) / panel * panel, columns = walk->columns.outputs;
  long inner = walk->rows.taps * walk->columns.taps * channels, pixels = strip->count * columns;
  long blocks = (pixels + GEMM_ROWS - 1) / GEMM_ROWS;
  long block = ((pixels + blocks - 1) / blocks + kernels->rows - 1) / kernels->rows * kernels->rows;
  long in_step = walk->columns.stride * strip->pixel_pitch, out_step = walk->columns.spread * walk->out_channels;
  const float *a[GEMM_ROWS];
  float *c[GEMM_ROWS];
  gemm_run runs[GEMM_DEPTH + 1];
  long row = 0, column = 0;
  for (long p = 0; p < pixels; p += block) {
    long height = conv_smaller(pixels - p, block), k = 0;
    for (long i = 0; i < height;) {
      long length = conv_smaller(columns - column, height - i);
      const float *from = strip->row[row] + column * in_step;
      float *to = conv_stored(walk, strip->first + row) + group * outputs + column * out_step;
      for (long end = i + length; i < end; i++, from += in_step, to += out_step) a[i] = from, c[i] = to;
      column += length;
      if (column == columns) column = 0, row++;
    }
    do {
      long depth = conv_smaller(inner - k, GEMM_DEPTH);
      gemm_pass pass = {1, runs, runs_of(walk, strip, channels, group * channels, k, depth, runs), 0, 0, 0,
                        finish->accumulate || k > 0, 0};
      if (k + depth == inner) {
        pass.bias = finish->bias ? finish->bias + group * outputs : 0;
        pass.relu = finish->activation == ASSAY_RELU;
      }
      assay_gemm_block(kernels, height, a, depth, packed + k * padded, 0, outputs, c, &pass, 0);
      k += depth;
    } while (k < inner);
  }
}

/// Convolves the output rows [first, last).
static void convolve(
  const conv_walk *walk, int depthwise, const float *packed, long first, long last, const assay_gemm_finish *finish,
  float *scratch) {
  static const assay_gemm_finish none = {0, ASSAY_IDENTITY, 0};
  if (!finish) finish = &none;
  if (walk->columns.outputs <= 0 || walk->out_channels <= 0) return;
  const gemm_kernels *kernels = assay_gemm_kernels();
  long channels = walk->in_channels / walk->groups, outputs = walk->out_channels / walk->groups;
  long group_size = assay_gemm_packed_size(outputs, walk->rows.taps * walk->columns.taps * channels);
  conv_strip strip;
  for (long row = first; row < last; row += strip.count) {
    conv_fill(walk, row, last, scratch, &strip);
    if (depthwise) {
      conv_depthwise_strip(walk, &strip, packed, finish, scratch + conv_strip_size(walk));
    } else {
      for (long g = 0; g < walk->groups; g++) multiply_strip(walk, &strip, kernels, g, packed + g * group_size, finish);
    }
  }
}

/// Whether pixels are the rows of a plain product.
static int is_pointwise(const assay_convolution_shape *s) {
  return s->kernel_height == 1 && s->kernel_width == 1 && s->stride_height == 1 && s->stride_width == 1
    && s->pad_top == 0 && s->pad_left == 0 && s->groups == 1 && s->out_height == s->height
    && s->out_width == s->width;
}

void assay_convolution(
  const assay_convolution_shape *s, const float *x, const float *packed, int bfloat16, long first, long last,
  float *y, const assay_gemm_finish *finish, float *scratch) {
  if (is_pointwise(s)) {
    long begin = first * s->width, rows = (last - first) * s->width;
    assay_gemm_packed(
      rows, s->out_channels, s->in_channels, x + begin * s->in_channels, s->in_channels, 1, bfloat16, packed,
      y + begin * s->out_channels, s->out_channels, finish, scratch);
    return;
  }
  conv_walk walk = conv_forward(s);
  walk.x = x, walk.y = y, walk.bfloat16 = bfloat16;
  convolve(&walk, conv_is_depthwise(s), packed, first, last, finish, scratch);
}

/// How many of the first `row` rows of all images, counted through, belong to a phase.
static long rows_before(const conv_axis *axis, long row) {
  long image = row / axis->stored, r = row % axis->stored;
  long within = r > axis->start ? (r - axis->start + axis->spread - 1) / axis->spread : 0;
  return image * axis->outputs + conv_smaller(within, axis->outputs);
}

void assay_convolution_input_gradient(
  const assay_convolution_shape *s, const float *dy, const float *packed, int bfloat16, long first, long last,
  float *dx, int accumulate, float *scratch) {
  assay_gemm_finish finish = {0, ASSAY_IDENTITY, accumulate};
  if (is_pointwise(s)) {
    long begin = first * s->width, rows = (last - first) * s->width;
    assay_gemm_packed(
      rows, s->in_channels, s->out_channels, dy + begin * s->out_channels, s->out_channels, 1, bfloat16, packed,
      dx + begin * s->in_channels, s->in_channels, &finish, scratch);
    return;
  }
  for (long i = 0; i < s->stride_height; i++) {
    conv_phase rows = conv_row_phase(s, i);
    for (long j = 0; j < s->stride_width; j++) {
      conv_phase columns = conv_column_phase(s, j);
      conv_walk walk = conv_backward(s, &rows, &columns);
      walk.x = dy, walk.y = dx, walk.bfloat16 = bfloat16;
      if (s->height > 0 && rows.axis.outputs > 0) {
        convolve(
          &walk, conv_is_depthwise(s), packed, rows_before(&rows.axis, first), rows_before(&rows.axis, last), &finish,
          scratch);
      }
      packed += conv_phase_size(s, &rows, &columns);
    }
  }
}
