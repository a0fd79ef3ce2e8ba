// The parts that matrix products and convolutions share: small kernels that hold a tile of C in registers, and packing.
#ifndef ASSAY_GEMM_MICRO_H
#define ASSAY_GEMM_MICRO_H

/// Inner indices in a block: a panel of B of that depth stays in the first-level cache.
enum { GEMM_DEPTH = 256 };

/// The most rows of A that are worked on at a time: packed, they stay in the second-level cache. A multiple of every
/// tile's height.
enum { GEMM_ROWS = 96 };

/// The rows of A that are packed side by side. More than the rows of some tiles, because copying few at a time is slow.
enum { GEMM_STRIP = 12 };

/// A piece of the inner dimension: `length` steps through A that begin `offset` numbers behind where a row begins.
typedef struct {
  long offset, length;
} gemm_run;

/// What the kernels of one block of the inner dimension have in common.
typedef struct {
  /// Numbers of A from an inner index to the next, and the pieces, whose lengths sum to the block's depth.
  long a_step;
  const gemm_run *runs;
  long run_count;
  /// For the kernels of four vectors: numbers of B from an inner index to the next and from a panel to the next.
  long b_step, b_panel;
  /// Added at the end, by column of C, or null.
  const float *bias;
  /// Whether C is added to, and whether negative numbers then become zero.
  int accumulate, relu;
} gemm_pass;

/// Computes a tile: row i of A begins at a[i], of C at c[i] + column; of the tile's columns only `used` exist.
typedef void (*gemm_kernel)(
  const float *const *a, const float *b, float *const *c, long column, long used, const gemm_pass *pass);

enum { GEMM_TALLEST = 12 };

/// The kernels of a processor, by the number of rows less one: `one` vector of columns, a panel of `two`, and, for one
/// and two rows, which alone would wait for their own additions, two panels.
typedef struct {
  long rows, columns, width;
  gemm_kernel one[GEMM_TALLEST], two[GEMM_TALLEST], four[2];
} gemm_kernels;

const gemm_kernels *assay_gemm_kernels(void);

/// Copies `used` lanes of `depth` steps, number (lane, step) at from[lane * lane_stride + step * step_stride], to
/// to[step * width + lane]; lanes from `used` to `width` become zero. Width 8, 12, 16 or 32.
void assay_gemm_pack_panel(
  long width, long used, long depth, const float *from, long lane_stride, long step_stride, float *to);

/// Packs rows of A in strips: row r at step k goes to to[r / GEMM_STRIP * GEMM_STRIP * depth + k * GEMM_STRIP + r %
/// GEMM_STRIP].
void assay_gemm_pack_rows(long rows, long depth, const float *from, long row_stride, long step_stride, float *to);

/// Rounds numbers to bfloat16, to nearest and ties to even; not-a-number stays so.
void assay_round_bfloat16(float *x, long count);

/// Memory that will be read soon, to be fetched a little at a time: `pieces` of `length` numbers, `stride` from one to
/// the next.
typedef struct {
  const float *from;
  long pieces, length, stride;
} gemm_ahead;

/// Multiplies `rows` rows of A, at most GEMM_ROWS, with the columns [first, last) of one block of packed B, the block's
/// first panel at `packed`. Meanwhile fetches `ahead`, unless it is null, into the second-level cache.
void assay_gemm_block(
  const gemm_kernels *kernels, long rows, const float *const *a, long depth, const float *packed, long first,
  long last, float *const *c, const gemm_pass *pass, const gemm_ahead *ahead);

/// The rows of the tiles when `rows` rows are divided evenly into as few tiles as do.
static inline long gemm_tile_count(long rows, long tallest) { return (rows + tallest - 1) / tallest; }
static inline long gemm_tile_begin(long rows, long tiles, long tile) {
  long base = rows / tiles, more = rows % tiles;
  return tile * base + (tile < more ? tile : more);
}

#endif
