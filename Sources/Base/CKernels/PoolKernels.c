#include "CKernels.h"
#include "FloatSums.h"
#include "Processor.h"
#include "WideRows.h"

#pragma clang fp contract(fast)

// The rows and columns of a window that lie inside the image.
typedef struct {
  long top, bottom, left, right;
} inside;

ASSAY_INLINE inside window_at(const assay_pool_shape *s, long row, long column) {
  long top = row * s->stride_height - s->padding_height, left = column * s->stride_width - s->padding_width;
  long bottom = top + s->kernel_height, right = left + s->kernel_width;
  return (inside){
    top < 0 ? 0 : top, bottom < s->height ? bottom : s->height, left < 0 ? 0 : left,
    right < s->width ? right : s->width};
}

// Runs BODY for every window: `image`, `row`, `column` and `w` say where it is, `place` where its channels begin in the
// pooled images.
#define EACH_WINDOW(BODY)                                                                  \
  for (long image = 0; image < images; image++)                                            \
    for (long row = 0; row < s.pooled_height; row++)                                       \
      for (long column = 0; column < s.pooled_width; column++) {                           \
        inside w = window_at(&s, row, column);                                             \
        long place = ((image * s.pooled_height + row) * s.pooled_width + column) * s.channels; \
        BODY                                                                               \
      }

// Runs BODY for every pixel of the window: `pixel` is its place in the image, `from` where its channels begin.
#define EACH_PIXEL(BODY)                                                                   \
  for (long i = w.top; i < w.bottom; i++)                                                  \
    for (long j = w.left; j < w.right; j++) {                                              \
      long pixel = i * s.width + j, from = (image * s.height * s.width + pixel) * s.channels; \
      BODY                                                                                 \
    }

// The four pixels of a window of 2 x 2 at once.
ASSAY_INLINE void largest_of_four(
  const float *x, long width, long channels, int32_t pixel, float *restrict y, int32_t *restrict winner) {
  const float *a = x, *b = a + channels, *c = a + width * channels, *d = c + channels;
  int32_t below = pixel + (int32_t)width;
  ASSAY_EACH(k, channels) {
    int second = b[k] > a[k] || b[k] != b[k], fourth = d[k] > c[k] || d[k] != d[k];
    float upper = second ? b[k] : a[k], lower = fourth ? d[k] : c[k];
    int32_t upper_place = second ? pixel + 1 : pixel, lower_place = fourth ? below + 1 : below;
    int under = lower > upper || lower != lower;
    y[k] = under ? lower : upper;
    if (winner) winner[k] = under ? lower_place : upper_place;
  }
}

ASSAY_INLINE void max_pool(assay_pool_shape s, const float *x, float *y, int32_t *winner, long images) {
  EACH_WINDOW({
    float *to = y + place;
    int32_t *which = winner ? winner + place : 0;
    long first = w.top * s.width + w.left;
    const float *corner = x + (image * s.height * s.width + first) * s.channels;
    if (s.kernel_height == 2 && s.kernel_width == 2 && w.bottom - w.top == 2 && w.right - w.left == 2) {
      if (which) {
        largest_of_four(corner, s.width, s.channels, (int32_t)first, to, which);
      } else {
        largest_of_four(corner, s.width, s.channels, 0, to, 0);
      }
      continue;
    }
    int empty = w.top >= w.bottom || w.left >= w.right;
    int32_t begin = empty ? -1 : (int32_t)first;
    long k = 0;
    if (!empty)
      for (; k + 16 <= s.channels; k += 16) {
        float_lanes best = *(const float_lanes *)(corner + k);
        integer_lanes best_pixel = (integer_lanes){0} + begin;
        EACH_PIXEL({
          float_lanes next = *(const float_lanes *)(x + from + k);
          integer_lanes wins = (integer_lanes)(next > best) | (integer_lanes)(next != next);
          best = (float_lanes)(((integer_lanes)next & wins) | ((integer_lanes)best & ~wins));
          if (which) best_pixel = (((integer_lanes){0} + (int32_t)pixel) & wins) | (best_pixel & ~wins);
        })
        *(float_lanes *)(to + k) = best;
        if (which) *(integer_lanes *)(which + k) = best_pixel;
      }
    for (; k < s.channels; k++) {
      float best = empty ? 0 : corner[k];
      int32_t best_pixel = begin;
      EACH_PIXEL({
        float next = x[from + k];
        int larger = next > best || next != next;
        best = larger ? next : best;
        best_pixel = larger ? (int32_t)pixel : best_pixel;
      })
      to[k] = best;
      if (which) which[k] = best_pixel;
    }
  })
}

ASSAY_CLONES void assay_max_pool(
  const assay_pool_shape *shape, const float *x, float *y, int32_t *winner, long images) {
  max_pool(*shape, x, y, winner, images);
}

ASSAY_CLONES void assay_max_pool_backward(
  const assay_pool_shape *shape, const float *dy, const int32_t *winner, float *dx, long images) {
  assay_pool_shape s = *shape;
  long size = s.height * s.width * s.channels;
  EACH_WINDOW({
    // Image by image, so that the zeros are still in the cache.
    if (row == 0 && column == 0) memset(dx + image * size, 0, (size_t)size * sizeof(float));
    const float *gradient = dy + place;
    const int32_t *which = winner + place;
    EACH_PIXEL({
      float *to = dx + from;
      ASSAY_EACH(k, s.channels) to[k] += which[k] == (int32_t)pixel ? gradient[k] : 0;
    })
  })
  if (s.pooled_height * s.pooled_width == 0 && images * size > 0) memset(dx, 0, (size_t)(images * size) * sizeof(float));
}

ASSAY_INLINE float share_of(assay_pool_shape s, inside w, int count_padding) {
  long area = (w.bottom - w.top) * (w.right - w.left);
  return 1 / (float)(count_padding ? s.kernel_height * s.kernel_width : area > 0 ? area : 1);
}

ASSAY_CLONES void assay_average_pool(
  const assay_pool_shape *shape, const float *x, float *y, long images, int count_padding) {
  assay_pool_shape s = *shape;
  EACH_WINDOW({
    float *restrict to = y + place;
    float share = share_of(s, w, count_padding);
    if (w.bottom - w.top == 2 && w.right - w.left == 2) {
      const float *a = x + ((image * s.height + w.top) * s.width + w.left) * s.channels;
      const float *b = a + s.channels;
      const float *c = a + s.width * s.channels;
      const float *d = c + s.channels;
      ASSAY_EACH(k, s.channels) to[k] = ((a[k] + b[k]) + (c[k] + d[k])) * share;
      continue;
    }
    ASSAY_EACH(k, s.channels) to[k] = 0;
    EACH_PIXEL({ ASSAY_EACH(k, s.channels) to[k] += x[from + k]; })
    ASSAY_EACH(k, s.channels) to[k] *= share;
  })
}

ASSAY_CLONES void assay_average_pool_backward(
  const assay_pool_shape *shape, const float *dy, float *dx, long images, int count_padding) {
  assay_pool_shape s = *shape;
  long size = s.height * s.width * s.channels;
  EACH_WINDOW({
    if (row == 0 && column == 0) memset(dx + image * size, 0, (size_t)size * sizeof(float));
    const float *gradient = dy + place;
    float share = share_of(s, w, count_padding);
    EACH_PIXEL({
      float *restrict to = dx + from;
      ASSAY_EACH(k, s.channels) to[k] += share * gradient[k];
    })
  })
  if (s.pooled_height * s.pooled_width == 0 && images * size > 0) memset(dx, 0, (size_t)(images * size) * sizeof(float));
}

