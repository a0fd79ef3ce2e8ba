#include "CKernels.h"
#include "FloatMath.h"
#include "FloatTrigonometry.h"
#include "Processor.h"

#pragma clang fp contract(fast)

#define MAP(NAME, EXPRESSION)                                                  \
  ASSAY_CLONES void NAME(const float *values, float *result, long count) {     \
    ASSAY_EACH(i, count) {                                                     \
      float x = values[i];                                                     \
      result[i] = EXPRESSION;                                                  \
    }                                                                          \
  }

MAP(assay_map_exp, float_exp(x))
MAP(assay_map_log, float_log(x))
MAP(assay_map_log1p, float_log1p(x))
MAP(assay_map_tanh, float_tanh(x))
MAP(assay_map_sigmoid, float_sigmoid(x))
MAP(assay_map_sqrt, __builtin_elementwise_sqrt(x))
MAP(assay_map_reciprocal, 1 / x)
MAP(assay_map_erf, float_erf(x))
MAP(assay_map_gelu, float_gelu(x))
MAP(assay_map_silu, float_silu(x))
MAP(assay_map_softplus, float_softplus(x))
MAP(assay_map_relu, float_relu(x))
MAP(assay_map_absolute, float_absolute(x))
MAP(assay_map_negate, -x)
MAP(assay_map_square, x * x)
MAP(assay_map_sign, x > 0 ? 1.0f : x < 0 ? -1.0f : x)

ASSAY_CLONES void assay_map_leaky_relu(const float *x, float *result, long count, float slope) {
  ASSAY_EACH(i, count) result[i] = x[i] > 0 ? x[i] : slope * x[i];
}

ASSAY_CLONES void assay_map_elu(const float *x, float *result, long count, float alpha) {
  ASSAY_EACH(i, count) result[i] = x[i] > 0 ? x[i] : alpha * float_expm1(x[i]);
}

// The vector loop knows angles up to a limit; the few beyond are taken again, from a copy, by the C library.
#define TURN(NAME, QUARTERS, FUNCTION)                                         \
  ASSAY_CLONES void NAME(const float *x, float *result, long count) {          \
    float angles[64];                                                          \
    for (long start = 0; start < count; start += 64) {                         \
      long length = count - start < 64 ? count - start : 64;                   \
      memcpy(angles, x + start, (size_t)length * sizeof(float));               \
      int beyond = 0;                                                          \
      ASSAY_EACH(i, length) {                                                  \
        beyond |= !(float_absolute(angles[i]) <= ASSAY_LARGEST_ANGLE);         \
        result[start + i] = float_sine(angles[i], QUARTERS);                   \
      }                                                                        \
      if (beyond)                                                              \
        for (long i = 0; i < length; i++)                                      \
          if (!(float_absolute(angles[i]) <= ASSAY_LARGEST_ANGLE)) result[start + i] = FUNCTION(angles[i]); \
    }                                                                          \
  }

TURN(assay_map_sin, 0, sinf)
TURN(assay_map_cos, 1, cosf)

