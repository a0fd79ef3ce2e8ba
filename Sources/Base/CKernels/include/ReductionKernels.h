#ifndef ASSAY_REDUCTION_KERNELS_H
#define ASSAY_REDUCTION_KERNELS_H

/// sums[j] += the sum over rows of x[row][j]; `sums` has `columns` numbers. The order depends on the sizes alone and is
/// about as precise as pairwise summation. Not-a-number spreads.
void assay_column_sums(const float *x, long rows, long columns, float *sums);

#endif
