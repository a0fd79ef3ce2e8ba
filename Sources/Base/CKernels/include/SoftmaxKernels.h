// Softmax and what belongs to it, along the rows of a row-major matrix of `rows` x `columns`. The largest number of a row
// is taken off first, so nothing overflows. A row with not-a-number, with +infinity, or of -infinities alone gives
// not-a-number; single -infinities count as probability 0. The result may be written over the (first) operand.
#ifndef ASSAY_SOFTMAX_KERNELS_H
#define ASSAY_SOFTMAX_KERNELS_H

#include <stdint.h>

/// y = exp(scale x[j]) / sum over k of exp(scale x[k]); scale > 0. Probabilities below about 1e-38 are 0.
void assay_softmax_rows(const float *x, float *y, long rows, long columns, float scale);

/// dx = scale y (dy - sum over k of y[k] dy[k]), from the result y of the above.
void assay_softmax_backward(const float *y, const float *dy, float *dx, long rows, long columns, float scale);

/// y = x[j] - log(sum over k of exp(x[k])).
void assay_log_softmax_rows(const float *x, float *y, long rows, long columns);

/// dx = dy - exp(y) sum over k of dy[k], from the result y of the above.
void assay_log_softmax_backward(const float *y, const float *dy, float *dx, long rows, long columns);

/// Cross entropy of the softmax of each row against a label, and its gradient, in one pass.
///
/// The target of a row with label c is t[j] = (1 - smoothing) w[c] (where j = c) + smoothing / columns * w[j], w the
/// `weights` of the classes (null: all 1); smoothing in [0, 1) as in Szegedy et al. 2016. losses[row] = - sum over j of
/// t[j] log p[j]; gradient[row][j] = scale (p[j] sum(t) - t[j]). Rows whose label is `ignored`, or is no class, have loss
/// and gradient 0. `gradient` may be `x`, or null to have the losses alone.
void assay_cross_entropy_rows(
  const float *x, const int32_t *labels, long rows, long columns, int32_t ignored, float smoothing,
  const float *weights, float scale, float *losses, float *gradient);

#endif
