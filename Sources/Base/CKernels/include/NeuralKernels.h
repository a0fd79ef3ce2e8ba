#ifndef ASSAY_NEURAL_KERNELS_H
#define ASSAY_NEURAL_KERNELS_H

#include <stdint.h>

/// Applies z * sigmoid(z) in place and writes its slope, both times a dropout mask that keeps a share `keep` of the
/// entries and divides them by it; the mask depends on `seed` and the position alone. `keep` = 1 keeps everything.
void assay_silu(float *z, float *slope, long count, float keep, uint64_t seed);

/// Applies max(z, 0) in place and writes its slope, with dropout as above.
void assay_relu(float *z, float *slope, long count, float keep, uint64_t seed);

/// y[i] *= x[i].
void assay_scale_by(const float *x, float *y, long count);

#endif
