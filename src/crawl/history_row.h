/* SPDX-License-Identifier: MIT */
/* history_row.h - one capture on its way through the sorters of a history */
#ifndef CRAWL_HISTORY_ROW_H
#define CRAWL_HISTORY_ROW_H

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/sorter.h"

enum history_cell {
	HISTORY_KEY,     /* of the address that was captured */
	HISTORY_TYPE,    /* HISTORY_PAGE or HISTORY_OTHER, in this order */
	HISTORY_TIME,    /* 17 digits */
	HISTORY_STATUS,  /* three digits */
	HISTORY_CLASS,   /* of a page, as in stories.jsonl */
	HISTORY_DIGEST,  /* of what readers see; empty for a revisit */
	HISTORY_PAYLOAD, /* digest of its payload, which a revisit repeats */
	HISTORY_STORY,   /* key of the story */
	HISTORY_URL,
	HISTORY_TARGET,   /* of a redirect, when it is known */
	HISTORY_PLACE,    /* of a redirect: "PATH-NUMBER OFFSET FILE", to look it up */
	HISTORY_HEADLINE, /* of a page */
	HISTORY_CELLS
};
#define HISTORY_PAGE BYTES("0")
#define HISTORY_OTHER BYTES("1")

/* Borrowed bytes. */
struct history_row {
	struct bytes cells[HISTORY_CELLS];
};

/* By which cells rows are sorted. */
enum history_order { HISTORY_BY_ADDRESS, HISTORY_BY_STORY };

/* Appends a line without LF; control bytes become blanks, long cells are cut. */
void history_row_add(const struct history_row *row, enum history_order order, struct buf *line);
/* Takes a line apart again. */
void history_row_read(struct bytes line, enum history_order order, struct history_row *row_out);

/* Sorts, and gives the lines one by one; the sorter is empty afterwards. Errors of sorter_write and
 * of `each`. */
MUST_CHECK int history_row_each(struct sorter *sorter,
	int (*each)(void *context, struct bytes line, struct flong_error *err), void *context,
	struct flong_error *err);

#endif
