// Compiles the file that EACH_WIDTH names once per register width: 4 lanes for every processor, 8 and 16 lanes under
// AVX2 and AVX-512. The file names its functions WIDE(name), so that each width has its own; WIDEST(name) picks the
// widest that the processor runs.
#include "Processor.h"

#define WIDE_JOINED(name, width) name##_##width
#define WIDE_NAMED(name, width) WIDE_JOINED(name, width)
#define WIDE(name) WIDE_NAMED(name, LANE_COUNT)

#define LANE_COUNT 4
#include "Lanes.h"
#include EACH_WIDTH
#undef LANE_COUNT

#if ASSAY_X86
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANE_COUNT 8
#include "Lanes.h"
#include EACH_WIDTH
#undef LANE_COUNT
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define LANE_COUNT 16
#include "Lanes.h"
#include EACH_WIDTH
#undef LANE_COUNT
#pragma clang attribute pop

#define WIDEST(name) (assay_lane_count() == 16 ? name##_16 : assay_lane_count() == 8 ? name##_8 : name##_4)
#else
#define WIDEST(name) name##_4
#endif
