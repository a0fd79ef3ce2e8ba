// Weights packed for convolutions and for their gradients with respect to the input.

#include "Convolution.h"

#include "ConvolutionWalk.h"

long assay_convolution_packed_size(const assay_convolution_shape *s) {
  long taps = s->kernel_height * s->kernel_width;
  if (conv_is_depthwise(s)) return taps * s->out_channels;
  return s->groups * assay_gemm_packed_size(s->out_channels / s->groups, taps * s->in_channels / s->groups);
}

void assay_convolution_pack(
  const assay_convolution_shape *s, const float *weights, int bfloat16, float *packed) {
  long inner = s->kernel_height * s->kernel_width * (s->in_channels / s->groups);
  if (conv_is_depthwise(s)) {
    for (long i = 0; i < inner * s->out_channels; i++) packed[i] = weights[i];
    if (bfloat16) assay_round_bfloat16(packed, inner * s->out_channels);
    return;
  }
  long outputs = s->out_channels / s->groups, size = assay_gemm_packed_size(outputs, inner);
  for (long g = 0; g < s->groups; g++) {
    assay_gemm_pack(
      outputs, inner, weights + g * outputs, s->out_channels, 1, 0, outputs, bfloat16, packed + g * size);
  }
}

long conv_phase_size(const assay_convolution_shape *s, const conv_phase *rows, const conv_phase *columns) {
  long taps = rows->axis.taps * columns->axis.taps;
  if (conv_is_depthwise(s)) return taps * s->out_channels;
  return s->groups * assay_gemm_packed_size(s->in_channels / s->groups, taps * s->out_channels / s->groups);
}

long assay_convolution_flipped_size(const assay_convolution_shape *s) {
  long size = 0;
  for (long i = 0; i < s->stride_height; i++) {
    conv_phase rows = conv_row_phase(s, i);
    for (long j = 0; j < s->stride_width; j++) {
      conv_phase columns = conv_column_phase(s, j);
      size += conv_phase_size(s, &rows, &columns);
    }
  }
  return size;
}

/// Packs the weights of a phase for one group: inner indices are taps by output channels, columns are input channels.
static void pack_phase(
  const assay_convolution_shape *s, const conv_phase *rows, const conv_phase *columns, const float *weights,
  float *packed) {
  long panel = assay_gemm_panel(), inputs = s->in_channels / s->groups, outputs = s->out_channels / s->groups;
  long padded = (inputs + panel - 1) / panel * panel, inner = rows->axis.taps * columns->axis.taps * outputs;
  for (long begin = 0; begin < inner; begin += GEMM_DEPTH) {
    long depth = conv_smaller(inner - begin, GEMM_DEPTH);
    for (long j = 0; j < inputs; j += panel) {
      float *to = packed + begin * padded + j * depth;
      for (long k = begin; k < begin + depth;) {
        long tap = k / outputs, o = k % outputs, length = conv_smaller(outputs - o, begin + depth - k);
        long row = rows->first - tap / columns->axis.taps * rows->every;
        long column = columns->first - tap % columns->axis.taps * columns->every;
        const float *from = weights + ((row * s->kernel_width + column) * inputs + j) * s->out_channels + o;
        assay_gemm_pack_panel(
          panel, conv_smaller(inputs - j, panel), length, from, s->out_channels, 1, to + (k - begin) * panel);
        k += length;
      }
    }
  }
}

void assay_convolution_pack_flipped(
  const assay_convolution_shape *s, const float *weights, int bfloat16, float *packed) {
  long outputs = s->out_channels / s->groups;
  for (long i = 0; i < s->stride_height; i++) {
    conv_phase rows = conv_row_phase(s, i);
    for (long j = 0; j < s->stride_width; j++) {
      conv_phase columns = conv_column_phase(s, j);
      long size = conv_phase_size(s, &rows, &columns);
      if (conv_is_depthwise(s)) {
        float *to = packed;
        for (long r = 0; r < rows.axis.taps; r++) {
          for (long c = 0; c < columns.axis.taps; c++, to += s->out_channels) {
            long tap = (rows.first - r * rows.every) * s->kernel_width + columns.first - c * columns.every;
            for (long o = 0; o < s->out_channels; o++) to[o] = weights[tap * s->out_channels + o];
          }
        }
      } else {
        for (long g = 0; g < s->groups; g++) {
          pack_phase(s, &rows, &columns, weights + g * outputs, packed + g * (size / s->groups));
        }
      }
      if (bfloat16) assay_round_bfloat16(packed, size);
      packed += size;
    }
  }
}
