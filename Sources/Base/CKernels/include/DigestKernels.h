#ifndef ASSAY_DIGEST_KERNELS_H
#define ASSAY_DIGEST_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// Mixes whole blocks of 64 bytes into the state of SHA-256 with the processor's own instructions; returns 0 and does
// nothing where it has none.
int assay_sha256_blocks(uint32_t state[8], const uint8_t *blocks, ptrdiff_t count, const uint32_t constants[64]);

#endif
