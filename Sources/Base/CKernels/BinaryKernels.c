#include "CKernels.h"
#include "FloatMath.h"
#include "FloatPower.h"
#include "FloatSums.h"
#include "Processor.h"
#include "WideRows.h"

#pragma clang fp contract(fast)

// Every row of a matrix meets the same row: MEET(matrix element, row element).
#define OVER_ROWS(MEET)                                                                  \
  float wide[ASSAY_WIDEST];                                                              \
  long width = columns, count = rows;                                                    \
  if (columns > 0 && columns <= ASSAY_WIDEST / 2 && rows > 1) {                          \
    long repeats = ASSAY_WIDEST / columns < rows ? ASSAY_WIDEST / columns : rows;        \
    wide_rows_repeat(row, columns, repeats, wide);                                       \
    row = wide, width = repeats * columns, count = rows / repeats;                       \
  }                                                                                      \
  for (long i = 0; i < count; i++) {                                                     \
    const float *from = matrix + i * width;                                              \
    float *to = result + i * width;                                                      \
    ASSAY_EACH(j, width) to[j] = MEET(from[j], row[j]);                                  \
  }                                                                                      \
  long done = count * width;                                                             \
  ASSAY_EACH(j, rows * columns - done) result[done + j] = MEET(matrix[done + j], row[j]);

#define OVER_COLUMNS(MEET)                                                               \
  if (columns == 1) {                                                                    \
    ASSAY_EACH(i, rows) result[i] = MEET(matrix[i], column[i]);                          \
  } else {                                                                               \
    for (long i = 0; i < rows; i++) {                                                    \
      const float *from = matrix + i * columns;                                          \
      float *to = result + i * columns, y = column[i];                                   \
      ASSAY_EACH(j, columns) to[j] = MEET(from[j], y);                                   \
    }                                                                                    \
  }

#define BINARY(NAME, MEET, SWAPPED)                                                                                  \
  ASSAY_CLONES void assay_##NAME##_vv(const float *x, const float *y, float *result, long count) {                   \
    ASSAY_EACH(i, count) result[i] = MEET(x[i], y[i]);                                                               \
  }                                                                                                                  \
  ASSAY_CLONES void assay_##NAME##_vs(const float *x, float y, float *result, long count) {                          \
    ASSAY_EACH(i, count) result[i] = MEET(x[i], y);                                                                  \
  }                                                                                                                  \
  ASSAY_CLONES void assay_##NAME##_sv(float x, const float *y, float *result, long count) {                          \
    ASSAY_EACH(i, count) result[i] = MEET(x, y[i]);                                                                  \
  }                                                                                                                  \
  ASSAY_CLONES void assay_##NAME##_vr(const float *matrix, const float *row, float *result, long rows, long columns) { \
    OVER_ROWS(MEET)                                                                                                  \
  }                                                                                                                  \
  ASSAY_CLONES void assay_##NAME##_rv(const float *row, const float *matrix, float *result, long rows, long columns) { \
    OVER_ROWS(SWAPPED)                                                                                               \
  }                                                                                                                  \
  ASSAY_CLONES void assay_##NAME##_vc(                                                                               \
    const float *matrix, const float *column, float *result, long rows, long columns) {                              \
    OVER_COLUMNS(MEET)                                                                                               \
  }                                                                                                                  \
  ASSAY_CLONES void assay_##NAME##_cv(                                                                               \
    const float *column, const float *matrix, float *result, long rows, long columns) {                              \
    OVER_COLUMNS(SWAPPED)                                                                                            \
  }

ASSAY_INLINE float add(float x, float y) { return x + y; }
ASSAY_INLINE float subtract(float x, float y) { return x - y; }
ASSAY_INLINE float subtract_from(float x, float y) { return y - x; }
ASSAY_INLINE float multiply(float x, float y) { return x * y; }
ASSAY_INLINE float divide(float x, float y) { return x / y; }
ASSAY_INLINE float divide_into(float x, float y) { return y / x; }
ASSAY_INLINE float power_of(float x, float y) { return float_power(y, x); }

BINARY(add, add, add)
BINARY(subtract, subtract, subtract_from)
BINARY(multiply, multiply, multiply)
BINARY(divide, divide, divide_into)
BINARY(maximum, float_larger, float_larger)
BINARY(minimum, float_smaller, float_smaller)
BINARY(power, float_power, power_of)
