#include "Gemm.h"

#include "GemmMicro.h"

static inline long smaller(long a, long b) { return a < b ? a : b; }

/// Numbers in a cache line, and numbers of B beyond which a block of it is not expected in the second-level cache.
enum { LINE = 16, SECOND_LEVEL = 100000 };

/// Where fetching ahead has got to, and how many lines are fetched before each tile.
typedef struct {
  gemm_ahead memory;
  long line, quota;
} fetching;

static inline void fetch(fetching *f) {
  for (long n = f->quota; n > 0 && f->memory.pieces > 0; n--) {
    __builtin_prefetch(f->memory.from + f->line, 0, 2);
    f->line += LINE;
    if (f->line >= f->memory.length) f->line = 0, f->memory.from += f->memory.stride, f->memory.pieces--;
  }
}

void assay_gemm_block(
  const gemm_kernels *kernels, long rows, const float *const *a, long depth, const float *packed, long first,
  long last, float *const *c, const gemm_pass *pass, const gemm_ahead *ahead) {
  long panel = kernels->columns, tiles = gemm_tile_count(rows, kernels->rows), j = first;
  if (rows <= 2) {
    gemm_pass wide = *pass;
    wide.b_step = panel, wide.b_panel = panel * depth;
    for (; j + 2 * panel <= last; j += 2 * panel) {
      kernels->four[rows - 1](a, packed + j * depth, c, j, 2 * panel, &wide);
    }
  }
  fetching rows_ahead = {{0}}, panel_ahead = {{0}};
  if (ahead && j < last) {
    long calls = tiles * ((last - j + panel - 1) / panel), lines = ahead->pieces * (ahead->length / LINE + 1);
    rows_ahead = (fetching){*ahead, 0, (lines + calls - 1) / calls};
  }
  for (; j < last; j += panel) {
    long used = smaller(last - j, panel);
    const gemm_kernel *choice = used <= kernels->width ? kernels->one : kernels->two;
    if (j + panel < last && (last - first) * depth > SECOND_LEVEL) {
      long size = depth * panel;
      panel_ahead = (fetching){{packed + (j + panel) * depth, 1, size, 0}, 0, (size / LINE + tiles) / tiles};
    }
    for (long tile = 0; tile < tiles; tile++) {
      long begin = gemm_tile_begin(rows, tiles, tile), end = gemm_tile_begin(rows, tiles, tile + 1);
      fetch(&panel_ahead);
      fetch(&rows_ahead);
      choice[end - begin - 1](a + begin, packed + j * depth, c + begin, j, used, pass);
    }
  }
}

/// A product's A, C and finish, and how its rows are divided.
typedef struct {
  const gemm_kernels *kernels;
  long rows, inner;
  const float *a;
  long a_row, a_column;
  int bfloat16, packs;
  float *c;
  long c_row;
  assay_gemm_finish finish;
  float *scratch;
  long block_rows;
} product;

static product describe(
  long rows, long inner, const float *a, long a_row, long a_column, int bfloat16, float *c, long c_row,
  const assay_gemm_finish *finish, float *scratch) {
  static const assay_gemm_finish none = {0, ASSAY_IDENTITY, 0};
  const gemm_kernels *kernels = assay_gemm_kernels();
  product p = {kernels, rows, inner, a, a_row, a_column, bfloat16, bfloat16 || a_column != 1, c, c_row,
               finish ? *finish : none, scratch, 0};
  long blocks = (rows + GEMM_ROWS - 1) / GEMM_ROWS, tallest = kernels->rows;
  if (blocks > 0) p.block_rows = ((rows + blocks - 1) / blocks + tallest - 1) / tallest * tallest;
  return p;
}

/// Points to the rows of A in the block of rows at i and of the inner dimension at k, packed if they must be, and
/// says what the kernels have in common there.
static gemm_pass prepare(
  const product *p, long i, long height, long k, long depth, gemm_run *run, const float **a) {
  gemm_pass pass = {1, run, 1, 0, 0, 0, p->finish.accumulate || k > 0, 0};
  *run = (gemm_run){0, depth};
  if (k + depth == p->inner) pass.bias = p->finish.bias, pass.relu = p->finish.activation == ASSAY_RELU;
  const float *from = p->a + i * p->a_row + k * p->a_column;
  if (!p->packs) {
    for (long r = 0; r < height; r++) a[r] = from + r * p->a_row;
    return pass;
  }
  pass.a_step = GEMM_STRIP;
  assay_gemm_pack_rows(height, depth, from, p->a_row, p->a_column, p->scratch);
  long strips = (height + GEMM_STRIP - 1) / GEMM_STRIP;
  if (p->bfloat16) assay_round_bfloat16(p->scratch, strips * GEMM_STRIP * depth);
  for (long r = 0; r < height; r++) a[r] = p->scratch + (r - r % GEMM_STRIP) * depth + r % GEMM_STRIP;
  return pass;
}

/// What follows after the block of rows at i and of the inner dimension at k.
static gemm_ahead following(const product *p, long i, long height, long k, long depth) {
  k += depth;
  if (k >= p->inner) k = 0, i += height;
  if (i >= p->rows) return (gemm_ahead){0};
  height = smaller(p->rows - i, p->block_rows), depth = smaller(p->inner - k, GEMM_DEPTH);
  const float *from = p->a + i * p->a_row + k * p->a_column;
  if (p->a_column == 1) return (gemm_ahead){from, height, depth, p->a_row};
  return p->a_row == 1 ? (gemm_ahead){from, depth, height, p->a_column} : (gemm_ahead){0};
}

long assay_gemm_scratch(void) { return (GEMM_ROWS + 32) * GEMM_DEPTH; }

void assay_gemm_packed(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, int bfloat16, const float *packed,
  float *c, long c_row, const assay_gemm_finish *finish, float *scratch) {
  product p = describe(rows, inner, a, a_row, a_column, bfloat16, c, c_row, finish, scratch);
  long panel = p.kernels->columns, padded = (columns + panel - 1) / panel * panel;
  const float *a_rows[GEMM_ROWS];
  float *c_rows[GEMM_ROWS];
  gemm_run run;
  for (long i = 0; i < rows; i += p.block_rows) {
    long height = smaller(rows - i, p.block_rows), k = 0;
    for (long r = 0; r < height; r++) c_rows[r] = c + (i + r) * c_row;
    do {
      long depth = smaller(inner - k, GEMM_DEPTH);
      gemm_pass pass = prepare(&p, i, height, k, depth, &run, a_rows);
      gemm_ahead ahead = following(&p, i, height, k, depth);
      assay_gemm_block(p.kernels, height, a_rows, depth, packed + k * padded, 0, columns, c_rows, &pass, &ahead);
      k += depth;
    } while (k < inner);
  }
}

void assay_gemm_small(
  long rows, long columns, long inner, const float *a, long a_row, long a_column, const float *b, long b_row,
  long b_column, int bfloat16, float *c, long c_row, const assay_gemm_finish *finish, float *scratch) {
  product p = describe(rows, inner, a, a_row, a_column, bfloat16, c, c_row, finish, scratch);
  long panel = p.kernels->columns;
  float *packed = scratch + GEMM_ROWS * GEMM_DEPTH;
  const float *a_rows[GEMM_ROWS];
  float *c_rows[GEMM_ROWS];
  gemm_run run;
  for (long i = 0; i < rows; i += p.block_rows) {
    long height = smaller(rows - i, p.block_rows), k = 0;
    for (long r = 0; r < height; r++) c_rows[r] = c + (i + r) * c_row;
    do {
      long depth = smaller(inner - k, GEMM_DEPTH), j = 0;
      gemm_pass pass = prepare(&p, i, height, k, depth, &run, a_rows);
      if (rows <= 2 && b_column == 1 && !bfloat16) {
        // Packing B would take as long as the product.
        pass.b_step = b_row, pass.b_panel = panel;
        for (; j + 2 * panel <= columns; j += 2 * panel) {
          p.kernels->four[rows - 1](a_rows, b + k * b_row + j, c_rows, j, 2 * panel, &pass);
        }
      }
      for (; j < columns; j += panel) {
        long used = smaller(columns - j, panel);
        assay_gemm_pack_panel(panel, used, depth, b + k * b_row + j * b_column, b_column, b_row, packed);
        if (bfloat16) assay_round_bfloat16(packed, depth * panel);
        assay_gemm_block(p.kernels, height, a_rows, depth, packed - j * depth, j, j + used, c_rows, &pass, 0);
      }
      k += depth;
    } while (k < inner);
  }
}
