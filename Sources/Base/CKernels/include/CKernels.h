#ifndef ASSAY_CKERNELS_H
#define ASSAY_CKERNELS_H

#include <stdint.h>

#include "DigestKernels.h"
#include "MatrixProduct.h"
#include "NeuralKernels.h"
#include "TreeKernels.h"
#include "VectorMath.h"

#endif
