#include "CKernels.h"
#include "FloatMath.h"
#include "Processor.h"
#include "WideRows.h"

#pragma clang fp contract(fast)

// Each takes the gradient dy back through an activation; s is what the forward pass saved, p the activation's parameter.
#define BACK_RELU(dy, s, p) ((s) > 0 ? (dy) : 0.0f)
#define BACK_LEAKY_RELU(dy, s, p) ((s) > 0 ? (dy) : (p) * (dy))
#define BACK_ELU(dy, s, p) ((s) > 0 ? (dy) : (dy) * ((s) + (p)))
#define BACK_TANH(dy, s, p) ((dy) * ((1 - (s)) * (1 + (s))))
#define BACK_SIGMOID(dy, s, p) ((dy) * ((s) * (1 - (s))))
#define BACK_SOFTPLUS(dy, s, p) ((dy) * -float_expm1(-(s)))
#define BACK_GELU(dy, s, p) ((dy)*float_gelu_slope(s))
#define BACK_SILU(dy, s, p) ((dy)*float_silu_slope(s))

#define ACTIVATION(NAME, BACK)                                                                                      \
  ASSAY_CLONES void assay_##NAME##_backward(                                                                        \
    const float *saved, const float *dy, float *dz, long count, float parameter) {                                  \
    (void)parameter;                                                                                                \
    ASSAY_EACH(i, count) dz[i] = BACK(dy[i], saved[i], parameter);                                                  \
  }

ACTIVATION(relu, BACK_RELU)
ACTIVATION(leaky_relu, BACK_LEAKY_RELU)
ACTIVATION(elu, BACK_ELU)
ACTIVATION(tanh, BACK_TANH)
ACTIVATION(sigmoid, BACK_SIGMOID)
ACTIVATION(softplus, BACK_SOFTPLUS)
ACTIVATION(gelu, BACK_GELU)
ACTIVATION(silu, BACK_SILU)

// Four rows of a tile are still in the first-level cache when their sums are taken.
ASSAY_INLINE void relu_tile(
  const float *saved, const float *dy, float *dz, long offset, long rows, long stride, long width, float *sums) {
  for (long row = 0; row < rows; row += 4) {
    long height = rows - row < 4 ? rows - row : 4;
    for (long k = 0; k < height; k++) {
      long place = offset + (row + k) * stride;
      const float *s = saved + place, *from = dy + place;
      float *to = dz + place;
      ASSAY_EACH(i, width) to[i] = BACK_RELU(from[i], s[i], 0);
    }
    wide_rows_add(dz, offset + row * stride, height, stride, width, sums);
  }
}

ASSAY_CLONES void assay_relu_backward_sums(
  const float *saved, const float *dy, float *dz, long rows, long columns, float *bias) {
  ASSAY_SUM_COLUMNS(rows, columns, bias, relu_tile, saved, dy, dz)
}
