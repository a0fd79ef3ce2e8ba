#include "CKernels.h"
#include "Processor.h"

typedef double lanes __attribute__((vector_size(64)));

static inline double sum_of(const lanes *value) {
  const double *x = (const double *)value;
  return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
}

static inline int goes_left(
    const assay_node *node, const uint32_t (*sets)[8], const uint8_t *block, ptrdiff_t featureStride, ptrdiff_t row) {
  uint8_t bin = block[node->feature * featureStride + row];
  if (node->set >= 0) return (int)(sets[node->set][bin >> 5] >> (bin & 31)) & 1;
  return bin == 0 ? node->missingLeft : bin <= node->cut;
}

ASSAY_CLONES void assay_add_contributions(
    const assay_tree *tree, const assay_node *nodes, const uint32_t (*sets)[8], const double *leafValues,
    const assay_contribution_tables *tables, const uint8_t *block, ptrdiff_t featureStride, ptrdiff_t rowCount,
    double *values, ptrdiff_t outputs, ptrdiff_t outputStride, double *scratch) {
  const assay_node *node = nodes + tree->firstNode;
  int32_t nodeCount = tree->nodeCount, slots = 2 * nodeCount + 1, groups = tables->points / 8;
  lanes *sums = (lanes *)(void *)scratch;                              // of a slot: path products, then subtree sums
  int32_t *variant = (int32_t *)(void *)(sums + (ptrdiff_t)slots * groups);  // of a slot's edge
  const lanes *ratios = (const lanes *)(const void *)tables->ratios;
  const lanes *weights = (const lanes *)(const void *)tables->weights;
  for (ptrdiff_t row = 0; row < rowCount; row++) {
    for (int32_t k = 0; k < tree->width; k++) {
      double *phi = values + (row * outputs + tree->output + k) * outputStride;
      for (int32_t q = 0; q < groups; q++) sums[q] = (lanes){1, 1, 1, 1, 1, 1, 1, 1};
      for (int32_t i = 0; i < nodeCount; i++) {
        int left = goes_left(node + i, sets, block, featureStride, row);
        int32_t children[2] = {node[i].left, node[i].right};
        for (int side = 0; side < 2; side++) {
          int32_t slot = children[side], before = tables->previous[slot];
          int open = before < 0 || variant[before] == 2;
          int v = !open ? 0 : (left == (side == 0)) ? 2 : 1;
          variant[slot] = v;
          for (int32_t q = 0; q < groups; q++) {
            sums[(ptrdiff_t)slot * groups + q] =
                sums[(ptrdiff_t)i * groups + q] * ratios[((ptrdiff_t)3 * slot + v) * groups + q];
          }
        }
      }
      for (int32_t leaf = 0; leaf <= nodeCount; leaf++) {
        double value = leafValues[tree->firstValue + (int64_t)leaf * tree->width + k];
        for (int32_t q = 0; q < groups; q++) sums[(ptrdiff_t)(nodeCount + leaf) * groups + q] *= value;
      }
      for (int32_t i = nodeCount - 1; i >= 0; i--) {
        lanes part = {0};
        int32_t left = node[i].left, right = node[i].right;
        for (int32_t q = 0; q < groups; q++) {
          lanes leftSum = sums[(ptrdiff_t)left * groups + q], rightSum = sums[(ptrdiff_t)right * groups + q];
          part += weights[((ptrdiff_t)3 * left + variant[left]) * groups + q] * leftSum
              + weights[((ptrdiff_t)3 * right + variant[right]) * groups + q] * rightSum;
          sums[(ptrdiff_t)i * groups + q] = leftSum + rightSum;
        }
        phi[node[i].feature] += sum_of(&part);
      }
    }
  }
}
