/* SPDX-License-Identifier: MIT */
/* sorter.h - lines sorted by bytes, repeats dropped, in bounded memory whatever their number */
#ifndef INDEX_SORTER_H
#define INDEX_SORTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Files of others that can be merged without a copy; each takes a descriptor and a line. */
#define SORTER_FILES_MAX 4

struct sorter;

/* Keeps about `memory_max` bytes (0 means LIMIT_SORT_MEMORY_BYTES), or one longer line; what is
 * more goes to unlinked temporary files in `temp_dir` (borrowed until close). Never NULL. */
struct sorter *sorter_create(const char *temp_dir, size_t memory_max);
void sorter_close(struct sorter *sorter);
SCOPED_CLOSE(struct sorter *, sorter_close)
/* Adds a copy of a line, with or without its LF. FLONG_E_FORMAT: LF or NUL inside; FLONG_E_LIMIT:
 * longer than LIMIT_INDEX_LINE_BYTES; FLONG_E_IO. */
MUST_CHECK int sorter_add(struct sorter *sorter, struct bytes line, struct flong_error *err);
/* Lets the lines of a file take part that are sorted already: those for which `is_row` says so,
 * without their LF or CR LF. They are read in the last merge only, and never copied. FLONG_END:
 * there are SORTER_FILES_MAX such files already, add the lines one by one. FLONG_E_IO. When the
 * file is out of order after all, sorter_write fails with FLONG_E_DAMAGED. */
MUST_CHECK int sorter_add_file(struct sorter *sorter, const char *path,
	bool (*is_row)(struct bytes line), struct flong_error *err);
/* Writes all lines, each once, each with LF, to `out` (not finished). The sorter is empty and
 * usable afterwards. */
MUST_CHECK int sorter_write(struct sorter *sorter, struct sink *out, struct flong_error *err);

#endif
