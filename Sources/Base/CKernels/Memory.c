#include "CKernels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

void assay_trim_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
