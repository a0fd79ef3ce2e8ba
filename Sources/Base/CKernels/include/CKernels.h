#ifndef ASSAY_CKERNELS_H
#define ASSAY_CKERNELS_H

#include <stdint.h>

#include "ActivationKernels.h"
#include "AlignmentKernels.h"
#include "Attention.h"
#include "BatchNormKernels.h"
#include "BinaryKernels.h"
#include "Convolution.h"
#include "DigestKernels.h"
#include "DropoutKernels.h"
#include "Gemm.h"
#include "MapKernels.h"
#include "MatrixProduct.h"
#include "NeuralKernels.h"
#include "NormKernels.h"
#include "OptimizerKernels.h"
#include "PoolKernels.h"
#include "Recurrent.h"
#include "ReductionKernels.h"
#include "SoftmaxKernels.h"
#include "TreeKernels.h"
#include "VectorMath.h"
#include "WorkerPool.h"

/// Gives memory that was freed back to the system, where the C library keeps it otherwise.
void assay_trim_memory(void);

#endif
