/* SPDX-License-Identifier: MIT */
/* segment_check.h - a segment is checked while it is written: a thread of its own reads what may be
 * read so far, and waits for more
 *
 * So the last bytes of a segment are checked a moment after they were written, however large the
 * segment is. The writer says how far the file is whole; nothing behind that is looked at. */
#ifndef WARC_SEGMENT_CHECK_H
#define WARC_SEGMENT_CHECK_H

#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"
#include "warc/check.h"

struct segment_check;

/* Begins to check the file from its start, none of which may be read yet, as one of our own of that
 * final name. The hooks (may be NULL; copied) are called on the thread. FLONG_E_NOT_FOUND,
 * FLONG_E_IO, FLONG_E_INTERNAL (no thread). */
MUST_CHECK int segment_check_begin(const char *path, const char *name,
	const struct check_hooks *hooks, struct segment_check **check_out, struct flong_error *err);
/* The file is whole up to `size`, the end of a record; never less than before. Does not wait. */
void segment_check_advance(struct segment_check *check, uint64_t size);
/* The file ends at `size`: waits for the rest of the check. As check_file returns; call it once. */
MUST_CHECK int segment_check_end(struct segment_check *check, uint64_t size,
	struct check_summary *summary_out, struct flong_error *err);
/* Also gives up a check that was not ended; the hooks are not called any more afterwards. */
void segment_check_close(struct segment_check *check);
SCOPED_CLOSE(struct segment_check *, segment_check_close)

#endif
