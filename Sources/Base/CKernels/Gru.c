#include "RecurrentShape.h"

#define EACH_WIDTH "GruPaths.h"
#include "EachWidth.h"

void assay_gru_forward(
  const assay_recurrence *shape, long rows, const float *packed, const float *bias, float *gates, const float *h0,
  const long *lengths, float *y, float *h_final, float *scratch) {
  recurrent_call call = recurrent_prepare(shape, rows, packed, lengths, scratch);
  call.bias = bias, call.gates = gates, call.h0 = h0, call.y = y;
  WIDEST(gru_forward)(&call, h_final);
}

void assay_gru_backward(
  const assay_recurrence *shape, long rows, const float *packed, const float *gates, const float *y, const float *h0,
  const long *lengths, const float *dy, const float *dh_final, float *dgates, float *dh0, float *scratch) {
  recurrent_call call = recurrent_prepare(shape, rows, packed, lengths, scratch);
  call.gates = (float *)gates, call.y = (float *)y, call.h0 = h0, call.dy = dy, call.dh_final = dh_final;
  call.dgates = dgates, call.dh0 = dh0;
  WIDEST(gru_backward)(&call);
}
