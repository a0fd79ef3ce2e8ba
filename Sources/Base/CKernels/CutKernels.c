#include <math.h>

#include "CKernels.h"
#include "Processor.h"

// The same numbers on every processor: no fused operations here.
#pragma clang fp contract(off)

static inline double shrunk(double gradient, double l1) {
  double size = fabs(gradient) - l1;
  return size > 0 ? (gradient > 0 ? size : -size) : 0;
}

static inline double value_of(double gradient, double hessian, const assay_cut_rules *rules) {
  double denominator = hessian + rules->l2;
  double value = denominator > 0 ? -shrunk(gradient, rules->l1) / denominator : 0;
  return value < rules->lower ? rules->lower : value > rules->upper ? rules->upper : value;
}

static inline double score_of_value(double value, double gradient, double hessian, const assay_cut_rules *rules) {
  return -2 * (gradient * value + rules->l1 * fabs(value)) - (hessian + rules->l2) * value * value;
}

static inline double free_score(double gradient, double hessian, double l1, double l2) {
  double size = fabs(gradient) - l1;
  size = size > 0 ? size : 0;
  double denominator = hessian + l2;
  return denominator > 0 ? size * size / denominator : 0;
}

double assay_leaf_value(double gradient, double hessian, const assay_cut_rules *rules) {
  return value_of(gradient, hessian, rules);
}

double assay_leaf_score(double gradient, double hessian, const assay_cut_rules *rules) {
  if (!rules->bounded) return free_score(gradient, hessian, rules->l1, rules->l2);
  return score_of_value(value_of(gradient, hessian, rules), gradient, hessian, rules);
}

// Gains of all cuts of one direction; `left` are the packed sums of the left sides. What a cut may not do is -infinity.
ASSAY_CLONES static void gains_of(
    const int64_t *left, int32_t count, int64_t total, double parentScore, const assay_cut_rules *rules, double *gains) {
  double gradientUnit = rules->gradientUnit, hessianUnit = rules->hessianUnit;
  double l1 = rules->l1, l2 = rules->l2, minimum = rules->minimumHessian;
  if (!rules->bounded) {
    for (int32_t i = 0; i < count; i++) {
      int64_t right = total - left[i];
      double leftGradient = (double)(int32_t)(left[i] >> 32) * gradientUnit;
      double leftHessian = (double)(uint32_t)left[i] * hessianUnit;
      double rightGradient = (double)(int32_t)(right >> 32) * gradientUnit;
      double rightHessian = (double)(uint32_t)right * hessianUnit;
      double gain = free_score(leftGradient, leftHessian, l1, l2) + free_score(rightGradient, rightHessian, l1, l2)
          - parentScore;
      int allowed = (leftHessian >= minimum) & (rightHessian >= minimum);
      gains[i] = allowed ? gain : -INFINITY;
    }
    return;
  }
  for (int32_t i = 0; i < count; i++) {
    int64_t right = total - left[i];
    double leftGradient = (double)(int32_t)(left[i] >> 32) * gradientUnit;
    double leftHessian = (double)(uint32_t)left[i] * hessianUnit;
    double rightGradient = (double)(int32_t)(right >> 32) * gradientUnit;
    double rightHessian = (double)(uint32_t)right * hessianUnit;
    double leftValue = value_of(leftGradient, leftHessian, rules);
    double rightValue = value_of(rightGradient, rightHessian, rules);
    double gain = score_of_value(leftValue, leftGradient, leftHessian, rules)
        + score_of_value(rightValue, rightGradient, rightHessian, rules) - parentScore;
    int allowed = (leftHessian >= minimum) & (rightHessian >= minimum)
        & ((rightValue - leftValue) * (double)rules->monotone >= 0);
    gains[i] = allowed ? gain : -INFINITY;
  }
}

// The rows of every bin, summed up from bin 1; null counts: not known.
typedef struct {
  const uint32_t *counts;
  uint32_t left[256];
  double total;
} row_sums;

static void sum_rows(const uint32_t *counts, int32_t binCount, double leafRows, row_sums *rows) {
  uint32_t sum = 0;
  rows->counts = counts;
  rows->total = leafRows;
  if (!counts) return;
  for (int32_t bin = 1; bin < binCount; bin++) rows->left[bin - 1] = sum += counts[bin];
}

// Looks for a larger gain among cuts whose left sides end at bins 1 ... count; `left` are the weights of left sides.
static void take_best(
    const int64_t *left, const double *gains, int32_t count, int64_t total, uint64_t weightMask, int32_t missingLeft,
    const assay_cut_rules *rules, const row_sums *rows, assay_cut *result) {
  for (int32_t i = 0; i < count; i++) {
    if (!(gains[i] > result->gain)) continue;
    if (rules->onlyCut > 0 && i + 1 != rules->onlyCut) continue;
    int32_t known = 1;
    if (rows->counts) {
      double side = (double)rows->left[i] + (missingLeft ? rows->counts[0] : 0);
      if (side < rules->minimumRows || rows->total - side < rules->minimumRows) continue;
    } else {
      double least = (double)((uint64_t)left[i] & weightMask), rest = (double)((uint64_t)(total - left[i]) & weightMask);
      least = (least < rest ? least : rest) * rules->rowsPerUnit;
      known = least >= rules->minimumRows;
      if (!known && rules->rowsExact) continue;
    }
    result->gain = gains[i];
    result->left = left[i];
    result->bin = i + 1;
    result->missingLeft = missingLeft;
    result->rowsKnown = known;
  }
}

static void clear_cut(int hadMissing, assay_cut *result) {
  assay_cut none = {-INFINITY, 0, 0, 0, 1, hadMissing};
  *result = none;
}

void assay_best_cut(
    const int64_t *histogram, int32_t binCount, int64_t total, double parentScore, const assay_cut_rules *rules,
    const uint32_t *counts, assay_cut *result) {
  int64_t left[256];
  double gains[256];
  row_sums rows;
  int64_t missing = histogram[0], sum = 0;
  clear_cut(missing != 0, result);
  // Missing goes right; with something missing, "all values left" is a cut too.
  int32_t cuts = missing != 0 ? binCount - 1 : binCount - 2;
  if (cuts <= 0) return;
  for (int32_t bin = 1; bin <= cuts; bin++) {
    sum += histogram[bin];
    left[bin - 1] = sum;
  }
  sum_rows(counts, binCount, rules->leafRows, &rows);
  gains_of(left, cuts, total, parentScore, rules, gains);
  take_best(left, gains, cuts, total, 0xFFFFFFFFu, 0, rules, &rows, result);
  if (missing == 0) return;
  cuts = binCount - 2;
  for (int32_t i = 0; i < cuts; i++) left[i] += missing;
  gains_of(left, cuts, total, parentScore, rules, gains);
  take_best(left, gains, cuts, total, 0xFFFFFFFFu, 1, rules, &rows, result);
}

ASSAY_CLONES static void add_class(
    const int64_t *histogram, int32_t cuts, int64_t start, int64_t total, double unit, int64_t *left, double *squares,
    double *squaresRight) {
  int64_t sums[256];
  int64_t sum = start;
  for (int32_t i = 0; i < cuts; i++) {
    sum += histogram[i + 1];
    sums[i] = sum;
  }
  for (int32_t i = 0; i < cuts; i++) {
    double here = (double)sums[i] * unit, there = (double)(total - sums[i]) * unit;
    squares[i] += here * here;
    squaresRight[i] += there * there;
    left[i] += sums[i];
  }
}

void assay_best_class_cut(
    const int64_t *histograms, ptrdiff_t classStride, int32_t classCount, int32_t binCount, const int64_t *totals,
    const assay_cut_rules *rules, const uint32_t *counts, assay_cut *result) {
  int64_t left[256];
  double gains[256], squares[256], squaresRight[256];
  row_sums rows;
  int64_t total = 0, missing = 0;
  double unit = rules->hessianUnit, parent = 0;
  for (int32_t k = 0; k < classCount; k++) {
    total += totals[k];
    missing += histograms[k * classStride];
    parent += (double)totals[k] * unit * ((double)totals[k] * unit);
  }
  parent /= (double)total * unit;
  clear_cut(missing != 0, result);
  sum_rows(counts, binCount, rules->leafRows, &rows);
  for (int32_t missingLeft = 0; missingLeft <= (missing != 0); missingLeft++) {
    int32_t cuts = missing != 0 && !missingLeft ? binCount - 1 : binCount - 2;
    if (cuts <= 0) continue;
    for (int32_t i = 0; i < cuts; i++) {
      left[i] = 0;
      squares[i] = squaresRight[i] = 0;
    }
    for (int32_t k = 0; k < classCount; k++) {
      const int64_t *histogram = histograms + k * classStride;
      add_class(histogram, cuts, missingLeft ? histogram[0] : 0, totals[k], unit, left, squares, squaresRight);
    }
    for (int32_t i = 0; i < cuts; i++) {
      double here = (double)left[i] * unit, there = (double)(total - left[i]) * unit;
      int allowed = here > 0 && there > 0 && here >= rules->minimumHessian && there >= rules->minimumHessian;
      gains[i] = allowed ? squares[i] / here + squaresRight[i] / there - parent : -INFINITY;
    }
    take_best(left, gains, cuts, total, ~0ull, missingLeft, rules, &rows, result);
  }
}
