#ifndef ASSAY_CONVOLUTION_H
#define ASSAY_CONVOLUTION_H

#include "Gemm.h"

// Convolutions of images, as neural networks understand them (cross-correlations):
//
//   y[n, oy, ox, o] = sum over ky, kx, i of x[n, oy * stride + ky * dilation - pad, ..., i] * w[ky, kx, i, o]
//
// with x outside the image zero. Images are [batch, height, width, channels], weights [kernel height, kernel width,
// input channels / groups, output channels]. With groups, output channels are divided evenly among the groups, and each
// sees its group of input channels only. A convolution over time or sequences is one of height 1.
//
// Everything is a product of matrices on the kernels of Gemm.h, whose rows are read where they lie in an image that is
// copied with its border of zeros (Zhang, Franchetti and Low, "High performance zero-memory overhead direct
// convolutions", 2018, and Dukhan, "The indirect convolution algorithm", 2019, have this idea); no matrix of patches is
// built. Convolutions with a group per input channel (depthwise) run over vectors of channels instead.
//
// Results have the same bits however the work is split into ranges. No function allocates or uses threads.

typedef struct {
  long batch, height, width, in_channels, out_channels;
  long kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
  /// Rows and columns of zeros before the image; behind it there are as many as the output's size needs.
  long pad_top, pad_left;
  long out_height, out_width, groups;
} assay_convolution_shape;

/// The numbers of scratch that each of the functions below needs.
long assay_convolution_scratch(const assay_convolution_shape *shape);

/// The numbers in packed weights, and packing them for assay_convolution. With `bfloat16` they are rounded to it.
long assay_convolution_packed_size(const assay_convolution_shape *shape);
void assay_convolution_pack(
  const assay_convolution_shape *shape, const float *weights, int bfloat16, float *packed);

/// y = finish(x * w), the output's rows [first, last) of batch * out_height, counted through all images; `y` is the
/// whole output. With `bfloat16` x is rounded to that format. `finish` may be null; its bias has a number per output
/// channel.
void assay_convolution(
  const assay_convolution_shape *shape, const float *x, const float *packed, int bfloat16, long first, long last,
  float *y, const assay_gemm_finish *finish, float *scratch);

/// The numbers in weights packed for the gradient with respect to x, and packing them.
long assay_convolution_flipped_size(const assay_convolution_shape *shape);
void assay_convolution_pack_flipped(
  const assay_convolution_shape *shape, const float *weights, int bfloat16, float *packed);

/// dx, or with `accumulate` dx + it, the input's rows [first, last) of batch * height: the gradient of sum(y * dy).
///
/// Pixels are taken by their remainders modulo the strides: those of one remainder are a convolution of dy with stride
/// 1 with every so manieth weight, so none of the products are with zeros from a spread-out dy.
void assay_convolution_input_gradient(
  const assay_convolution_shape *shape, const float *dy, const float *packed, int bfloat16, long first, long last,
  float *dx, int accumulate, float *scratch);

/// Into how many chunks of images the weights' gradient is divided, for as many threads; depends on the shape only.
/// Chunk i has the images from i * batch / chunks to (i + 1) * batch / chunks. At most 4 million numbers in all.
long assay_convolution_chunks(const assay_convolution_shape *shape);

/// dw, or with `accumulate` dw + it, summed over the images [first, last): the gradient of sum(y * dy), in the shape of
/// the weights, of which only the rows [first_row, last_row) of kernel_height * kernel_width * in_channels / groups are
/// computed (the bits do not depend on how rows are split). A sum's order depends on the range of images: give fixed
/// chunks, one buffer to each, and add those with assay_sum_chunks.
void assay_convolution_weight_gradient(
  const assay_convolution_shape *shape, const float *x, const float *dy, int bfloat16, long first, long last,
  long first_row, long last_row, float *dw, int accumulate, float *scratch);

/// sum[i] = (sum[i] if `accumulate`) + parts[i] + parts[size + i] + ..., in that order, for i in [first, last).
void assay_sum_chunks(
  const float *parts, long chunks, long size, long first, long last, int accumulate, float *sum);

#endif
