/* SPDX-License-Identifier: MIT */
/* lookup.h - finding captures in a sorted plain CDXJ file of any size
 *
 * The file is never read whole: a binary search over byte offsets finds the first line. */
#ifndef INDEX_LOOKUP_H
#define INDEX_LOOKUP_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

enum lookup_match {
	LOOKUP_EXACT, /* lines of this key */
	LOOKUP_PREFIX /* lines that start with these bytes */
};

struct lookup;

/* FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int lookup_open(const char *path, struct lookup **lookup_out, struct flong_error *err);
void lookup_close(struct lookup *lookup);
SCOPED_CLOSE(struct lookup *, lookup_close)
/* Starts a search; lookup_next then gives its lines in the order of the file. `key` is copied.
 * Empty prefix: all lines. FLONG_E_IO; FLONG_E_LIMIT: a line of the file is over
 * LIMIT_INDEX_LINE_BYTES. */
MUST_CHECK int lookup_find(
	struct lookup *lookup, struct bytes key, enum lookup_match match, struct flong_error *err);
/* The next line without its LF, borrowed until the next call; FLONG_END after the last that fits.
 */
MUST_CHECK int lookup_next(struct lookup *lookup, struct bytes *line_out, struct flong_error *err);
/* The line of `key` whose timestamp is nearest to `wall_ms` (the earlier of two equally near ones),
 * borrowed until the next call. FLONG_E_NOT_FOUND when the key has no line. */
MUST_CHECK int lookup_closest(struct lookup *lookup, struct bytes key, int64_t wall_ms,
	struct bytes *line_out, struct flong_error *err);

#endif
