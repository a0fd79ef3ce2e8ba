// One step of an optimiser over a run of weights w with gradients g. Every step takes `scale` times the gradient, so that
// clipping by the norm of all gradients or leaving a mixed precision's scale costs no pass of its own. State (velocity,
// m, v, ...) has as many numbers as w and begins with zeros. Decay is of two kinds: of the weights' squares in the loss
// (it enters the gradient), or decoupled (Loshchilov and Hutter 2019: a share of the weight is taken off).
#ifndef ASSAY_OPTIMIZER_KERNELS_H
#define ASSAY_OPTIMIZER_KERNELS_H

/// Stochastic gradient descent. With d = scale g + decay w and velocity = momentum velocity + d:
/// w -= rate velocity, or with `nesterov` w -= rate (d + momentum velocity). Without `velocity` (null): w -= rate d.
void assay_sgd_step(
  float *w, const float *g, float *velocity, long count, double rate, double momentum, int nesterov, double decay,
  double scale);

/// Adam (Kingma and Ba 2015). With d = scale g (+ decay w unless `decoupled`): m = first m + (1 - first) d,
/// v = second v + (1 - second) d^2, w -= rate (m / m_correction) / (sqrt(v / v_correction) + epsilon); `decoupled`: before
/// that w *= 1 - rate decay. The corrections of step t are 1 - first^t and 1 - second^t.
void assay_adam_step(
  float *w, const float *g, float *m, float *v, long count, double rate, double first, double second, double epsilon,
  double m_correction, double v_correction, double decay, int decoupled, double scale);

#endif
