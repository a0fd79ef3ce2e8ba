#include "CKernels.h"
#include "Processor.h"

static inline int in_set(const uint32_t set[8], uint8_t bin) { return (set[bin >> 5] >> (bin & 31)) & 1; }

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

// The same for a processor with half the width: a comparison is two, and each row is added on its own, by walking over
// the bits of the leaves that any row reaches.
ASSAY_AVX2 static void add_tree_by_half_masks(
    const assay_tree *tree, const assay_node *nodes, const uint32_t (*sets)[8], const double *values,
    const uint8_t *block, ptrdiff_t featureStride, double *margins, uint64_t *reach) {
  int32_t nodeCount = tree->nodeCount;
  const assay_node *node = nodes + tree->firstNode;
  reach[0] = ~0ull;
  for (int32_t i = 0; i < nodeCount; i++) {
    const uint8_t *bins = block + node[i].feature * featureStride;
    uint64_t goes = 0;
    if (node[i].set < 0) {
      uint8_t shift = (uint8_t)(1 - node[i].missingLeft);
      __m256i shifts = _mm256_set1_epi8((char)shift), cut = _mm256_set1_epi8((char)(node[i].cut - shift));
      __m256i low = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)bins), shifts);
      __m256i high = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(bins + 32)), shifts);
      uint32_t lowGoes = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(low, cut), cut));
      uint32_t highGoes = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(high, cut), cut));
      goes = (uint64_t)highGoes << 32 | lowGoes;
    } else {
      for (int row = 0; row < 64; row++) goes |= (uint64_t)in_set(sets[node[i].set], bins[row]) << row;
    }
    uint64_t here = reach[i];
    reach[node[i].left] = here & goes;
    reach[node[i].right] = here & ~goes;
  }
  for (int32_t leaf = 0; leaf <= nodeCount; leaf++) {
    for (uint64_t rows = reach[nodeCount + leaf]; rows; rows &= rows - 1) {
      add_row(tree, values, leaf, __builtin_ctzll(rows), margins);
    }
  }
}
#endif

// Testing every node costs less than walking down for trees of up to so many.
enum { mostNodesOfMasks = 255, mostNodesOfHalfMasks = 511 };

void assay_add_trees(
    const assay_tree *trees, ptrdiff_t treeCount, const assay_node *nodes, const uint32_t (*sets)[8],
    const double *values, const uint8_t *block, ptrdiff_t featureStride, double *margins, uint64_t *scratch) {
#if ASSAY_X86
  int wide = assay_has_avx512(), half = assay_has_avx2();
#endif
  for (ptrdiff_t t = 0; t < treeCount; t++) {
#if ASSAY_X86
    if (wide && trees[t].nodeCount <= mostNodesOfMasks) {
      add_tree_by_masks(trees + t, nodes, sets, values, block, featureStride, margins, scratch);
      continue;
    }
    if (half && trees[t].nodeCount <= mostNodesOfHalfMasks) {
      add_tree_by_half_masks(trees + t, nodes, sets, values, block, featureStride, margins, scratch);
      continue;
    }
#endif
    add_tree_by_rows(trees + t, nodes, sets, values, block, featureStride, margins);
  }
}

#if ASSAY_X86
// A step down waits for its node to come from memory, and which way it goes cannot be foreseen: sixteen trees at a time
// let the waits overlap, without branches.
ASSAY_AVX512 static void leaves_of_row(
    const assay_tree *trees, int count, const assay_node *nodes, const uint32_t (*sets)[8], const uint8_t *bins,
    int32_t *leaves) {
  enum { words = sizeof(assay_node) / 4 };
  int32_t starts[16] = {0}, counts[16] = {0};
  for (int lane = 0; lane < count; lane++) {
    starts[lane] = (int32_t)trees[lane].firstNode;
    counts[lane] = trees[lane].nodeCount;
  }
  __m512i start = _mm512_loadu_si512(starts), nodeCount = _mm512_loadu_si512(counts);
  __m512i slot = _mm512_setzero_si512(), zero = slot, byte = _mm512_set1_epi32(255);
  __mmask16 walking = _mm512_cmplt_epi32_mask(slot, nodeCount);
  const int32_t *node = (const int32_t *)nodes;
  while (walking) {
    __m512i at = _mm512_mullo_epi32(_mm512_add_epi32(start, slot), _mm512_set1_epi32(words));
    __m512i feature = _mm512_mask_i32gather_epi32(zero, walking, at, node, 4);
    __m512i set = _mm512_mask_i32gather_epi32(zero, walking, at, node + 3, 4);
    __m512i test = _mm512_mask_i32gather_epi32(zero, walking, at, node + 4, 4);
    __m512i bin = _mm512_and_si512(_mm512_mask_i32gather_epi32(zero, walking, feature, bins, 1), byte);
    __mmask16 missing = _mm512_cmpeq_epi32_mask(bin, zero);
    __mmask16 below = _mm512_cmple_epi32_mask(bin, _mm512_and_si512(test, byte));
    __mmask16 missingLeft = _mm512_test_epi32_mask(test, _mm512_set1_epi32(0xff00));
    __mmask16 left = (missing & missingLeft) | (~missing & below);
    __mmask16 categorical = walking & _mm512_cmpge_epi32_mask(set, zero);
    if (categorical) {
      __m512i word = _mm512_add_epi32(_mm512_slli_epi32(set, 3), _mm512_srli_epi32(bin, 5));
      __m512i bits = _mm512_mask_i32gather_epi32(zero, categorical, word, sets, 4);
      __m512i bit = _mm512_sllv_epi32(_mm512_set1_epi32(1), _mm512_and_si512(bin, _mm512_set1_epi32(31)));
      left = (left & ~categorical) | _mm512_mask_test_epi32_mask(categorical, bits, bit);
    }
    // The left child is the second word of a node, the right one the third.
    __m512i child = _mm512_mask_sub_epi32(
        _mm512_add_epi32(at, _mm512_set1_epi32(2)), left, _mm512_add_epi32(at, _mm512_set1_epi32(2)),
        _mm512_set1_epi32(1));
    slot = _mm512_mask_i32gather_epi32(slot, walking, child, node, 4);
    walking &= _mm512_cmplt_epi32_mask(slot, nodeCount);
  }
  _mm512_storeu_si512(leaves, _mm512_sub_epi32(slot, nodeCount));
}
#endif

void assay_add_trees_to_row(
    const assay_tree *trees, ptrdiff_t treeCount, const assay_node *nodes, const uint32_t (*sets)[8],
    const double *values, const uint8_t *bins, double *margins) {
  ptrdiff_t first = 0;
#if ASSAY_X86
  // The positions of words in the nodes must fit 32 bits.
  ptrdiff_t nodeCount = treeCount ? trees[treeCount - 1].firstNode + trees[treeCount - 1].nodeCount : 0;
  if (assay_has_avx512() && nodeCount < INT32_MAX / (ptrdiff_t)(sizeof(assay_node) / 4)) {
    for (; first < treeCount; first += 16) {
      int count = treeCount - first < 16 ? (int)(treeCount - first) : 16;
      int32_t leaves[16];
      leaves_of_row(trees + first, count, nodes, sets, bins, leaves);
      for (int lane = 0; lane < count; lane++) add_row(trees + first + lane, values, leaves[lane], 0, margins);
    }
    return;
  }
#endif
  for (; first < treeCount; first++) {
    add_row(trees + first, values, leaf_of_bins(trees + first, nodes, sets, bins, 1, 0), 0, margins);
  }
}
