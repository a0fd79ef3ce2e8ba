#include "RecurrentShape.h"

#define EACH_WIDTH "PlainRecurrentPaths.h"
#include "EachWidth.h"

void assay_plain_recurrent_forward(
  const assay_recurrence *shape, long rows, int relu, const float *packed, const float *gates, const float *h0,
  const long *lengths, float *y, float *h_final, float *scratch) {
  recurrent_call call = recurrent_prepare(shape, rows, packed, lengths, scratch);
  call.relu = relu, call.gates = (float *)gates, call.h0 = h0, call.y = y;
  WIDEST(plain_forward)(&call, h_final);
}

void assay_plain_recurrent_backward(
  const assay_recurrence *shape, long rows, int relu, const float *packed, const float *y, const long *lengths,
  const float *dy, const float *dh_final, float *dgates, float *dh0, float *scratch) {
  recurrent_call call = recurrent_prepare(shape, rows, packed, lengths, scratch);
  call.relu = relu, call.y = (float *)y, call.dy = dy, call.dh_final = dh_final, call.dgates = dgates, call.dh0 = dh0;
  WIDEST(plain_backward)(&call);
}
