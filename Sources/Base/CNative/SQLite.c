#include "SQLite.h"

#include "Resolve.h"

const char *assay_resolve_sqlite(void *library, assay_sqlite *functions) {
  RESOLVE(open, "sqlite3_open_v2")
  RESOLVE(close, "sqlite3_close_v2")
  RESOLVE(error, "sqlite3_errmsg")
  RESOLVE(prepare, "sqlite3_prepare_v2")
  RESOLVE(step, "sqlite3_step")
  RESOLVE(finalize, "sqlite3_finalize")
  RESOLVE(column_count, "sqlite3_column_count")
  RESOLVE(column_name, "sqlite3_column_name")
  RESOLVE(column_type, "sqlite3_column_type")
  RESOLVE(column_integer, "sqlite3_column_int64")
  RESOLVE(column_float, "sqlite3_column_double")
  RESOLVE(column_text, "sqlite3_column_text")
  RESOLVE(column_length, "sqlite3_column_bytes")
  return NULL;
}
