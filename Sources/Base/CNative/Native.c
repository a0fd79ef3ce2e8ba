#include "CNative.h"

#include "Resolve.h"

void *assay_open_library(const char *path, int global) {
  return dlopen(path, RTLD_LAZY | (global ? RTLD_GLOBAL : RTLD_LOCAL));
}

const char *assay_open_library_error(void) {
  const char *message = dlerror();
  return message ? message : "unknown reason";
}

const char *assay_resolve_gzip(void *library, assay_gzip *functions) {
  RESOLVE(open, "gzdopen")
  RESOLVE(read, "gzread")
  RESOLVE(error, "gzerror")
  RESOLVE(close, "gzclose")
  return NULL;
}

const char *assay_resolve_zstd(void *library, assay_zstd *functions) {
  RESOLVE(create, "ZSTD_createDStream")
  RESOLVE(decompress, "ZSTD_decompressStream")
  RESOLVE(is_error, "ZSTD_isError")
  RESOLVE(error_name, "ZSTD_getErrorName")
  RESOLVE(destroy, "ZSTD_freeDStream")
  return NULL;
}
