// Sums down the columns of a row-major matrix. A matrix of few columns is read as one of fewer, wider rows (several rows
// make one), so that loops along a row are long for any number of columns. A matrix of many is cut into tiles of up to
// 256 columns, whose sums stay in the first-level cache; the tiles of as many rows as the second level holds follow each
// other, so that what the processor fetches ahead is used. The order of the sums depends on the sizes alone.
#ifndef ASSAY_WIDE_ROWS_H
#define ASSAY_WIDE_ROWS_H

#include "FloatMath.h"

#pragma clang fp contract(fast)

enum { ASSAY_WIDEST = 256, ASSAY_TALLEST = 512 };

// How the tile that begins at column `first` lies: `count` wide rows of `width` numbers, `stride` apart, each made of
// `repeats` rows, and `rest` rows behind them.
typedef struct {
  long repeats, width, stride, count, rest;
} wide_rows;

ASSAY_INLINE wide_rows wide_rows_at(long first, long rows, long columns) {
  if (columns > ASSAY_WIDEST / 2) {
    long width = columns - first < ASSAY_WIDEST ? columns - first : ASSAY_WIDEST;
    return (wide_rows){1, width, columns, rows, 0};
  }
  long repeats = ASSAY_WIDEST / columns;
  return (wide_rows){repeats, repeats * columns, repeats * columns, rows / repeats, rows % repeats};
}

// The sums of a tile's columns are taken into floats over this many wide rows, then into doubles.
ASSAY_INLINE void wide_rows_collect(double *totals, const float *sums, long width) {
  for (long j = 0; j < width; j++) totals[j] += (double)sums[j];
}

// Adds up the repeats of each column.
ASSAY_INLINE void wide_rows_fold(double *totals, long repeats, long columns) {
  for (long k = 1; k < repeats; k++)
    for (long j = 0; j < columns; j++) totals[j] += totals[k * columns + j];
}

// Repeats the `columns` numbers of a row that every row of the matrix meets.
ASSAY_INLINE void wide_rows_repeat(const float *row, long columns, long repeats, float *wide) {
  for (long k = 0; k < repeats; k++)
    for (long j = 0; j < columns; j++) wide[k * columns + j] = row[j];
}

// How many rows of a matrix of many columns are taken together.
ASSAY_INLINE long wide_rows_height(long columns) { return columns < 4096 ? 32768 / columns : 8; }

// RESULT[j] += the sum over rows of column j, where TILE(arguments, offset, rows, stride, width, sums) adds those of the
// tile that begins `offset` numbers behind the matrix.
#define ASSAY_SUM_COLUMNS(ROWS, COLUMNS, RESULT, TILE, ...)                                             \
  if ((COLUMNS) > ASSAY_WIDEST / 2) {                                                                   \
    long block = wide_rows_height(COLUMNS);                                                             \
    for (long row = 0; row < (ROWS); row += block) {                                                    \
      long height = (ROWS) - row < block ? (ROWS) - row : block;                                        \
      for (long first = 0; first < (COLUMNS); first += ASSAY_WIDEST) {                                  \
        long width = (COLUMNS) - first < ASSAY_WIDEST ? (COLUMNS) - first : ASSAY_WIDEST;               \
        float partial[ASSAY_WIDEST] = {0};                                                              \
        TILE(__VA_ARGS__, row * (COLUMNS) + first, height, COLUMNS, width, partial);                    \
        ASSAY_EACH(j, width) (RESULT)[first + j] += partial[j];                                         \
      }                                                                                                 \
    }                                                                                                   \
  } else if ((COLUMNS) > 0) {                                                                           \
    wide_rows w = wide_rows_at(0, ROWS, COLUMNS);                                                       \
    double totals[ASSAY_WIDEST] = {0};                                                                  \
    for (long row = 0; row < w.count; row += ASSAY_TALLEST) {                                           \
      float partial[ASSAY_WIDEST] = {0};                                                                \
      long height = w.count - row < ASSAY_TALLEST ? w.count - row : ASSAY_TALLEST;                      \
      TILE(__VA_ARGS__, row * w.stride, height, w.stride, w.width, partial);                            \
      wide_rows_collect(totals, partial, w.width);                                                      \
    }                                                                                                   \
    if (w.rest) {                                                                                       \
      float partial[ASSAY_WIDEST] = {0};                                                                \
      TILE(__VA_ARGS__, w.count * w.stride, w.rest, COLUMNS, COLUMNS, partial);                         \
      wide_rows_collect(totals, partial, COLUMNS);                                                      \
    }                                                                                                   \
    wide_rows_fold(totals, w.repeats, COLUMNS);                                                         \
    for (long j = 0; j < (COLUMNS); j++) (RESULT)[j] += (float)totals[j];                               \
  }

// sums[j] += the sum over rows of x[offset + row * stride + j].
ASSAY_INLINE void wide_rows_add(
  const float *x, long offset, long rows, long stride, long width, float *restrict sums) {
  x += offset;
  long i = 0;
  for (; i + 4 <= rows; i += 4) {
    const float *a = x + i * stride, *b = a + stride, *c = b + stride, *d = c + stride;
    ASSAY_EACH(j, width) sums[j] += (a[j] + b[j]) + (c[j] + d[j]);
  }
  for (; i < rows; i++) {
    const float *a = x + i * stride;
    ASSAY_EACH(j, width) sums[j] += a[j];
  }
}

#endif
