// Normalisation of the rows of a matrix.
//
// Layer normalisation (Ba, Kiros and Hinton 2016) and root mean square normalisation (Zhang and Sennrich 2019) of the
// rows of a row-major matrix of `rows` x `columns`. `gain` and `bias` have `columns` numbers; null stands for ones and
// zeros. Sums run in an order that depends on the sizes alone.
#ifndef ASSAY_NORM_KERNELS_H
#define ASSAY_NORM_KERNELS_H

#include <stdint.h>

/// y = (x - m) s gain + bias with the row's mean m and s = 1 / sqrt(variance + epsilon), the variance divided by
/// `columns`. `mean` and `rstd` receive m and s of each row for the backward pass, or are null. y may be x.
void assay_layer_norm(
  const float *x, const float *gain, const float *bias, float *y, float *mean, float *rstd, long rows, long columns,
  float epsilon);

/// sum = x + residual and y = the layer normalisation of sum, as above, in one pass. sum may be x or residual.
void assay_add_layer_norm(
  const float *x, const float *residual, const float *gain, const float *bias, float *sum, float *y, float *mean,
  float *rstd, long rows, long columns, float epsilon);

/// The gradients of y = (x - m) s gain + bias. With h = (x - m) s and g = gain dy:
/// dx = also + s (g - mean(g) - h mean(g h)), dgain += dy h and dbias += dy summed over the rows, in their order.
///
/// `also` is the gradient that reaches x past the normalisation (a residual connection), or null. dx may be dy or `also`;
/// dgain and dbias may be null.
void assay_layer_norm_backward(
  const float *x, const float *dy, const float *gain, const float *mean, const float *rstd, const float *also,
  float *dx, float *dgain, float *dbias, long rows, long columns);

/// y = x s gain with s = 1 / sqrt(mean of x^2 + epsilon). `rstd` receives s of each row, or is null. y may be x.
void assay_rms_norm(
  const float *x, const float *gain, float *y, float *rstd, long rows, long columns, float epsilon);

/// The gradients of y = x s gain. With h = x s and g = gain dy: dx = also + s (g - h mean(g h)), dgain += dy h summed
/// over the rows. `also`, `dx` and `dgain` as for the layer normalisation.
void assay_rms_norm_backward(
  const float *x, const float *dy, const float *gain, const float *rstd, const float *also, float *dx, float *dgain,
  long rows, long columns);

#endif
