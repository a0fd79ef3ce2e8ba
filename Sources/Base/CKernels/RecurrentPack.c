#include "CKernels.h"

#include <string.h>

#include "GemmMicro.h"
#include "Processor.h"
#include "RecurrentShape.h"

// One tile of columns of a matrix with `depth` rows, in a panel.
static void pack_tile(
  long width, long used, long depth, const float *from, long row, long column, float *packed) {
  for (long k = 0; k < depth; k += GEMM_DEPTH) {
    long length = depth - k < GEMM_DEPTH ? depth - k : GEMM_DEPTH;
    assay_gemm_pack_panel(width, used, length, from + k * row, column, row, packed + k * width);
  }
}

long assay_recurrent_packed_size(long gates, long hidden) { return recurrent_row(hidden) * gates * hidden; }

// Panel after panel: the gates of one tile of units lie together.
void assay_recurrent_pack(long gates, long hidden, const float *w, long w_row, long w_column, float *packed) {
  long width = 2 * assay_lane_count();
  for (long unit = 0; unit < hidden; unit += width)
    for (long gate = 0; gate < gates; gate++, packed += hidden * width) {
      long used = hidden - unit < width ? hidden - unit : width;
      pack_tile(width, used, hidden, w + (gate * hidden + unit) * w_column, w_row, w_column, packed);
    }
}

void assay_recurrent_pack_backward(long gates, long hidden, const float *w, long w_row, long w_column, float *packed) {
  long width = 2 * assay_lane_count(), depth = gates * hidden;
  for (long unit = 0; unit < hidden; unit += width, packed += depth * width) {
    long used = hidden - unit < width ? hidden - unit : width;
    pack_tile(width, used, depth, w + unit * w_row, w_column, w_row, packed);
  }
}

long assay_recurrent_scratch(long gates, long hidden, long rows) {
  long state = recurrent_row(hidden), inputs = recurrent_row(gates * hidden), height = rows + RECURRENT_EXCESS;
  return 2 * rows * state + 2 * height * (inputs > state ? inputs : state) + height * (gates > 2 ? gates : 2) * 32;
}

void assay_recurrent_previous(
  const assay_recurrence *shape, long rows, const float *y, const float *h0, const long *lengths, float *previous,
  long previous_row, long previous_step) {
  recurrent_call call = recurrent_prepare(shape, rows, 0, lengths, 0);
  for (long i = 0; i < rows; i++) {
    long length = recurrent_length(&call, i);
    for (long t = 0; t < shape->steps; t++) {
      long before = t < length ? recurrent_before(&call, i, t) : -1;
      const float *from = before >= 0 ? y + i * shape->y_row + before * shape->y_step : 0;
      if (t < length && before < 0 && h0) from = h0 + i * shape->hidden;
      recurrent_copy(1, shape->hidden, from, 0, previous + i * previous_row + t * previous_step, 0);
    }
  }
}
