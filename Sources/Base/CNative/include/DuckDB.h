#ifndef ASSAY_DUCKDB_H
#define ASSAY_DUCKDB_H

#include <stdbool.h>
#include <stdint.h>

// The part of DuckDB's C interface that we call. Handles are opaque; functions that return a state return 0 on success.

typedef struct assay_duckdb_config_ *assay_duckdb_config;
typedef struct assay_duckdb_database_ *assay_duckdb_database;
typedef struct assay_duckdb_connection_ *assay_duckdb_connection;
typedef struct assay_duckdb_statement_ *assay_duckdb_statement;
typedef struct assay_duckdb_chunk_ *assay_duckdb_chunk;
typedef struct assay_duckdb_vector_ *assay_duckdb_vector;
typedef struct assay_duckdb_type_ *assay_duckdb_type;
typedef struct assay_duckdb_appender_ *assay_duckdb_appender;

// A result is 48 bytes, passed by value to the function that fetches chunks; only the library looks inside.
typedef struct {
  uint64_t words[3];
  void *pointers[3];
} assay_duckdb_result;

// A text in a vector: up to 12 bytes lie in the struct itself, right after the length; longer texts behind `pointer`.
typedef struct {
  uint32_t length;
  uint8_t prefix[4];
  const uint8_t *pointer;
} assay_duckdb_text;

typedef struct {
  uint64_t lower;
  int64_t upper;
} assay_duckdb_hugeint;

// The numbers of the types that we read and write directly.
enum {
  ASSAY_DUCKDB_BOOLEAN = 1,
  ASSAY_DUCKDB_TINYINT = 2,
  ASSAY_DUCKDB_SMALLINT = 3,
  ASSAY_DUCKDB_INTEGER = 4,
  ASSAY_DUCKDB_BIGINT = 5,
  ASSAY_DUCKDB_UTINYINT = 6,
  ASSAY_DUCKDB_USMALLINT = 7,
  ASSAY_DUCKDB_UINTEGER = 8,
  ASSAY_DUCKDB_UBIGINT = 9,
  ASSAY_DUCKDB_FLOAT = 10,
  ASSAY_DUCKDB_DOUBLE = 11,
  ASSAY_DUCKDB_TIMESTAMP = 12,
  ASSAY_DUCKDB_DATE = 13,
  ASSAY_DUCKDB_HUGEINT = 16,
  ASSAY_DUCKDB_VARCHAR = 17,
  ASSAY_DUCKDB_DECIMAL = 19,
  ASSAY_DUCKDB_TIMESTAMP_S = 20,
  ASSAY_DUCKDB_TIMESTAMP_MS = 21,
  ASSAY_DUCKDB_TIMESTAMP_NS = 22,
  ASSAY_DUCKDB_ENUM = 23,
  ASSAY_DUCKDB_LIST = 24,
  ASSAY_DUCKDB_STRUCT = 25,
  ASSAY_DUCKDB_MAP = 26,
  ASSAY_DUCKDB_UNION = 28,
  ASSAY_DUCKDB_TIMESTAMP_TZ = 31,
  ASSAY_DUCKDB_UHUGEINT = 32,
  ASSAY_DUCKDB_ARRAY = 33,
  ASSAY_DUCKDB_NULL = 36,
};

typedef struct {
  const char *(*library_version)(void);
  void (*free)(void *memory);

  int (*create_config)(assay_duckdb_config *config);
  int (*set_config)(assay_duckdb_config config, const char *name, const char *value);
  void (*destroy_config)(assay_duckdb_config *config);
  int (*open)(const char *path, assay_duckdb_database *database, assay_duckdb_config config, char **error);
  void (*close)(assay_duckdb_database *database);
  int (*connect)(assay_duckdb_database database, assay_duckdb_connection *connection);
  void (*disconnect)(assay_duckdb_connection *connection);
  void (*interrupt)(assay_duckdb_connection connection);

  int (*query)(assay_duckdb_connection connection, const char *sql, assay_duckdb_result *result);
  int (*prepare)(assay_duckdb_connection connection, const char *sql, assay_duckdb_statement *statement);
  const char *(*prepare_error)(assay_duckdb_statement statement);
  void (*destroy_prepare)(assay_duckdb_statement *statement);
  int (*execute_streaming)(assay_duckdb_statement statement, assay_duckdb_result *result);

  const char *(*result_error)(assay_duckdb_result *result);
  void (*destroy_result)(assay_duckdb_result *result);
  uint64_t (*column_count)(assay_duckdb_result *result);
  const char *(*column_name)(assay_duckdb_result *result, uint64_t column);
  assay_duckdb_type (*column_type)(assay_duckdb_result *result, uint64_t column);
  uint64_t (*statement_column_count)(assay_duckdb_statement statement);
  const char *(*statement_column_name)(assay_duckdb_statement statement, uint64_t column);
  assay_duckdb_type (*statement_column_type)(assay_duckdb_statement statement, uint64_t column);

  assay_duckdb_chunk (*fetch_chunk)(assay_duckdb_result result);
  uint64_t (*chunk_size)(assay_duckdb_chunk chunk);
  assay_duckdb_vector (*chunk_vector)(assay_duckdb_chunk chunk, uint64_t column);
  void (*destroy_chunk)(assay_duckdb_chunk *chunk);
  void *(*vector_data)(assay_duckdb_vector vector);
  uint64_t *(*vector_validity)(assay_duckdb_vector vector);

  assay_duckdb_type (*create_type)(int number);
  int (*type_number)(assay_duckdb_type type);
  uint8_t (*decimal_scale)(assay_duckdb_type type);
  int (*decimal_storage)(assay_duckdb_type type);
  void (*destroy_type)(assay_duckdb_type *type);

  assay_duckdb_chunk (*create_chunk)(assay_duckdb_type *types, uint64_t count);
  void (*set_chunk_size)(assay_duckdb_chunk chunk, uint64_t count);
  void (*reset_chunk)(assay_duckdb_chunk chunk);
  void (*make_validity)(assay_duckdb_vector vector);
  void (*assign_text)(assay_duckdb_vector vector, uint64_t row, const char *text, uint64_t length);
  int (*create_appender)(
      assay_duckdb_connection connection, const char *schema, const char *table, assay_duckdb_appender *appender);
  int (*append_chunk)(assay_duckdb_appender appender, assay_duckdb_chunk chunk);
  const char *(*appender_error)(assay_duckdb_appender appender);
  int (*close_appender)(assay_duckdb_appender appender);
  int (*destroy_appender)(assay_duckdb_appender *appender);
} assay_duckdb;

const char *assay_resolve_duckdb(void *library, assay_duckdb *functions);

#endif
