#ifndef ASSAY_HIGHS_H
#define ASSAY_HIGHS_H

#include <stddef.h>
#include <stdint.h>

// The part of HiGHS' C interface that we call. Its integers have 32 bits as the library is usually built;
// `integer_size` tells. Functions that return a state return -1 on an error, 0 on success, 1 with a warning.

typedef struct assay_highs_instance_ *assay_highs_instance;

enum {
  ASSAY_HIGHS_ERROR = -1,
  ASSAY_HIGHS_ROWWISE = 2,
  ASSAY_HIGHS_MINIMIZE = 1,
  ASSAY_HIGHS_MAXIMIZE = -1,
  ASSAY_HIGHS_CONTINUOUS = 0,
  ASSAY_HIGHS_INTEGER = 1,
  ASSAY_HIGHS_SOLUTION_FEASIBLE = 2,
};

// How a run ended.
enum {
  ASSAY_HIGHS_EMPTY = 6,
  ASSAY_HIGHS_OPTIMAL = 7,
  ASSAY_HIGHS_INFEASIBLE = 8,
  ASSAY_HIGHS_UNBOUNDED_OR_INFEASIBLE = 9,
  ASSAY_HIGHS_UNBOUNDED = 10,
  ASSAY_HIGHS_TIME_LIMIT = 13,
  ASSAY_HIGHS_ITERATION_LIMIT = 14,
  ASSAY_HIGHS_SOLUTION_LIMIT = 16,
  ASSAY_HIGHS_INTERRUPTED = 17,
};

// The moments at which a callback may end a run.
enum {
  ASSAY_HIGHS_DURING_SIMPLEX = 1,
  ASSAY_HIGHS_DURING_INTERIOR_POINT = 2,
  ASSAY_HIGHS_DURING_BRANCHING = 6,
};

// The head of the struct by which a callback answers; the library owns the rest of it.
typedef struct {
  int interrupt;
} assay_highs_answer;

typedef void (*assay_highs_callback)(
    int moment, const char *message, const void *progress, assay_highs_answer *answer, void *context);

typedef struct {
  const char *(*version)(void);
  int32_t (*integer_size)(assay_highs_instance instance);
  assay_highs_instance (*create)(void);
  void (*destroy)(assay_highs_instance instance);

  int32_t (*set_boolean)(assay_highs_instance instance, const char *option, int32_t value);
  int32_t (*set_integer)(assay_highs_instance instance, const char *option, int32_t value);
  int32_t (*set_number)(assay_highs_instance instance, const char *option, double value);
  int32_t (*set_text)(assay_highs_instance instance, const char *option, const char *value);

  int32_t (*pass)(
      assay_highs_instance instance, int32_t columns, int32_t rows, int32_t entries, int32_t format, int32_t sense,
      double offset, const double *cost, const double *column_lower, const double *column_upper,
      const double *row_lower, const double *row_upper, const int32_t *starts, const int32_t *indices,
      const double *values, const int32_t *integrality);
  int32_t (*set_solution)(
      assay_highs_instance instance, const double *column_values, const double *row_values,
      const double *column_duals, const double *row_duals);
  int32_t (*set_callback)(assay_highs_instance instance, assay_highs_callback callback, void *context);
  int32_t (*start_callback)(assay_highs_instance instance, int moment);

  int32_t (*run)(assay_highs_instance instance);
  int32_t (*status)(assay_highs_instance instance);
  int32_t (*solution)(
      assay_highs_instance instance, double *column_values, double *column_duals, double *row_values,
      double *row_duals);
  int32_t (*number)(assay_highs_instance instance, const char *name, double *value);
  int32_t (*integer)(assay_highs_instance instance, const char *name, int32_t *value);
  int32_t (*long_integer)(assay_highs_instance instance, const char *name, int64_t *value);
} assay_highs;

const char *assay_resolve_highs(void *library, assay_highs *functions);

#endif
