#include "HiGHS.h"

#include "Resolve.h"

const char *assay_resolve_highs(void *library, assay_highs *functions) {
  RESOLVE(version, "Highs_version")
  RESOLVE(integer_size, "Highs_getSizeofHighsInt")
  RESOLVE(create, "Highs_create")
  RESOLVE(destroy, "Highs_destroy")
  RESOLVE(set_boolean, "Highs_setBoolOptionValue")
  RESOLVE(set_integer, "Highs_setIntOptionValue")
  RESOLVE(set_number, "Highs_setDoubleOptionValue")
  RESOLVE(set_text, "Highs_setStringOptionValue")
  RESOLVE(pass, "Highs_passMip")
  RESOLVE(set_solution, "Highs_setSolution")
  RESOLVE(set_callback, "Highs_setCallback")
  RESOLVE(start_callback, "Highs_startCallback")
  RESOLVE(run, "Highs_run")
  RESOLVE(status, "Highs_getModelStatus")
  RESOLVE(solution, "Highs_getSolution")
  RESOLVE(number, "Highs_getDoubleInfoValue")
  RESOLVE(integer, "Highs_getIntInfoValue")
  RESOLVE(long_integer, "Highs_getInt64InfoValue")
  return NULL;
}
