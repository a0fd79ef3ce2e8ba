#include "CKernels.h"
#include "Processor.h"

static inline int in_set(const uint32_t set[8], uint8_t bin) { return (set[bin >> 5] >> (bin & 31)) & 1; }

// Where a row goes from a node, by raw values.
static inline int32_t next_slot(
    const assay_node *at, const uint32_t (*sets)[8], const float *row, const uint8_t *bins) {
  float x = row[at->feature];
  int goesLeft = at->set >= 0 ? in_set(sets[at->set], bins[at->feature]) : x != x ? at->missingLeft : x <= at->threshold;
  return goesLeft ? at->left : at->right;
}

// The leaf of one of the block's rows, from bins.
static inline int32_t leaf_of_bins(
    const assay_tree *tree, const assay_node *nodes, const uint32_t (*sets)[8], const uint8_t *block,
    ptrdiff_t featureStride, int row) {
  const assay_node *node = nodes + tree->firstNode;
  int32_t slot = 0;
  while (slot < tree->nodeCount) {
    const assay_node *at = node + slot;
    uint8_t bin = block[at->feature * featureStride + row];
    int goesLeft = at->set >= 0 ? in_set(sets[at->set], bin) : bin == 0 ? at->missingLeft : bin <= at->cut;
    slot = goesLeft ? at->left : at->right;
  }
  return slot - tree->nodeCount;
}

static inline void add_row(
    const assay_tree *tree, const double *values, int32_t leaf, int row, double *margins) {
  for (int32_t k = 0; k < tree->width; k++) {
    margins[(tree->output + k) * 64 + row] += values[tree->firstValue + (int64_t)leaf * tree->width + k];
  }
}

static void add_tree_by_rows(
    const assay_tree *tree, const assay_node *nodes, const uint32_t (*sets)[8], const double *values,
    const uint8_t *block, ptrdiff_t featureStride, double *margins) {
  for (int row = 0; row < 64; row++) {
    add_row(tree, values, leaf_of_bins(tree, nodes, sets, block, featureStride, row), row, margins);
  }
}

#if ASSAY_X86
// A tree of up to 256 leaves over 64 rows at once: every node is tested for all rows with one comparison, and the rows
// that reach a slot are the bits of a word.
ASSAY_AVX512 static void add_tree_by_masks(
    const assay_tree *tree, const assay_node *nodes, const uint32_t (*sets)[8], const double *values,
    const uint8_t *block, ptrdiff_t featureStride, double *margins, uint64_t *reach) {
  int32_t nodeCount = tree->nodeCount;
  const assay_node *node = nodes + tree->firstNode;
  reach[0] = ~0ull;
  for (int32_t i = 0; i < nodeCount; i++) {
    __m512i bins = _mm512_loadu_si512(block + node[i].feature * featureStride);
    uint64_t goes;
    if (node[i].set < 0) {
      // Bin 0 is below every cut; where missing goes right, subtracting 1 moves it above them all.
      uint8_t shift = (uint8_t)(1 - node[i].missingLeft);
      __m512i moved = _mm512_sub_epi8(bins, _mm512_set1_epi8((char)shift));
      goes = _mm512_cmple_epu8_mask(moved, _mm512_set1_epi8((char)(node[i].cut - shift)));
    } else {
      uint8_t lanes[64];
      _mm512_storeu_si512(lanes, bins);
      goes = 0;
      for (int row = 0; row < 64; row++) goes |= (uint64_t)in_set(sets[node[i].set], lanes[row]) << row;
    }
    uint64_t here = reach[i];
    reach[node[i].left] = here & goes;
    reach[node[i].right] = here & ~goes;
  }
  __m512i leafOf = _mm512_setzero_si512();
  for (int32_t leaf = 0; leaf <= nodeCount; leaf++) {
    leafOf = _mm512_mask_mov_epi8(leafOf, reach[nodeCount + leaf], _mm512_set1_epi8((char)leaf));
  }
  uint8_t leaves[64];
  _mm512_storeu_si512(leaves, leafOf);
  const double *value = values + tree->firstValue;
  __m512i width = _mm512_set1_epi64(tree->width);
  for (int row = 0; row < 64; row += 8) {
    __m512i index = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(leaves + row)));
    if (tree->width > 1) index = _mm512_mullo_epi64(index, width);
    for (int32_t k = 0; k < tree->width; k++) {
      double *margin = margins + (tree->output + k) * 64 + row;
      __m512d sum = _mm512_add_pd(_mm512_loadu_pd(margin), _mm512_i64gather_pd(index, value + k, 8));
      _mm512_storeu_pd(margin, sum);
    }
  }
}
#endif

void assay_add_trees(
    const assay_tree *trees, ptrdiff_t treeCount, const assay_node *nodes, const uint32_t (*sets)[8],
    const double *values, const uint8_t *block, ptrdiff_t featureStride, double *margins, uint64_t *scratch) {
#if ASSAY_X86
  int fast = assay_has_avx512();
#endif
  for (ptrdiff_t t = 0; t < treeCount; t++) {
#if ASSAY_X86
    if (fast && trees[t].nodeCount < 256) {
      add_tree_by_masks(trees + t, nodes, sets, values, block, featureStride, margins, scratch);
      continue;
    }
#endif
    add_tree_by_rows(trees + t, nodes, sets, values, block, featureStride, margins);
  }
}

void assay_add_trees_to_row(
    const assay_tree *trees, ptrdiff_t treeCount, const assay_node *nodes, const uint32_t (*sets)[8],
    const double *values, const float *row, const uint8_t *bins, double *margins) {
  // A step waits for its node to come from memory: walking down several trees in turn lets the waits overlap.
  enum { lanes = 8 };
  for (ptrdiff_t first = 0; first < treeCount; first += lanes) {
    int count = treeCount - first < lanes ? (int)(treeCount - first) : lanes;
    int32_t slot[lanes] = {0};
    for (int walking = 1; walking;) {
      walking = 0;
      for (int lane = 0; lane < count; lane++) {
        const assay_tree *tree = trees + first + lane;
        if (slot[lane] >= tree->nodeCount) continue;
        slot[lane] = next_slot(nodes + tree->firstNode + slot[lane], sets, row, bins);
        walking = 1;
      }
    }
    for (int lane = 0; lane < count; lane++) {
      const assay_tree *tree = trees + first + lane;
      add_row(tree, values, slot[lane] - tree->nodeCount, 0, margins);
    }
  }
}
