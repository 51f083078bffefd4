/* SPDX-License-Identifier: MIT */
/* zip_end.h - the records at the end of a ZIP file: where its directory is
 *
 * Programs disagree about files whose end can be read in two ways; such files are refused. */
#ifndef INDEX_ZIP_END_H
#define INDEX_ZIP_END_H

#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

struct zip_end {
	uint64_t entries;          /* of the directory */
	uint64_t directory_offset; /* of its first byte */
	uint64_t directory_size;   /* it ends where the first of the end records begins */
};

/* Reads the end of the file `fd` of `size` bytes. FLONG_E_FORMAT: no ZIP file, or a cut one.
 * FLONG_E_REFUSED: several ends, bytes after the end, bytes in front of the file, ZIP64 records
 * that contradict. FLONG_E_UNSUPPORTED: several disks. FLONG_E_LIMIT: over LIMIT_ZIP_ENTRIES or
 * LIMIT_ZIP_DIRECTORY_BYTES. FLONG_E_IO. */
MUST_CHECK int zip_end_read(
	int fd, uint64_t size, struct zip_end *end_out, struct flong_error *err);

#endif
