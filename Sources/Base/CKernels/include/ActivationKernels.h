// The backward passes of activations y = f(z); the forward passes are in MapKernels.h. Each writes dz = dy f'(z) over
// `count` numbers; dz may be dy. What `saved` is and what `parameter` means stands with each.
#ifndef ASSAY_ACTIVATION_KERNELS_H
#define ASSAY_ACTIVATION_KERNELS_H

#define ASSAY_ACTIVATION(NAME) \
  void assay_##NAME##_backward(const float *saved, const float *dy, float *dz, long count, float parameter);

/// max(z, 0); saved: y (or z); no parameter
ASSAY_ACTIVATION(relu)

/// z where positive, else parameter * z, parameter >= 0; saved: y (or z)
ASSAY_ACTIVATION(leaky_relu)

/// z where positive, else parameter * (exp(z) - 1), parameter >= 0 (Clevert, Unterthiner and Hochreiter 2016); saved: y
ASSAY_ACTIVATION(elu)

/// tanh(z); saved: y; no parameter
ASSAY_ACTIVATION(tanh)

/// 1 / (1 + exp(-z)); saved: y; no parameter
ASSAY_ACTIVATION(sigmoid)

/// log(1 + exp(z)); saved: y; no parameter
ASSAY_ACTIVATION(softplus)

/// z Phi(z); saved: z; no parameter
ASSAY_ACTIVATION(gelu)

/// z sigmoid(z); saved: z; no parameter
ASSAY_ACTIVATION(silu)

#undef ASSAY_ACTIVATION

/// The backward pass of max(z, 0) over a row-major matrix of `rows` x `columns`, which also adds the sums of the columns
/// of dz to the gradient of the bias: bias[j] += the sum over rows of dz[row][j], in an order that depends on the sizes
/// alone.
void assay_relu_backward_sums(
  const float *saved, const float *dy, float *dz, long rows, long columns, float *bias);

#endif
