// Elementwise operations of two operands. The two letters name the operands in their order: v a run of floats, s a
// scalar, r a row that meets every row of a matrix, c a column that meets every column of a matrix. A matrix has
// `rows` x `columns` numbers, row-major; a row has `columns` numbers, a column has `rows`. `result` may be an operand of
// its size.
#ifndef ASSAY_BINARY_KERNELS_H
#define ASSAY_BINARY_KERNELS_H

#define ASSAY_BINARY(NAME)                                                                                  \
  void assay_##NAME##_vv(const float *x, const float *y, float *result, long count);                        \
  void assay_##NAME##_vs(const float *x, float y, float *result, long count);                               \
  void assay_##NAME##_sv(float x, const float *y, float *result, long count);                               \
  void assay_##NAME##_vr(const float *matrix, const float *row, float *result, long rows, long columns);    \
  void assay_##NAME##_rv(const float *row, const float *matrix, float *result, long rows, long columns);    \
  void assay_##NAME##_vc(const float *matrix, const float *column, float *result, long rows, long columns); \
  void assay_##NAME##_cv(const float *column, const float *matrix, float *result, long rows, long columns);

/// x + y
ASSAY_BINARY(add)

/// x - y
ASSAY_BINARY(subtract)

/// x * y
ASSAY_BINARY(multiply)

/// x / y, correctly rounded
ASSAY_BINARY(divide)

/// The larger of x and y; not-a-number if either is.
ASSAY_BINARY(maximum)

/// The smaller of x and y; not-a-number if either is.
ASSAY_BINARY(minimum)

/// x^y with relative error below 2e-7. x^0 and 1^y are 1 for every x and y; a negative x has powers for whole y only,
/// else not-a-number, as in C's pow.
ASSAY_BINARY(power)

#undef ASSAY_BINARY

#endif
