#ifndef ASSAY_BATCH_NORM_KERNELS_H
#define ASSAY_BATCH_NORM_KERNELS_H

#include <stdint.h>

// Batch normalisation (Ioffe and Szegedy 2015) of rows x channels, channels last: y = (x - mean) * rstd * scale + shift
// per channel, alone, with a rectifier, or with a rectifier and 2 x 2 max pooling. Reductions work on a range of rows that
// the caller fixes and give sums in double precision, which the caller adds up in order.

/// sums[c] = sum of x[r][c] - pivot[c], squares[c] = sum of its square, over the rows. The pivot, near the mean, keeps the
/// digits of the variance; the first row does.
void assay_channel_moments(
  const float *x, long rows, long channels, const float *pivot, double *sums, double *squares);

/// y = x * factor[c] + offset[c], rectified if asked for. y may be x.
void assay_channel_affine(
  const float *x, long rows, long channels, const float *factor, const float *offset, int rectified, float *y);

/// Over the rows: sums[c] = sum of g, products[c] = sum of g * (x - mean[c]); where `y` is not null g counts only where
/// y > 0.
void assay_batch_norm_sums(
  const float *x, const float *y, const float *g, long rows, long channels, const float *mean, double *sums,
  double *products);

/// dx = g * a[c] + x * b[c] + k[c], where `y` is not null with g = 0 where y <= 0. dx may be g.
void assay_batch_norm_apply(
  const float *x, const float *y, const float *g, long rows, long channels, const float *a, const float *b,
  const float *k, float *dx);

/// y = max(x * factor[c] + offset[c], 0) pooled: the largest of each 2 x 2 window of an image [2 height, 2 width,
/// channels], for `height` rows of windows that begin at x. winner = its place 0 ... 3 in the window, or 4 where the
/// largest is 0 after rectifying, so that nothing flows back.
void assay_batch_norm_pool(
  const float *x, long height, long width, long channels, const float *factor, const float *offset, float *y,
  uint8_t *winner);

/// The sums of `assay_batch_norm_sums` with the gradient g [height, width, channels] at the winners' places of x.
void assay_batch_norm_pool_sums(
  const float *x, const uint8_t *winner, const float *g, long height, long width, long channels, const float *mean,
  double *sums, double *products);

/// dx = (g at the winners' places) * a[c] + x * b[c] + k[c].
void assay_batch_norm_pool_apply(
  const float *x, const uint8_t *winner, const float *g, long height, long width, long channels, const float *a,
  const float *b, const float *k, float *dx);

#endif
