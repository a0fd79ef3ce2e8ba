#ifndef ASSAY_VECTOR_MATH_H
#define ASSAY_VECTOR_MATH_H

/// The sum of x[i] * y[i], in an order that depends on `count` alone.
double assay_dot_mixed(const float *x, const double *y, long count);

/// The sum of x[i] * y[i], in an order that depends on `count` alone.
double assay_dot(const double *x, const double *y, long count);

/// y[i] += factor * x[i].
void assay_add_mixed(double factor, const float *x, double *y, long count);

/// y[i] += factor * x[i].
void assay_add(double factor, const double *x, double *y, long count);

/// y[i] += factor * w[i] * x[i].
void assay_add_weighted(double factor, const double *w, const float *x, double *y, long count);

/// The sum of w[i] * x[i] * x[i], in an order that depends on `count` alone.
double assay_weighted_squares(const float *x, const double *w, long count);

/// result[i] = exp(x[i]), to about 2 units in the last place; x outside -700 ... 700 counts as the nearer end.
void assay_exp(const double *x, double *result, long count);

/// Derivatives of the log loss at log-odds eta[i], labels 0 and 1, weights w[i]: residual[i] = w (p - y),
/// curvature[i] = w p (1 - p); returns the sum of w times the log loss.
double assay_logistic(
  const double *eta, const double *labels, const double *w, double *residual, double *curvature, long count);

/// The squared distance of two points, summed in an order that depends on `count` alone.
float assay_squared_distance(const float *x, const float *y, long count);

/// line[i] = norm + squares[i] - 2 * line[i]: squared distances from the products of points.
void assay_squared_distances(float *line, const float *squares, float norm, long count);

/// line[i] += extra where codes[i] is not code.
void assay_add_mismatch(float *line, const float *codes, float code, float extra, long count);

/// The first position from `start` on whose number is below `bound`, or `count`.
long assay_next_below(const float *line, float bound, long start, long count);

#endif
