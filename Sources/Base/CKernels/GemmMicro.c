#include "GemmMicro.h"

#include "Processor.h"

#pragma clang fp contract(fast)

typedef float lanes16 __attribute__((ext_vector_type(16), aligned(4)));
typedef float lanes8 __attribute__((ext_vector_type(8), aligned(4)));
typedef float lanes4 __attribute__((ext_vector_type(4), aligned(4)));

#define EACH(INDEX, COUNT) _Pragma("clang loop unroll(full)") for (long INDEX = 0; INDEX < COUNT; INDEX++)

// Negative numbers become zero; not-a-number stays.
#define POSITIVE(LANES, X) ((X) < 0 ? (LANES)0 : (X))

// One inner index: a column of A times a row of B.
#define STEP(LANES, WIDTH, ROWS, VECTORS, K, B)                                                    \
  {                                                                                                \
    LANES right[VECTORS];                                                                          \
    EACH(v, VECTORS) right[v] = *(const LANES *)((B) + (v / 2) * b_panel + (v % 2) * WIDTH);        \
    EACH(i, ROWS) {                                                                                \
      float left = row[i][K];                                                                      \
      EACH(v, VECTORS) sum[i][v] += left * right[v];                                               \
    }                                                                                              \
  }

// The index of the second of two steps is hidden from the optimiser, which would otherwise keep a second set of row
// pointers for it: more than there are registers.
#define KERNEL(NAME, ATTRIBUTE, LANES, WIDTH, ROWS, VECTORS, B_STEP, LOAD, STORE)                  \
  ATTRIBUTE static void NAME(                                                                      \
    const float *const *a, const float *b, float *const *c, long column, long used, const gemm_pass *pass) { \
    LANES sum[ROWS][VECTORS];                                                                      \
    EACH(i, ROWS) EACH(v, VECTORS) sum[i][v] = (LANES)0;                                         \
    const long a_step = pass->a_step, b_step = B_STEP, b_panel = pass->b_panel;                    \
    (void)b_panel;                                                                                 \
    for (long r = 0; r < pass->run_count; r++) {                                                   \
      const float *row[ROWS];                                                                      \
      EACH(i, ROWS) row[i] = a[i] + pass->runs[r].offset;                                          \
      long length = pass->runs[r].length, k = 0;                                                   \
      for (const float *end = b + (length >> 1) * 2 * b_step; b != end; b += 2 * b_step) {         \
        STEP(LANES, WIDTH, ROWS, VECTORS, k, b)                                                    \
        long next = k + a_step;                                                                    \
        __asm__("" : "+r"(next));                                                                  \
        STEP(LANES, WIDTH, ROWS, VECTORS, next, b + b_step)                                        \
        k = next + a_step;                                                                         \
      }                                                                                            \
      if (length & 1) {                                                                            \
        STEP(LANES, WIDTH, ROWS, VECTORS, k, b)                                                    \
        b += b_step;                                                                               \
      }                                                                                            \
    }                                                                                              \
    const float *bias = pass->bias ? pass->bias + column : 0;                                      \
    int relu = pass->relu;                                                                         \
    if (used == VECTORS * WIDTH) {                                                                 \
      if (pass->accumulate) EACH(i, ROWS) EACH(v, VECTORS) sum[i][v] += *(const LANES *)(c[i] + column + v * WIDTH); \
      if (bias) EACH(v, VECTORS) {                                                                 \
        LANES shift = *(const LANES *)(bias + v * WIDTH);                                          \
        EACH(i, ROWS) sum[i][v] += shift;                                                          \
      }                                                                                            \
      if (relu) EACH(i, ROWS) EACH(v, VECTORS) sum[i][v] = POSITIVE(LANES, sum[i][v]);  \
      EACH(i, ROWS) EACH(v, VECTORS) *(LANES *)(c[i] + column + v * WIDTH) = sum[i][v];            \
    } else {                                                                                       \
      EACH(v, VECTORS) {                                                                           \
        long count = used - v * WIDTH < WIDTH ? used - v * WIDTH : WIDTH;                          \
        if (pass->accumulate) EACH(i, ROWS) sum[i][v] += LOAD(c[i] + column + v * WIDTH, count);   \
        if (bias) {                                                                                \
          LANES shift = LOAD(bias + v * WIDTH, count);                                             \
          EACH(i, ROWS) sum[i][v] += shift;                                                        \
        }                                                                                          \
        if (relu) EACH(i, ROWS) sum[i][v] = POSITIVE(LANES, sum[i][v]);                \
        EACH(i, ROWS) STORE(c[i] + column + v * WIDTH, count, sum[i][v]);                          \
      }                                                                                            \
    }                                                                                              \
  }

// The kernels of a number of rows: of one vector and of a panel.
#define KERNELS(NAME, ATTRIBUTE, LANES, WIDTH, ROWS, LOAD, STORE)                         \
  KERNEL(NAME##_##ROWS##_1, ATTRIBUTE, LANES, WIDTH, ROWS, 1, 2 * WIDTH, LOAD, STORE)     \
  KERNEL(NAME##_##ROWS##_2, ATTRIBUTE, LANES, WIDTH, ROWS, 2, 2 * WIDTH, LOAD, STORE)

#define WIDE_KERNELS(NAME, ATTRIBUTE, LANES, WIDTH, LOAD, STORE)                          \
  KERNEL(NAME##_1_4, ATTRIBUTE, LANES, WIDTH, 1, 4, pass->b_step, LOAD, STORE)            \
  KERNEL(NAME##_2_4, ATTRIBUTE, LANES, WIDTH, 2, 4, pass->b_step, LOAD, STORE)

#if ASSAY_X86
#define AVX2 __attribute__((target("avx2,fma")))

static const int some[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

AVX2 static inline __attribute__((always_inline)) lanes8 load8(const float *from, long count) {
  return _mm256_maskload_ps(from, _mm256_loadu_si256((const __m256i *)(some + 8 - count)));
}

AVX2 static inline __attribute__((always_inline)) void store8(float *to, long count, lanes8 x) {
  _mm256_maskstore_ps(to, _mm256_loadu_si256((const __m256i *)(some + 8 - count)), x);
}

KERNELS(avx2, AVX2, lanes8, 8, 1, load8, store8)
KERNELS(avx2, AVX2, lanes8, 8, 2, load8, store8)
KERNELS(avx2, AVX2, lanes8, 8, 3, load8, store8)
KERNELS(avx2, AVX2, lanes8, 8, 4, load8, store8)
KERNELS(avx2, AVX2, lanes8, 8, 5, load8, store8)
KERNELS(avx2, AVX2, lanes8, 8, 6, load8, store8)
WIDE_KERNELS(avx2, AVX2, lanes8, 8, load8, store8)

static const gemm_kernels avx2 = {
  6, 16, 8,
  {avx2_1_1, avx2_2_1, avx2_3_1, avx2_4_1, avx2_5_1, avx2_6_1},
  {avx2_1_2, avx2_2_2, avx2_3_2, avx2_4_2, avx2_5_2, avx2_6_2},
  {avx2_1_4, avx2_2_4},
};

ASSAY_AVX512 static inline __attribute__((always_inline)) lanes16 load16(const float *from, long count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}

ASSAY_AVX512 static inline __attribute__((always_inline)) void store16(float *to, long count, lanes16 x) {
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), x);
}

KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 1, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 2, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 3, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 4, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 5, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 6, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 7, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 8, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 9, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 10, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 11, load16, store16)
KERNELS(avx512, ASSAY_AVX512, lanes16, 16, 12, load16, store16)
WIDE_KERNELS(avx512, ASSAY_AVX512, lanes16, 16, load16, store16)

static const gemm_kernels avx512 = {
  12, 32, 16,
  {avx512_1_1, avx512_2_1, avx512_3_1, avx512_4_1, avx512_5_1, avx512_6_1, avx512_7_1, avx512_8_1, avx512_9_1,
   avx512_10_1, avx512_11_1, avx512_12_1},
  {avx512_1_2, avx512_2_2, avx512_3_2, avx512_4_2, avx512_5_2, avx512_6_2, avx512_7_2, avx512_8_2, avx512_9_2,
   avx512_10_2, avx512_11_2, avx512_12_2},
  {avx512_1_4, avx512_2_4},
};
#endif

static inline __attribute__((always_inline)) lanes4 load4(const float *from, long count) {
  lanes4 x = 0;
  for (long i = 0; i < count; i++) x[i] = from[i];
  return x;
}

static inline __attribute__((always_inline)) void store4(float *to, long count, lanes4 x) {
  for (long i = 0; i < count; i++) to[i] = x[i];
}

KERNELS(plain, , lanes4, 4, 1, load4, store4)
KERNELS(plain, , lanes4, 4, 2, load4, store4)
KERNELS(plain, , lanes4, 4, 3, load4, store4)
KERNELS(plain, , lanes4, 4, 4, load4, store4)
KERNELS(plain, , lanes4, 4, 5, load4, store4)
KERNELS(plain, , lanes4, 4, 6, load4, store4)
KERNELS(plain, , lanes4, 4, 7, load4, store4)
KERNELS(plain, , lanes4, 4, 8, load4, store4)
WIDE_KERNELS(plain, , lanes4, 4, load4, store4)

// Eight rows where there are 32 vector registers, four where there are 16.
static const gemm_kernels plain = {
  ASSAY_X86 ? 4 : 8, 8, 4,
  {plain_1_1, plain_2_1, plain_3_1, plain_4_1, plain_5_1, plain_6_1, plain_7_1, plain_8_1},
  {plain_1_2, plain_2_2, plain_3_2, plain_4_2, plain_5_2, plain_6_2, plain_7_2, plain_8_2},
  {plain_1_4, plain_2_4},
};

const gemm_kernels *assay_gemm_kernels(void) {
#if ASSAY_X86
  if (assay_has_avx512()) return &avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &avx2;
#endif
  return &plain;
}
