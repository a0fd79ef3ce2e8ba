// Products of small matrices that lie in the first two caches, tile by tile in registers; included once per width after
// Lanes.h. The matrices are scratch of the kernels: their rows have room for whole tiles, so no tile is cut short on
// the right, and below only rows that nobody reads are in excess.

// C = A B, or C += A B, for `count` rows and one tile of columns. Element (i, k) of A is at a[i * a_row + k * a_step].
INLINED void WIDE(tile_product)(
  const int count, long depth, const float *a, long a_row, long a_step, const float *b, long b_row, float *c,
  long c_row, int accumulate) {
  lanes sum[LARGEST_TILE_ROWS][2];
  if (accumulate) {
    UNROLLED for (int i = 0; i < count; i++) {
      sum[i][0] = WIDE(load)(c + i * c_row);
      sum[i][1] = WIDE(load)(c + i * c_row + LANE_COUNT);
    }
  } else {
    UNROLLED for (int i = 0; i < count; i++) sum[i][0] = sum[i][1] = WIDE(splat)(0);
  }
  for (long k = 0; k < depth; k++) {
    lanes left = WIDE(load)(b), right = WIDE(load)(b + LANE_COUNT);
    UNROLLED for (int i = 0; i < count; i++) {
      lanes factor = WIDE(splat)(a[i * a_row]);
      sum[i][0] += factor * left;
      sum[i][1] += factor * right;
    }
    a += a_step;
    b += b_row;
  }
  UNROLLED for (int i = 0; i < count; i++) {
    WIDE(store)(c + i * c_row, sum[i][0]);
    WIDE(store)(c + i * c_row + LANE_COUNT, sum[i][1]);
  }
}

// C[rows x columns] = A B, or C += A B. B comes in panels of a tile's columns, `b_panel` numbers from panel to panel
// and `b_row` from row to row inside one; `columns` counts to the end of the last tile. A tile that is not full
// computes rows beyond `rows` too, up to a third of a tile.
INLINED void WIDE(product)(
  long rows, long columns, long depth, const float *a, long a_row, long a_step, const float *b, long b_panel,
  long b_row, float *c, long c_row, int accumulate) {
  const int full = TILE_ROWS, third = TILE_ROWS / 3;
  for (long j = 0; j < columns; j += TILE_COLUMNS, b += b_panel) {
    const float *left = a;
    float *to = c + j;
    for (long rest = rows, done; rest > 0; rest -= done, left += done * a_row, to += done * c_row) {
      // Two tiles of two thirds go before one that is full and one that is too short for the additions to overlap.
      if (rest > full + third || (rest > 2 * third && rest <= full)) {
        WIDE(tile_product)(full, depth, left, a_row, a_step, b, b_row, to, c_row, accumulate);
        done = full;
      } else if (rest > third) {
        WIDE(tile_product)(2 * third, depth, left, a_row, a_step, b, b_row, to, c_row, accumulate);
        done = 2 * third;
      } else {
        WIDE(tile_product)(third, depth, left, a_row, a_step, b, b_row, to, c_row, accumulate);
        done = third;
      }
    }
  }
}

// A in rows, each one contiguous.
static inline __attribute__((noinline)) void WIDE(multiply)(
  long rows, long columns, long depth, const float *a, long a_row, const float *b, long b_panel, long b_row, float *c,
  long c_row, int accumulate) {
  WIDE(product)(rows, columns, depth, a, a_row, 1, b, b_panel, b_row, c, c_row, accumulate);
}

// The transpose of A in rows: element (i, k) of A is at a[k * a_step + i].
static inline __attribute__((noinline)) void WIDE(multiply_transposed)(
  long rows, long columns, long depth, const float *a, long a_step, const float *b, long b_panel, long b_row, float *c,
  long c_row, int accumulate) {
  WIDE(product)(rows, columns, depth, a, 1, a_step, b, b_panel, b_row, c, c_row, accumulate);
}

// Packs `rows` rows of `columns` numbers as panels of the transpose: panel p holds rows p * TILE_COLUMNS on, element
// (row, column) at panel[column * TILE_COLUMNS + row]. Rows that fill the last panel are 0.
static inline __attribute__((noinline)) void WIDE(pack_transposed)(
  long rows, long columns, const float *from, long from_row, float *packed) {
  for (long first = 0; first < rows; first += TILE_COLUMNS, packed += columns * TILE_COLUMNS) {
    long used = rows - first < TILE_COLUMNS ? rows - first : TILE_COLUMNS;
    if (used < TILE_COLUMNS) memset(packed, 0, (size_t)(columns * TILE_COLUMNS) * sizeof(float));
    const float *row = from + first * from_row;
    long i = 0;
    for (; i + 4 <= used; i += 4, row += 4 * from_row) {
      long k = 0;
      for (; k + 4 <= columns; k += 4) {
        const float *at = row + k;
        four_lanes a = *(const four_lanes *)at, b = *(const four_lanes *)(at + from_row);
        four_lanes c = *(const four_lanes *)(at + 2 * from_row), d = *(const four_lanes *)(at + 3 * from_row);
        four_lanes ab = __builtin_shufflevector(a, b, 0, 4, 1, 5), cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
        float *to = packed + k * TILE_COLUMNS + i;
        *(four_lanes *)to = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
        *(four_lanes *)(to + TILE_COLUMNS) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
        ab = __builtin_shufflevector(a, b, 2, 6, 3, 7), cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        *(four_lanes *)(to + 2 * TILE_COLUMNS) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
        *(four_lanes *)(to + 3 * TILE_COLUMNS) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
      }
      for (; k < columns; k++)
        for (long t = 0; t < 4; t++) packed[k * TILE_COLUMNS + i + t] = row[t * from_row + k];
    }
    for (; i < used; i++, row += from_row)
      for (long k = 0; k < columns; k++) packed[k * TILE_COLUMNS + i] = row[k];
  }
}

// Copies rows times `scale`, and fills them with 0 up to `width` numbers (whole tiles).
static inline __attribute__((noinline)) void WIDE(pack_rows)(
  long rows, long columns, long width, const float *from, long from_row, float scale, float *to, long to_row) {
  for (long i = 0; i < rows; i++, from += from_row, to += to_row) {
    long k = 0;
    for (; k + LANE_COUNT <= columns; k += LANE_COUNT) WIDE(store)(to + k, WIDE(load)(from + k) * WIDE(splat)(scale));
    for (; k < columns; k++) to[k] = from[k] * scale;
    for (; k < width; k++) to[k] = 0;
  }
}
