#ifndef ASSAY_CNATIVE_H
#define ASSAY_CNATIVE_H

#include <stdint.h>

#endif
