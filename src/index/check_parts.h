/* SPDX-License-Identifier: MIT */
/* check_parts.h - stored bytes of a file again, while and after it is read */
#ifndef INDEX_CHECK_PARTS_H
#define INDEX_CHECK_PARTS_H

#include <stdint.h>

#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* The file that was opened last: most parts are of one file after the other. Begins with
 * {.fd = -1}. */
struct check_parts {
	char *path; /* owned */
	int fd;
};

/* Opens a range of a regular file; the source reads until the next call. FLONG_E_NOT_FOUND: there
 * is no such regular file. */
MUST_CHECK int check_parts_open(struct check_parts *parts, const char *path, uint64_t offset,
	uint64_t length, struct source **source_out, struct flong_error *err);
void check_parts_clear(struct check_parts *parts);

#endif
