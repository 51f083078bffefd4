/* SPDX-License-Identifier: MIT */
/* lookup.h - finding captures in a sorted index of any size
 *
 * An index is a plain file of CDXJ or CDX lines, or in compressed blocks (ZipNum, either dialect)
 * and then named by the index of its blocks. It is never read whole: a binary search over byte
 * offsets finds the first line. The ranges are those of pywb. */
#ifndef INDEX_LOOKUP_H
#define INDEX_LOOKUP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"

enum lookup_match {
	LOOKUP_EXACT,  /* lines of this key */
	LOOKUP_PREFIX, /* lines that start with these bytes */
	LOOKUP_HOST,   /* lines of the host of this key, and of its port */
	LOOKUP_DOMAIN  /* lines of the host of this key and of all hosts below it, any port */
};

struct lookup;

/* FLONG_E_NOT_FOUND, FLONG_E_IO. */
MUST_CHECK int lookup_open(const char *path, struct lookup **lookup_out, struct flong_error *err);
/* The same of a plain index that is `length` bytes of an open file from `start` on. The descriptor
 * is borrowed; `name` is for messages. Never NULL. */
struct lookup *lookup_open_range(int fd, uint64_t start, uint64_t length, const char *name);
void lookup_close(struct lookup *lookup);
SCOPED_CLOSE(struct lookup *, lookup_close)
/* Appends the key to look a URL up by: its surt_ia key; a slash or question mark at its end, which
 * keys do not have, counts for LOOKUP_PREFIX. */
void lookup_key(struct bytes url, enum lookup_match match, struct buf *key_out);
/* Starts a search; lookup_next then gives its lines in the order of the file. `key` is copied.
 * Empty prefix: all lines. FLONG_E_IO; FLONG_E_LIMIT: a line of the file is over
 * LIMIT_INDEX_LINE_BYTES; of blocks also FLONG_E_FORMAT, FLONG_E_DAMAGED, FLONG_E_NOT_FOUND. */
MUST_CHECK int lookup_find(
	struct lookup *lookup, struct bytes key, enum lookup_match match, struct flong_error *err);
/* The next line without its LF or CR LF, borrowed until the next call; FLONG_END after the last
 * that fits. Header lines are passed over. Errors as above. */
MUST_CHECK int lookup_next(struct lookup *lookup, struct bytes *line_out, struct flong_error *err);
/* The line of `key` whose timestamp is nearest to `wall_ms` (the earlier of two equally near ones),
 * borrowed until the next call. FLONG_E_NOT_FOUND when the key has no line. */
MUST_CHECK int lookup_closest(struct lookup *lookup, struct bytes key, int64_t wall_ms,
	struct bytes *line_out, struct flong_error *err);

#endif
