#include "CKernels.h"
#include "Processor.h"

#pragma clang fp contract(fast)

// Channels are taken in blocks whose sums stay in registers or the first-level cache; rows are summed in float32 over a
// few rows at a time, then in double, so that the inner loops stay narrow and long sums keep their digits.
enum { BLOCK = 64, STRIP = 16 };

static inline long smaller(long a, long b) { return a < b ? a : b; }

ASSAY_CLONES void assay_channel_moments(
  const float *restrict x, long rows, long channels, const float *restrict pivot, double *restrict sums,
  double *restrict squares) {
  for (long c = 0; c < channels; c++) sums[c] = squares[c] = 0;
  for (long first = 0; first < channels; first += BLOCK) {
    long count = smaller(BLOCK, channels - first);
    const float *p = pivot + first;
    for (long r = 0; r < rows; r += STRIP) {
      float sum[BLOCK] = {0}, square[BLOCK] = {0};
      long end = smaller(rows, r + STRIP);
      for (long i = r; i < end; i++) {
        const float *row = x + i * channels + first;
        if (count == BLOCK) {
          for (long c = 0; c < BLOCK; c++) {
            float d = row[c] - p[c];
            sum[c] += d;
            square[c] += d * d;
          }
        } else {
          for (long c = 0; c < count; c++) {
            float d = row[c] - p[c];
            sum[c] += d;
            square[c] += d * d;
          }
        }
      }
      for (long c = 0; c < count; c++) {
        sums[first + c] += (double)sum[c];
        squares[first + c] += (double)square[c];
      }
    }
  }
}

ASSAY_CLONES void assay_channel_affine(
  const float *x, long rows, long channels, const float *restrict factor, const float *restrict offset, int rectified,
  float *y) {
  for (long r = 0; r < rows; r++) {
    const float *from = x + r * channels;
    float *to = y + r * channels;
    if (rectified) {
      for (long c = 0; c < channels; c++) {
        float v = from[c] * factor[c] + offset[c];
        to[c] = v < 0 ? 0.0f : v;
      }
    } else {
      for (long c = 0; c < channels; c++) to[c] = from[c] * factor[c] + offset[c];
    }
  }
}

ASSAY_CLONES void assay_batch_norm_sums(
  const float *restrict x, const float *restrict y, const float *restrict g, long rows, long channels,
  const float *restrict mean, double *restrict sums, double *restrict products) {
  for (long c = 0; c < channels; c++) sums[c] = products[c] = 0;
  for (long first = 0; first < channels; first += BLOCK) {
    long count = smaller(BLOCK, channels - first);
    const float *m = mean + first;
    for (long r = 0; r < rows; r += STRIP) {
      float sum[BLOCK] = {0}, product[BLOCK] = {0};
      long end = smaller(rows, r + STRIP);
      for (long i = r; i < end; i++) {
        const float *from = x + i * channels + first, *up = g + i * channels + first;
        if (y) {
          const float *out = y + i * channels + first;
          for (long c = 0; c < count; c++) {
            float v = out[c] > 0 ? up[c] : 0.0f;
            sum[c] += v;
            product[c] += v * (from[c] - m[c]);
          }
        } else {
          for (long c = 0; c < count; c++) {
            sum[c] += up[c];
            product[c] += up[c] * (from[c] - m[c]);
          }
        }
      }
      for (long c = 0; c < count; c++) {
        sums[first + c] += (double)sum[c];
        products[first + c] += (double)product[c];
      }
    }
  }
}

ASSAY_CLONES void assay_batch_norm_apply(
  const float *x, const float *y, const float *g, long rows, long channels, const float *restrict a,
  const float *restrict b, const float *restrict k, float *dx) {
  for (long r = 0; r < rows; r++) {
    const float *from = x + r * channels, *up = g + r * channels;
    float *to = dx + r * channels;
    if (y) {
      const float *out = y + r * channels;
      for (long c = 0; c < channels; c++) to[c] = (out[c] > 0 ? up[c] : 0.0f) * a[c] + from[c] * b[c] + k[c];
    } else {
      for (long c = 0; c < channels; c++) to[c] = up[c] * a[c] + from[c] * b[c] + k[c];
    }
  }
}

ASSAY_CLONES void assay_batch_norm_pool(
  const float *restrict x, long height, long width, long channels, const float *restrict factor,
  const float *restrict offset, float *restrict y, uint8_t *restrict winner) {
  long line = 2 * width * channels;
  for (long r = 0; r < height; r++) {
    for (long w = 0; w < width; w++) {
      const float *p0 = x + 2 * r * line + 2 * w * channels, *p1 = p0 + channels, *p2 = p0 + line, *p3 = p2 + channels;
      float *to = y + (r * width + w) * channels;
      uint8_t *place = winner + (r * width + w) * channels;
      for (long c = 0; c < channels; c++) {
        float f = factor[c], o = offset[c];
        float v0 = p0[c] * f + o, v1 = p1[c] * f + o, v2 = p2[c] * f + o, v3 = p3[c] * f + o;
        float best = 0;
        int32_t index = 4;
        index = v0 > best ? 0 : index, best = v0 > best ? v0 : best;
        index = v1 > best ? 1 : index, best = v1 > best ? v1 : best;
        index = v2 > best ? 2 : index, best = v2 > best ? v2 : best;
        index = v3 > best ? 3 : index, best = v3 > best ? v3 : best;
        // Not-a-number anywhere in the window is passed on.
        int bad = (v0 != v0) | (v1 != v1) | (v2 != v2) | (v3 != v3);
        to[c] = bad ? __builtin_nanf("") : best;
        place[c] = (uint8_t)index;
      }
    }
  }
}

ASSAY_CLONES void assay_batch_norm_pool_sums(
  const float *restrict x, const uint8_t *restrict winner, const float *restrict g, long height, long width,
  long channels, const float *restrict mean, double *restrict sums, double *restrict products) {
  for (long c = 0; c < channels; c++) sums[c] = products[c] = 0;
  long line = 2 * width * channels;
  for (long first = 0; first < channels; first += BLOCK) {
    long count = smaller(BLOCK, channels - first);
    const float *m = mean + first;
    for (long r = 0; r < height; r++) {
      for (long begin = 0; begin < width; begin += STRIP) {
        float sum[BLOCK] = {0}, product[BLOCK] = {0};
        long end = smaller(width, begin + STRIP);
        for (long w = begin; w < end; w++) {
          const float *p0 = x + 2 * r * line + 2 * w * channels + first, *p1 = p0 + channels, *p2 = p0 + line,
                      *p3 = p2 + channels;
          const uint8_t *place = winner + (r * width + w) * channels + first;
          const float *up = g + (r * width + w) * channels + first;
          for (long c = 0; c < count; c++) {
            int32_t index = place[c];
            // All four are read, so that the choice needs no branch.
            float v0 = p0[c], v1 = p1[c], v2 = p2[c], v3 = p3[c], u = up[c];
            float upper = index == 0 ? v0 : v1, lower = index == 2 ? v2 : v3;
            float value = index < 2 ? upper : lower, v = index < 4 ? u : 0.0f;
            sum[c] += v;
            product[c] += v * (value - m[c]);
          }
        }
        for (long c = 0; c < count; c++) {
          sums[first + c] += (double)sum[c];
          products[first + c] += (double)product[c];
        }
      }
    }
  }
}

ASSAY_CLONES void assay_batch_norm_pool_apply(
  const float *restrict x, const uint8_t *restrict winner, const float *restrict g, long height, long width,
  long channels, const float *restrict a, const float *restrict b, const float *restrict k, float *restrict dx) {
  long line = 2 * width * channels;
  for (long r = 0; r < height; r++) {
    for (long w = 0; w < width; w++) {
      long start = 2 * r * line + 2 * w * channels;
      const float *from = x + start, *up = g + (r * width + w) * channels;
      const uint8_t *place = winner + (r * width + w) * channels;
      float *to = dx + start;
      for (long c = 0; c < channels; c++) {
        int32_t index = place[c];
        float v = up[c] * a[c], f = b[c], o = k[c];
        to[c] = from[c] * f + o + (index == 0 ? v : 0.0f);
        to[channels + c] = from[channels + c] * f + o + (index == 1 ? v : 0.0f);
        to[line + c] = from[line + c] * f + o + (index == 2 ? v : 0.0f);
        to[line + channels + c] = from[line + channels + c] * f + o + (index == 3 ? v : 0.0f);
      }
    }
  }
}
