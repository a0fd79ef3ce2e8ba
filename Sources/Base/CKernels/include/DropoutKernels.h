#ifndef ASSAY_DROPOUT_KERNELS_H
#define ASSAY_DROPOUT_KERNELS_H

#include <stdint.h>

/// result[i] = x[i] * scale with the probability of keeping, else 0: element i stays where 32 bits that are hashed from
/// `seed` and start + i are below `limit`. The same seed and position decide alike, so nothing need be stored for the
/// backward pass. `result` may be `x`.
void assay_dropout(
  const float *x, float *result, long count, uint64_t start, uint64_t seed, uint32_t limit, float scale);

#endif
