#include "RecurrentShape.h"

#define EACH_WIDTH "LstmPaths.h"
#include "EachWidth.h"

void assay_lstm_forward(
  const assay_recurrence *shape, long rows, const float *packed, float *gates, const float *h0, const float *c0,
  const long *lengths, float *y, float *cells, float *h_final, float *c_final, float *scratch) {
  recurrent_call call = recurrent_prepare(shape, rows, packed, lengths, scratch);
  call.gates = gates, call.h0 = h0, call.c0 = c0, call.y = y, call.cells = cells;
  recurrent_copy(rows, shape->hidden, c0, shape->hidden, call.cell, call.state_row);
  WIDEST(lstm_forward)(&call, h_final);
  recurrent_copy(rows, shape->hidden, call.cell, call.state_row, c_final, shape->hidden);
}

void assay_lstm_backward(
  const assay_recurrence *shape, long rows, const float *packed, const float *gates, const float *cells,
  const float *c0, const long *lengths, const float *dy, const float *dh_final, const float *dc_final, float *dgates,
  float *dh0, float *dc0, float *scratch) {
  recurrent_call call = recurrent_prepare(shape, rows, packed, lengths, scratch);
  call.gates = (float *)gates, call.cells = (float *)cells, call.c0 = c0, call.dy = dy, call.dh_final = dh_final;
  call.dgates = dgates, call.dh0 = dh0;
  recurrent_copy(rows, shape->hidden, dc_final, shape->hidden, call.cell, call.state_row);
  WIDEST(lstm_backward)(&call);
  recurrent_copy(rows, shape->hidden, call.cell, call.state_row, dc0, shape->hidden);
}
