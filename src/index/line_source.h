/* SPDX-License-Identifier: MIT */
/* line_source.h - the lines of a source, one by one, of bounded length */
#ifndef INDEX_LINE_SOURCE_H
#define INDEX_LINE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "base/stream.h"
#include "flong/error.h"

/* Zeroed but for `source` is the start. */
struct line_source {
	struct source *source; /* borrowed */
	struct buf window;     /* what was read and not given yet */
	size_t at;             /* of the next line in the window */
	uint64_t number;       /* of the line given last, from 1 */
	bool has_end;          /* the line given last ended with LF */
	bool is_over;
};

/* The next line without its LF, borrowed until the next call; FLONG_END behind the last.
 * FLONG_E_LIMIT: the line is over LIMIT_INDEX_LINE_BYTES; the next call gives the one after it.
 * Other errors are those of the source. */
MUST_CHECK int line_source_next(
	struct line_source *lines, struct bytes *line_out, struct flong_error *err);
void line_source_clear(struct line_source *lines);

#endif
