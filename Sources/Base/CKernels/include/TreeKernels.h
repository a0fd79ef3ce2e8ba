// Loops of the histogram trees: binning, histograms, cuts, partition, gradients, prediction.
//
// A bin is one byte: 0 is "missing", 1 + k says that k cuts lie below the value. A gradient and a hessian are integers
// packed into one word, gradient * 2^32 + hessian, so that one addition adds both; sums are exact in any order.
#ifndef ASSAY_TREE_KERNELS_H
#define ASSAY_TREE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Bins of values: 0 for not-a-number, else 1 + the number of cuts that are below the value.
// `cuts`: 256 ascending numbers, those not used are +infinity.
void assay_bin_values(const float *values, ptrdiff_t count, const float *cuts, uint8_t *bins);

// Sorts numbers (no not-a-number) ascending, -0 before 0, by radix; fewer than 2^32 numbers. `scratch` is as large.
void assay_sort_floats(float *values, ptrdiff_t count, float *scratch);

// Copies rows [begin, end) of columns (each `columnStride` bytes after the one before) into rows of `rowStride` bytes.
void assay_interleave(
    const uint8_t *columns, ptrdiff_t columnStride, ptrdiff_t columnCount, ptrdiff_t begin, ptrdiff_t end, uint8_t *rows,
    ptrdiff_t rowStride);

// Adds the packed gradients of rows to a histogram. The rows are rows[begin ..< end], or begin ..< end themselves
// where `rows` is null. `features` are ascending columns of `bins`; the cells of feature f begin at offsets[f].
void assay_histogram(
    const uint8_t *bins, ptrdiff_t rowStride, const uint32_t *rows, ptrdiff_t begin, ptrdiff_t end,
    const int64_t *gradients, const uint32_t *features, ptrdiff_t featureCount, const uint32_t *offsets,
    int64_t *histogram);

// target[i] += source[i].
void assay_add_words(int64_t *target, const int64_t *source, ptrdiff_t count);

// target[i] -= source[i].
void assay_subtract_words(int64_t *target, const int64_t *source, ptrdiff_t count);

// Counts rows by bin of one column: counts[bin] += 1.
void assay_count_bins(const uint8_t *column, const uint32_t *rows, ptrdiff_t count, uint32_t *counts);

// The sum of packed gradients of rows.
int64_t assay_sum_rows(const int64_t *gradients, const uint32_t *rows, ptrdiff_t count);

// Splits rows, keeping their order: those whose bin is in the set of 256 bits go to `left`, the others to `right`.
// `left` may be `rows`. Both have room for all rows; 3 bytes behind the column are readable. Returns the number that
// went left.
ptrdiff_t assay_partition(
    const uint8_t *column, const uint32_t *rows, ptrdiff_t count, const uint32_t set[8], uint32_t *left,
    uint32_t *right);

// What the search for a cut needs besides the histogram.
typedef struct {
  double gradientUnit;    // the gradient of one integer unit
  double hessianUnit;     // the hessian of one integer unit
  double l1, l2;          // regularisation of leaf values
  double minimumHessian;  // of each side
  double lower, upper;    // bounds of leaf values
  double minimumRows;     // of each side
  double leafRows;        // rows on both sides together
  double rowsPerUnit;     // a side of hessian h (integer units) has at least h * rowsPerUnit rows
  int32_t monotone;       // -1, 0 or 1: the sign that right value - left value must have
  int32_t bounded;        // whether lower, upper or monotone say anything
  int32_t onlyCut;        // 0, or the only bin that may end the left side
  int32_t rowsExact;      // whether a side has exactly h * rowsPerUnit rows
} assay_cut_rules;

typedef struct {
  double gain;          // improvement over the parent's score; -infinity if there is no cut
  int64_t left;         // packed sums of the left side
  int32_t bin;          // bins 1 ... bin go left
  int32_t missingLeft;  // whether bin 0 goes left
  int32_t rowsKnown;    // whether both sides surely have the minimum of rows
  int32_t hadMissing;   // whether bin 0 had any sums, so that its direction was learned
} assay_cut;

// The leaf score with these sums: what the loss falls by, times two.
double assay_leaf_score(double gradient, double hessian, const assay_cut_rules *rules);

// The leaf value with these sums.
double assay_leaf_value(double gradient, double hessian, const assay_cut_rules *rules);

// The best cut of a feature with `binCount` bins (bin 0 included). `counts` are the rows by bin, or null: then cuts
// whose rows are not known to suffice are let through with `rowsKnown` = 0.
void assay_best_cut(
    const int64_t *histogram, int32_t binCount, int64_t total, double parentScore, const assay_cut_rules *rules,
    const uint32_t *counts, assay_cut *result);

// The best cut by Gini impurity (weighted): the histogram of class k begins at histograms + k * classStride, its cells
// are sums of weights, totals[k] their sum. Only the minimum of weight (`minimumHessian`), of rows and `onlyCut` count.
void assay_best_class_cut(
    const int64_t *histograms, ptrdiff_t classStride, int32_t classCount, int32_t binCount, const int64_t *totals,
    const assay_cut_rules *rules, const uint32_t *counts, assay_cut *result);

// Gradients of the logistic loss at base + scores, labels 0 or 1: g = w (p - y), h = w p (1 - p). `weights` may be
// null. sums[0] += |g|, sums[1] += h; largest[0] = max |g|, largest[1] = max h so far.
void assay_logistic_gradients(
    const float *scores, const float *labels, const float *weights, float base, ptrdiff_t count, float *gradients,
    float *hessians, double sums[2], float largest[2]);

// exp of every number, relative error below 2e-7; arguments beyond +-87 are cut off there.
void assay_exp_floats(const float *values, ptrdiff_t count, float *results);

// sums[0] += |g|, sums[1] += h; largest[0] = max |g|, largest[1] = max h so far. `hessians` may be null.
void assay_gradient_sums(
    const float *gradients, const float *hessians, ptrdiff_t count, double sums[2], float largest[2]);

// Packs gradients: floor(g * gradientScale + u), with u in [0, 1) hashed from seed and row, so that sums are unbiased.
// `hessians` null: every hessian is the integer 1. `firstRow` is the row of gradients[0].
void assay_pack_gradients(
    const float *gradients, const float *hessians, ptrdiff_t count, uint32_t firstRow, float gradientScale,
    float hessianScale, uint32_t seed, int64_t *packed);

// scores[rows[i]] += value.
void assay_add_to_rows(float *scores, const uint32_t *rows, ptrdiff_t count, float value);

// A node with a test. Slots 0 ..< nodeCount are nodes, parents before children; slot nodeCount + k is leaf k.
typedef struct {
  int32_t feature;
  int32_t left, right;  // slots
  int32_t set;          // categorical: index of the set of bins that go left; -1 for numeric
  uint8_t cut;          // numeric: bins <= cut go left
  uint8_t missingLeft;  // numeric: whether missing goes left
} assay_node;

typedef struct {
  int64_t firstNode;
  int64_t firstValue;  // leaf k has values[firstValue + k * width ..< + width]
  int32_t nodeCount;   // leaves: nodeCount + 1
  int32_t output;      // the first output its values add to
  int32_t width;
} assay_tree;

// Adds the values of trees to 64 rows: margins[output * 64 + row]. The bins of a feature's 64 rows begin at
// block + feature * featureStride. `scratch` has room for 8 * (2 * the largest nodeCount + 1) bytes.
void assay_add_trees(
    const assay_tree *trees, ptrdiff_t treeCount, const assay_node *nodes, const uint32_t (*sets)[8],
    const double *values, const uint8_t *block, ptrdiff_t featureStride, double *margins, uint64_t *scratch);

// Adds the values of trees to one row, margins[output * 64], from its bin of each feature; 3 bytes behind the bins must
// be readable.
void assay_add_trees_to_row(
    const assay_tree *trees, ptrdiff_t treeCount, const assay_node *nodes, const uint32_t (*sets)[8],
    const double *values, const uint8_t *bins, double *margins);

// A tree prepared for Shapley values (see TreeContributions.swift). Slots other than 0 are children; for the slot's edge
// and variant v (0: the path was left before, 1: it is left here, 2: the row follows it) the `points` factors begin at
// ratios[(3 * slot + v) * points] and the weights at weights[(3 * slot + v) * points].
typedef struct {
  const double *ratios;
  const double *weights;
  const int32_t *previous;  // the slot of the nearest edge above that tests the same feature, or -1
  int32_t points;           // a multiple of 8
} assay_contribution_tables;

// Adds one tree's Shapley values to those of up to 64 rows: values[(row * outputs + output) * outputStride + feature].
// `scratch` has room for (2 * nodeCount + 1) * (points + 1) doubles, aligned to 64 bytes; so are the tables.
void assay_add_contributions(
    const assay_tree *tree, const assay_node *nodes, const uint32_t (*sets)[8], const double *leafValues,
    const assay_contribution_tables *tables, const uint8_t *block, ptrdiff_t featureStride, ptrdiff_t rowCount,
    double *values, ptrdiff_t outputs, ptrdiff_t outputStride, double *scratch);

#endif
