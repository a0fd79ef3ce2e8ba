// What the processor can do, asked once; other processors take the plain path.
#ifndef ASSAY_PROCESSOR_H
#define ASSAY_PROCESSOR_H

#if defined(__x86_64__)
#include <immintrin.h>
#define ASSAY_X86 1
#define ASSAY_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define ASSAY_AVX512 __attribute__((target("arch=x86-64-v4")))
#define ASSAY_AVX2 __attribute__((target("arch=x86-64-v3")))
static inline int assay_has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
      && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}
static inline int assay_has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512dq");
}
#else
#define ASSAY_X86 0
#define ASSAY_CLONES
#endif

/// Floats in the widest register that the vector kernels use.
static inline long assay_lane_count(void) {
#if ASSAY_X86
  if (assay_has_avx512()) return 16;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 8;
#endif
  return 4;
}

#endif
