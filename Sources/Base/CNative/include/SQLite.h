#ifndef ASSAY_SQLITE_H
#define ASSAY_SQLITE_H

#include <stdint.h>

// The part of SQLite's C interface that reads a table.

typedef struct assay_sqlite_database_ *assay_sqlite_database;
typedef struct assay_sqlite_statement_ *assay_sqlite_statement;

enum {
  ASSAY_SQLITE_OPEN_READ_ONLY = 1,
  ASSAY_SQLITE_ROW = 100,
  ASSAY_SQLITE_DONE = 101,
  ASSAY_SQLITE_INTEGER = 1,
  ASSAY_SQLITE_FLOAT = 2,
  ASSAY_SQLITE_TEXT = 3,
  ASSAY_SQLITE_BLOB = 4,
  ASSAY_SQLITE_NULL = 5,
};

typedef struct {
  int (*open)(const char *path, assay_sqlite_database *database, int flags, const char *system);
  int (*close)(assay_sqlite_database database);
  const char *(*error)(assay_sqlite_database database);
  int (*prepare)(
      assay_sqlite_database database, const char *sql, int length, assay_sqlite_statement *statement,
      const char **rest);
  int (*step)(assay_sqlite_statement statement);
  int (*finalize)(assay_sqlite_statement statement);
  int (*column_count)(assay_sqlite_statement statement);
  const char *(*column_name)(assay_sqlite_statement statement, int column);
  int (*column_type)(assay_sqlite_statement statement, int column);
  int64_t (*column_integer)(assay_sqlite_statement statement, int column);
  double (*column_float)(assay_sqlite_statement statement, int column);
  const unsigned char *(*column_text)(assay_sqlite_statement statement, int column);
  int (*column_length)(assay_sqlite_statement statement, int column);
} assay_sqlite;

const char *assay_resolve_sqlite(void *library, assay_sqlite *functions);

#endif
