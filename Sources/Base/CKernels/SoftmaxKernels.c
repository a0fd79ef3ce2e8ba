#include "CKernels.h"
#include "FloatSums.h"
#include "Processor.h"

#pragma clang fp contract(fast)

// Short rows are taken in blocks, so that the exponentials, which are the work, run over long loops. A long row is taken
// in pieces, whose sum is taken while they are in the first-level cache.
enum { SHORT = 256, BLOCK = 1024, MOST_ROWS = 64, PIECE = 2048 };

ASSAY_INLINE long block_rows(long columns) {
  return columns >= SHORT ? 1 : columns * MOST_ROWS > BLOCK ? BLOCK / columns : MOST_ROWS;
}

// e = exp(scale (x - the row's largest)); the largest numbers and the sums of e of up to MOST_ROWS rows.
ASSAY_INLINE void exponentials(
  const float *x, float *e, long rows, long columns, float scale, float *largest, double *sums) {
  if (columns < SHORT) {
    for (long row = 0; row < rows; row++) {
      const float *from = x + row * columns;
      float *to = e + row * columns, most = float_run_largest(from, columns);
      ASSAY_EACH(j, columns) to[j] = scale * (from[j] - most);
      largest[row] = most;
    }
    ASSAY_EACH(i, rows * columns) e[i] = float_exp_down(e[i]);
    for (long row = 0; row < rows; row++) sums[row] = float_sum(e + row * columns, columns);
  } else {
    for (long row = 0; row < rows; row++) {
      float most = float_run_largest(x + row * columns, columns);
      double sum = 0;
      for (long start = 0; start < columns; start += PIECE) {
        long length = columns - start < PIECE ? columns - start : PIECE;
        const float *from = x + row * columns + start;
        float *to = e + row * columns + start;
        ASSAY_EACH(j, length) to[j] = float_exp_down(scale * (from[j] - most));
        sum += float_sum(to, length);
      }
      largest[row] = most;
      sums[row] = sum;
    }
  }
}

// The same without a place for e.
ASSAY_INLINE void exponential_sums(const float *x, long rows, long columns, float *largest, double *sums) {
  float e[PIECE];
  if (columns < SHORT) {
    exponentials(x, e, rows, columns, 1, largest, sums);
    return;
  }
  for (long row = 0; row < rows; row++) {
    float most = float_run_largest(x + row * columns, columns);
    double sum = 0;
    for (long start = 0; start < columns; start += PIECE) {
      long length = columns - start < PIECE ? columns - start : PIECE;
      const float *from = x + row * columns + start;
      ASSAY_EACH(j, length) e[j] = float_exp_down(from[j] - most);
      sum += float_sum(e, length);
    }
    largest[row] = most;
    sums[row] = sum;
  }
}

ASSAY_CLONES void assay_softmax_rows(const float *x, float *y, long rows, long columns, float scale) {
  float largest[MOST_ROWS];
  double sums[MOST_ROWS];
  long block = block_rows(columns);
  for (long first = 0; first < rows; first += block) {
    long height = rows - first < block ? rows - first : block;
    float *to = y + first * columns;
    exponentials(x + first * columns, to, height, columns, scale, largest, sums);
    for (long row = 0; row < height; row++, to += columns) {
      float factor = (float)(1 / sums[row]);
      ASSAY_EACH(j, columns) to[j] *= factor;
    }
  }
}

ASSAY_CLONES void assay_softmax_backward(
  const float *y, const float *dy, float *dx, long rows, long columns, float scale) {
  for (long row = 0; row < rows; row++, y += columns, dy += columns, dx += columns) {
    float mean = (float)float_product_sum(y, dy, columns);
    ASSAY_EACH(j, columns) dx[j] = scale * y[j] * (dy[j] - mean);
  }
}

ASSAY_CLONES void assay_log_softmax_rows(const float *x, float *y, long rows, long columns) {
  float largest[MOST_ROWS];
  double sums[MOST_ROWS];
  long block = block_rows(columns);
  for (long first = 0; first < rows; first += block) {
    long height = rows - first < block ? rows - first : block;
    exponential_sums(x + first * columns, height, columns, largest, sums);
    for (long row = 0; row < height; row++) {
      const float *from = x + (first + row) * columns;
      float *to = y + (first + row) * columns, most = largest[row], logarithm = float_log((float)sums[row]);
      ASSAY_EACH(j, columns) to[j] = from[j] - most - logarithm;
    }
  }
}

ASSAY_CLONES void assay_log_softmax_backward(const float *y, const float *dy, float *dx, long rows, long columns) {
  for (long row = 0; row < rows; row++, y += columns, dy += columns, dx += columns) {
    float sum = (float)float_sum(dy, columns);
    ASSAY_EACH(j, columns) dx[j] = dy[j] - sum * float_exp_down(y[j]);
  }
}

ASSAY_INLINE int counts(int32_t label, int32_t ignored, long columns) {
  return label != ignored && label >= 0 && label < columns;
}

ASSAY_CLONES void assay_cross_entropy_rows(
  const float *x, const int32_t *labels, long rows, long columns, int32_t ignored, float smoothing,
  const float *weights, float scale, float *losses, float *gradient) {
  float largest[MOST_ROWS], labelled[MOST_ROWS];
  double sums[MOST_ROWS], spread[MOST_ROWS];
  long block = block_rows(columns);
  float share = columns > 0 ? smoothing / (float)columns : 0;
  double all = weights ? float_sum(weights, columns) : (double)columns;
  for (long first = 0; first < rows; first += block) {
    long height = rows - first < block ? rows - first : block;
    const float *from = x + first * columns;
    // What the loss needs of x, which the exponentials may overwrite.
    for (long row = 0; row < height; row++) {
      const float *line = from + row * columns;
      int32_t label = labels[first + row];
      labelled[row] = counts(label, ignored, columns) ? line[label] : 0;
      spread[row] = 0;
      if (smoothing != 0) spread[row] = weights ? float_product_sum(line, weights, columns) : float_sum(line, columns);
    }
    if (gradient) {
      exponentials(from, gradient + first * columns, height, columns, 1, largest, sums);
    } else {
      exponential_sums(from, height, columns, largest, sums);
    }
    for (long row = 0; row < height; row++) {
      int32_t label = labels[first + row];
      float *to = gradient ? gradient + (first + row) * columns : 0;
      if (!counts(label, ignored, columns)) {
        losses[first + row] = 0;
        if (to) memset(to, 0, (size_t)columns * sizeof(float));
        continue;
      }
      float own = (1 - smoothing) * (weights ? weights[label] : 1);
      double total = (double)own + (double)share * all, most = (double)largest[row];
      double loss = total * (double)float_log((float)sums[row]) - (double)own * ((double)labelled[row] - most);
      if (smoothing != 0) loss -= (double)share * (spread[row] - all * most);
      losses[first + row] = (float)loss;
      if (!to) continue;
      float factor = (float)((double)scale * total / sums[row]), even = scale * share;
      if (smoothing == 0) {
        ASSAY_EACH(j, columns) to[j] *= factor;
      } else if (weights) {
        ASSAY_EACH(j, columns) to[j] = factor * to[j] - even * weights[j];
      } else {
        ASSAY_EACH(j, columns) to[j] = factor * to[j] - even;
      }
      to[label] -= scale * own;
    }
  }
}

