#include "CKernels.h"
#include "FloatSums.h"
#include "Processor.h"

#pragma clang fp contract(fast)

#define WEIGHTED_TERM(AT) AT(g) * AT(dy)
#define MOMENT_TERM(AT) (AT(x) - centre) * AT(dy)
#define WEIGHTED_MOMENT_TERM(AT) (AT(x) - centre) * (AT(g) * AT(dy))

ASSAY_RUN_SUM(weighted_sum, WEIGHTED_TERM, const float *g, const float *dy)
ASSAY_RUN_SUM(moment_sum, MOMENT_TERM, const float *x, float centre, const float *dy)
ASSAY_RUN_SUM(weighted_moment_sum, WEIGHTED_MOMENT_TERM, const float *x, float centre, const float *g, const float *dy)

ASSAY_INLINE float inverse_root(double variance, float epsilon) {
  return (float)(1 / __builtin_elementwise_sqrt(variance + (double)epsilon));
}

// y = (x - m) s gain + bias.
ASSAY_INLINE void normalised(
  const float *x, float m, float s, const float *gain, const float *bias, float *y, long columns) {
  if (gain && bias) {
    ASSAY_EACH(j, columns) y[j] = (x[j] - m) * s * gain[j] + bias[j];
  } else if (gain) {
    ASSAY_EACH(j, columns) y[j] = (x[j] - m) * s * gain[j];
  } else if (bias) {
    ASSAY_EACH(j, columns) y[j] = (x[j] - m) * s + bias[j];
  } else {
    ASSAY_EACH(j, columns) y[j] = (x[j] - m) * s;
  }
}

// Normalises a row; `centred` says whether the mean is taken off.
ASSAY_INLINE void normalise_row(
  const float *x, const float *gain, const float *bias, float *y, float *mean, float *rstd, long columns,
  float epsilon, int centred) {
  double count = columns > 0 ? (double)columns : 1;
  float m = centred ? (float)(float_sum(x, columns) / count) : 0;
  double squares = centred ? float_distance_sum(x, m, columns) : float_square_sum(x, columns);
  float s = inverse_root(squares / count, epsilon);
  normalised(x, m, s, gain, bias, y, columns);
  if (mean) *mean = m;
  if (rstd) *rstd = s;
}

ASSAY_CLONES void assay_layer_norm(
  const float *x, const float *gain, const float *bias, float *y, float *mean, float *rstd, long rows, long columns,
  float epsilon) {
  for (long row = 0; row < rows; row++)
    normalise_row(
      x + row * columns, gain, bias, y + row * columns, mean ? mean + row : 0, rstd ? rstd + row : 0, columns, epsilon,
      1);
}

ASSAY_CLONES void assay_add_layer_norm(
  const float *x, const float *residual, const float *gain, const float *bias, float *sum, float *y, float *mean,
  float *rstd, long rows, long columns, float epsilon) {
  for (long row = 0; row < rows; row++) {
    const float *a = x + row * columns, *b = residual + row * columns;
    float *c = sum + row * columns;
    ASSAY_EACH(j, columns) c[j] = a[j] + b[j];
    normalise_row(
      c, gain, bias, y + row * columns, mean ? mean + row : 0, rstd ? rstd + row : 0, columns, epsilon, 1);
  }
}

ASSAY_CLONES void assay_rms_norm(
  const float *x, const float *gain, float *y, float *rstd, long rows, long columns, float epsilon) {
  for (long row = 0; row < rows; row++)
    normalise_row(x + row * columns, gain, 0, y + row * columns, 0, rstd ? rstd + row : 0, columns, epsilon, 0);
}

// The gradients of one row; `centred` as above. The sums of the parameters come before dx, which may lie over dy.
ASSAY_INLINE void normalise_row_backward(
  const float *x, const float *dy, const float *gain, float m, float s, const float *also, float *dx, float *dgain,
  float *dbias, long columns, int centred) {
  double count = columns > 0 ? (double)columns : 1;
  double product = gain ? weighted_moment_sum(x, m, gain, dy, columns) : moment_sum(x, m, dy, columns);
  double sum = !centred ? 0 : gain ? weighted_sum(gain, dy, columns) : float_sum(dy, columns);
  if (dgain) {
    ASSAY_EACH(j, columns) dgain[j] += (x[j] - m) * s * dy[j];
  }
  if (dbias) {
    ASSAY_EACH(j, columns) dbias[j] += dy[j];
  }
  float constant = (float)(sum / count * (double)s), slope = (float)(product / count * (double)s * (double)s * (double)s);
  if (gain && also) {
    ASSAY_EACH(j, columns) dx[j] = also[j] + (s * gain[j] * dy[j] - constant - (x[j] - m) * slope);
  } else if (gain) {
    ASSAY_EACH(j, columns) dx[j] = s * gain[j] * dy[j] - constant - (x[j] - m) * slope;
  } else if (also) {
    ASSAY_EACH(j, columns) dx[j] = also[j] + (s * dy[j] - constant - (x[j] - m) * slope);
  } else {
    ASSAY_EACH(j, columns) dx[j] = s * dy[j] - constant - (x[j] - m) * slope;
  }
}

ASSAY_CLONES void assay_layer_norm_backward(
  const float *x, const float *dy, const float *gain, const float *mean, const float *rstd, const float *also,
  float *dx, float *dgain, float *dbias, long rows, long columns) {
  for (long row = 0; row < rows; row++) {
    long place = row * columns;
    normalise_row_backward(
      x + place, dy + place, gain, mean[row], rstd[row], also ? also + place : 0, dx + place, dgain, dbias, columns, 1);
  }
}

ASSAY_CLONES void assay_rms_norm_backward(
  const float *x, const float *dy, const float *gain, const float *rstd, const float *also, float *dx, float *dgain,
  long rows, long columns) {
  for (long row = 0; row < rows; row++) {
    long place = row * columns;
    normalise_row_backward(
      x + place, dy + place, gain, 0, rstd[row], also ? also + place : 0, dx + place, dgain, 0, columns, 0);
  }
}
