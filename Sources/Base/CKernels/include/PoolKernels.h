// Pooling of images with the channels last: image, row, column, channel. Every function works on `images` images that
// follow each other; the caller splits a batch by images.
#ifndef ASSAY_POOL_KERNELS_H
#define ASSAY_POOL_KERNELS_H

#include <stdint.h>

/// The sizes of a pooling. A window of kernel_height x kernel_width begins every stride_height rows and stride_width
/// columns, the first padding_height rows above and padding_width columns left of the image; there are pooled_height x
/// pooled_width windows. What of a window lies outside the image takes no part.
typedef struct {
  long height, width, channels;
  long kernel_height, kernel_width, stride_height, stride_width, padding_height, padding_width;
  long pooled_height, pooled_width;
} assay_pool_shape;

/// y = the largest number of each window; not-a-number if any of it is, 0 if all of it lies outside. `winner` receives
/// its place, row * width + column in the image, the first of equals, -1 for none; it may be null.
void assay_max_pool(const assay_pool_shape *shape, const float *x, float *y, int32_t *winner, long images);

/// dx = the sum of the gradients dy of the windows that an input number has won, in the order of the windows.
void assay_max_pool_backward(
  const assay_pool_shape *shape, const float *dy, const int32_t *winner, float *dx, long images);

/// y = the mean of each window: the sum of what lies inside divided by the size of the window, or with
/// `count_padding` = 0 by the number of places inside.
void assay_average_pool(const assay_pool_shape *shape, const float *x, float *y, long images, int count_padding);

/// dx = the sum of dy divided as above over the windows that an input number is in, in the order of the windows.
void assay_average_pool_backward(
  const assay_pool_shape *shape, const float *dy, float *dx, long images, int count_padding);

#endif
