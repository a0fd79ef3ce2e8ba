#include "DuckDB.h"

#include "Resolve.h"

_Static_assert(sizeof(assay_duckdb_result) == 48, "a result of DuckDB is 48 bytes");
_Static_assert(sizeof(assay_duckdb_text) == 16, "a text of DuckDB is 16 bytes");

const char *assay_resolve_duckdb(void *library, assay_duckdb *functions) {
  RESOLVE(library_version, "duckdb_library_version")
  RESOLVE(free, "duckdb_free")
  RESOLVE(create_config, "duckdb_create_config")
  RESOLVE(set_config, "duckdb_set_config")
  RESOLVE(destroy_config, "duckdb_destroy_config")
  RESOLVE(open, "duckdb_open_ext")
  RESOLVE(close, "duckdb_close")
  RESOLVE(connect, "duckdb_connect")
  RESOLVE(disconnect, "duckdb_disconnect")
  RESOLVE(interrupt, "duckdb_interrupt")
  RESOLVE(query, "duckdb_query")
  RESOLVE(prepare, "duckdb_prepare")
  RESOLVE(prepare_error, "duckdb_prepare_error")
  RESOLVE(destroy_prepare, "duckdb_destroy_prepare")
  RESOLVE(execute_streaming, "duckdb_execute_prepared_streaming")
  RESOLVE(result_error, "duckdb_result_error")
  RESOLVE(destroy_result, "duckdb_destroy_result")
  RESOLVE(column_count, "duckdb_column_count")
  RESOLVE(column_name, "duckdb_column_name")
  RESOLVE(column_type, "duckdb_column_logical_type")
  RESOLVE(statement_column_count, "duckdb_prepared_statement_column_count")
  RESOLVE(statement_column_name, "duckdb_prepared_statement_column_name")
  RESOLVE(statement_column_type, "duckdb_prepared_statement_column_logical_type")
  RESOLVE(fetch_chunk, "duckdb_fetch_chunk")
  RESOLVE(chunk_size, "duckdb_data_chunk_get_size")
  RESOLVE(chunk_vector, "duckdb_data_chunk_get_vector")
  RESOLVE(destroy_chunk, "duckdb_destroy_data_chunk")
  RESOLVE(vector_data, "duckdb_vector_get_data")
  RESOLVE(vector_validity, "duckdb_vector_get_validity")
  RESOLVE(create_type, "duckdb_create_logical_type")
  RESOLVE(type_number, "duckdb_get_type_id")
  RESOLVE(decimal_scale, "duckdb_decimal_scale")
  RESOLVE(decimal_storage, "duckdb_decimal_internal_type")
  RESOLVE(destroy_type, "duckdb_destroy_logical_type")
  RESOLVE(create_chunk, "duckdb_create_data_chunk")
  RESOLVE(set_chunk_size, "duckdb_data_chunk_set_size")
  RESOLVE(reset_chunk, "duckdb_data_chunk_reset")
  RESOLVE(make_validity, "duckdb_vector_ensure_validity_writable")
  RESOLVE(assign_text, "duckdb_vector_assign_string_element_len")
  RESOLVE(create_appender, "duckdb_appender_create")
  RESOLVE(append_chunk, "duckdb_append_data_chunk")
  RESOLVE(appender_error, "duckdb_appender_error")
  RESOLVE(close_appender, "duckdb_appender_close")
  RESOLVE(destroy_appender, "duckdb_appender_destroy")
  return NULL;
}
