/* SPDX-License-Identifier: MIT */
/* line_file.h - the lines of a text file of any size, by their offset, and binary search over them
 *
 * The file is never read whole, and no line is held that is over LIMIT_INDEX_LINE_BYTES. */
#ifndef INDEX_LINE_FILE_H
#define INDEX_LINE_FILE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

struct line_file;

/* FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int line_file_open(
	const char *path, struct line_file **file_out, struct flong_error *err);
/* The same of `length` bytes of an open file from `start` on, a stored file in a package; offsets
 * count from there. The descriptor is borrowed; `name` is for messages. */
struct line_file *line_file_open_range(int fd, uint64_t start, uint64_t length, const char *name);
void line_file_close(struct line_file *file);
SCOPED_CLOSE(struct line_file *, line_file_close)
/* Reads the line that starts at `at` without its LF or CR LF, borrowed until the next call;
 * *next_out is where the one after it starts. FLONG_END at the end of the file; FLONG_E_LIMIT: it
 * is too long; FLONG_E_IO. */
MUST_CHECK int line_file_read(struct line_file *file, uint64_t at, struct bytes *line_out,
	uint64_t *next_out, struct flong_error *err);
/* Calls `each` for every line from where `file` begins; one that is not FLONG_OK ends it. FLONG_OK
 * at the end of the file; errors as of line_file_read and `each`. */
typedef int line_taker(void *context, struct bytes line, struct flong_error *err);
MUST_CHECK int line_file_each(
	struct line_file *file, line_taker *each, void *context, struct flong_error *err);
/* The same for a file by name. */
MUST_CHECK int line_file_each_of(
	const char *path, line_taker *each, void *context, struct flong_error *err);
/* The start of the line that holds the byte before `at`: of the line before the one that starts at
 * `at`. 0 for 0. */
MUST_CHECK int line_file_before(
	struct line_file *file, uint64_t at, uint64_t *start_out, struct flong_error *err);
/* In a sorted file: the start of the first line that does not sort before `text`; the end of the
 * file when there is none. */
MUST_CHECK int line_file_search(
	struct line_file *file, struct bytes text, uint64_t *start_out, struct flong_error *err);

#endif
