#ifndef ASSAY_COMPRESSION_H
#define ASSAY_COMPRESSION_H

#include <stddef.h>

// zlib's reader of gzip files.
typedef struct assay_gzip_file assay_gzip_file;
typedef struct {
  assay_gzip_file *(*open)(int descriptor, const char *mode);
  int (*read)(assay_gzip_file *file, void *bytes, unsigned count);
  const char *(*error)(assay_gzip_file *file, int *number);
  int (*close)(assay_gzip_file *file);
} assay_gzip;

const char *assay_resolve_gzip(void *library, assay_gzip *functions);

// Zstandard's streaming decoder.
typedef struct assay_zstd_stream assay_zstd_stream;
typedef struct {
  const void *bytes;
  size_t count;
  size_t position;
} assay_zstd_input;
typedef struct {
  void *bytes;
  size_t count;
  size_t position;
} assay_zstd_output;
typedef struct {
  assay_zstd_stream *(*create)(void);
  size_t (*decompress)(assay_zstd_stream *stream, assay_zstd_output *output, assay_zstd_input *input);
  unsigned (*is_error)(size_t code);
  const char *(*error_name)(size_t code);
  size_t (*destroy)(assay_zstd_stream *stream);
} assay_zstd;

const char *assay_resolve_zstd(void *library, assay_zstd *functions);

#endif
