// Random words by position, for masks that are computed again instead of kept.
#ifndef ASSAY_MIXED_WORDS_H
#define ASSAY_MIXED_WORDS_H

#include <stdint.h>

/// The finaliser of MurmurHash3 (Appleby): a word that looks random from one that need not.
static inline __attribute__((always_inline)) uint32_t mixed(uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bu;
  x ^= x >> 13;
  x *= 0xc2b2ae35u;
  return x ^ x >> 16;
}

#endif
