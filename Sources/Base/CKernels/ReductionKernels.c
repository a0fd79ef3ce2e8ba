#include "CKernels.h"
#include "Processor.h"
#include "WideRows.h"

#pragma clang fp contract(fast)

ASSAY_CLONES void assay_column_sums(const float *x, long rows, long columns, float *sums) {
  ASSAY_SUM_COLUMNS(rows, columns, sums, wide_rows_add, x)
}
