#include "CKernels.h"
#include "FloatMath.h"
#include "Processor.h"

#pragma clang fp contract(fast)

// Factors come as doubles, because 1 - 0.999 in float is off by a twenty-thousandth; the loops are in float.

ASSAY_CLONES void assay_sgd_step(
  float *w, const float *g, float *velocity, long count, double rate, double momentum, int nesterov, double decay,
  double scale) {
  float r = (float)rate, mu = (float)momentum, l = (float)decay, s = (float)scale;
  if (!velocity) {
    ASSAY_EACH(i, count) w[i] -= r * (s * g[i] + l * w[i]);
  } else if (nesterov) {
    ASSAY_EACH(i, count) {
      float d = s * g[i] + l * w[i];
      float u = mu * velocity[i] + d;
      velocity[i] = u;
      w[i] -= r * (d + mu * u);
    }
  } else {
    ASSAY_EACH(i, count) {
      float u = mu * velocity[i] + (s * g[i] + l * w[i]);
      velocity[i] = u;
      w[i] -= r * u;
    }
  }
}

ASSAY_CLONES void assay_adam_step(
  float *w, const float *g, float *m, float *v, long count, double rate, double first, double second, double epsilon,
  double m_correction, double v_correction, double decay, int decoupled, double scale) {
  float r = (float)(rate / m_correction), c = (float)(1 / v_correction), e = (float)epsilon, s = (float)scale;
  float a = (float)first, b = (float)second, rest_a = (float)(1 - first), rest_b = (float)(1 - second);
  float keep = decoupled ? (float)(1 - rate * decay) : 1, l = decoupled ? 0 : (float)decay;
  ASSAY_EACH(i, count) {
    float d = s * g[i] + l * w[i];
    float p = a * m[i] + rest_a * d, q = b * v[i] + rest_b * (d * d);
    m[i] = p;
    v[i] = q;
    w[i] = keep * w[i] - r * p / (__builtin_elementwise_sqrt(q * c) + e);
  }
}
