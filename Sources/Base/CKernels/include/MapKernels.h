// Elementwise functions of a run of floats. Relative errors stay below 4e-7 unless said otherwise, over the whole range
// of float; not-a-number stays not-a-number, infinities give the limit. `result` may be `x`.
#ifndef ASSAY_MAP_KERNELS_H
#define ASSAY_MAP_KERNELS_H

/// result[i] = exp(x[i]).
void assay_map_exp(const float *x, float *result, long count);

/// result[i] = the natural logarithm of x[i]; -infinity at 0, not-a-number below.
void assay_map_log(const float *x, float *result, long count);

/// result[i] = log(1 + x[i]), precise near 0.
void assay_map_log1p(const float *x, float *result, long count);

/// result[i] = tanh(x[i]).
void assay_map_tanh(const float *x, float *result, long count);

/// result[i] = 1 / (1 + exp(-x[i])).
void assay_map_sigmoid(const float *x, float *result, long count);

/// result[i] = the square root of x[i], correctly rounded.
void assay_map_sqrt(const float *x, float *result, long count);

/// result[i] = 1 / x[i], correctly rounded.
void assay_map_reciprocal(const float *x, float *result, long count);

/// result[i] = sin(x[i]), x in radians; not-a-number at infinities. Beyond 8192 radians it is slower.
void assay_map_sin(const float *x, float *result, long count);

/// result[i] = cos(x[i]), x in radians; not-a-number at infinities. Beyond 8192 radians it is slower.
void assay_map_cos(const float *x, float *result, long count);

/// result[i] = the error function 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x[i].
void assay_map_erf(const float *x, float *result, long count);

/// result[i] = x Phi(x), Phi the standard normal distribution function (Hendrycks and Gimpel 2016, exact form); the
/// error is below 2e-7 times |x|.
void assay_map_gelu(const float *x, float *result, long count);

/// result[i] = x sigmoid(x).
void assay_map_silu(const float *x, float *result, long count);

/// result[i] = log(1 + exp(x[i])).
void assay_map_softplus(const float *x, float *result, long count);

/// result[i] = max(x[i], 0).
void assay_map_relu(const float *x, float *result, long count);

/// result[i] = x[i] where positive, else slope * x[i].
void assay_map_leaky_relu(const float *x, float *result, long count, float slope);

/// result[i] = x[i] where positive, else alpha (exp(x[i]) - 1).
void assay_map_elu(const float *x, float *result, long count, float alpha);

/// result[i] = |x[i]|.
void assay_map_absolute(const float *x, float *result, long count);

/// result[i] = -x[i].
void assay_map_negate(const float *x, float *result, long count);

/// result[i] = x[i]^2.
void assay_map_square(const float *x, float *result, long count);

/// result[i] = -1, 0 or 1 as x[i] is negative, zero or positive.
void assay_map_sign(const float *x, float *result, long count);

#endif
