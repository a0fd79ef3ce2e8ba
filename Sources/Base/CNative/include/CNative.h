#ifndef ASSAY_CNATIVE_H
#define ASSAY_CNATIVE_H

// Libraries that are opened at run time, at first use: a program that does not need one starts without it.
// Each library has a struct of the functions we call; `assay_resolve_...` fills it from an opened library and returns
// the name of a function that the library lacks, or NULL if all are there.

#include "Compression.h"
#include "DuckDB.h"
#include "HiGHS.h"
#include "SQLite.h"

// Opens a shared library; `global` makes its symbols visible to libraries opened later. NULL if it cannot be opened.
void *assay_open_library(const char *path, int global);

// Why the last opening failed.
const char *assay_open_library_error(void);

#endif
