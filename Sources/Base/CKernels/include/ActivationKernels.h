// The backward passes of activations y = f(z); the forward passes are in MapKernels.h. Each writes dz = dy f'(z) over
// `count` numbers; dz may be dy. What `saved` is and what `parameter` means stands with each. The versions with sums take
// a row-major matrix of `rows` x `columns` and add the sums of the columns of dz to the gradient of the bias,
// bias[j] += the sum over rows of dz[row][j], in the same pass and in an order that depends on the sizes alone.
#ifndef ASSAY_ACTIVATION_KERNELS_H
#define ASSAY_ACTIVATION_KERNELS_H

#define ASSAY_ACTIVATION(NAME)                                                                               \
  void assay_##NAME##_backward(const float *saved, const float *dy, float *dz, long count, float parameter); \
  void assay_##NAME##_backward_sums(                                                                         \
    const float *saved, const float *dy, float *dz, long rows, long columns, float parameter, float *bias);

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

#endif
