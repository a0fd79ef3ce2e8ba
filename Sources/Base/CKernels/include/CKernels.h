#ifndef ASSAY_CKERNELS_H
#define ASSAY_CKERNELS_H

#include <stdint.h>

#include "DigestKernels.h"
#include "MatrixProduct.h"
#include "NeuralKernels.h"
#include "TreeKernels.h"
#include "VectorMath.h"

/// Gives memory that was freed back to the system, where the C library keeps it otherwise.
void assay_trim_memory(void);

#endif
