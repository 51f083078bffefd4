/* SPDX-License-Identifier: MIT */
/* fuzzy.h - captures of almost the same URL, for what was asked for and is not there
 *
 * Pages ask for some files under a new address each time: with the time in it against caches, with
 * a name for a callback, with where the reader came from. Two rules, on keys of the index: the two
 * differ in such parts of their queries only; or it is a file (a script, a style, a picture, by its
 * ending) and only its query differs, which then is a version or a size. A page is never taken for
 * another one by the second rule. */
#ifndef REPLAY_FUZZY_H
#define REPLAY_FUZZY_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "flong/error.h"
#include "index/lookup.h"

/* A search for captures of almost the same URL. Zeroed is valid and empty. */
struct fuzzy {
	struct buf base;  /* the key without its query */
	struct buf query; /* what follows, without what changes each time */
	bool is_file;
	/* Under way: */
	int part;      /* 0: not begun, 1: keys without a query, 2: keys with one */
	unsigned rows; /* looked at */
};

/* A search for what is like the URL of this key. The caller clears it. */
void fuzzy_begin(struct bytes key, struct fuzzy *fuzzy);
void fuzzy_clear(struct fuzzy *fuzzy);
/* How alike a row of that key and media type is; 0: it is something else. */
unsigned fuzzy_score(const struct fuzzy *fuzzy, struct bytes key, struct bytes mime);
/* The next row that is alike, in the order of the index, with its score; FLONG_END after the last,
 * or after LIMIT_FUZZY_ROWS rows. Errors as of lookup_next. */
MUST_CHECK int fuzzy_next(struct fuzzy *fuzzy, struct lookup *lookup, struct bytes *line_out,
	unsigned *score_out, struct flong_error *err);

#endif
