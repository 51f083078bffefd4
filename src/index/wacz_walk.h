/* SPDX-License-Identifier: MIT */
/* wacz_walk.h - every record of a WARC file, a collection or a WACZ, whatever is damaged between
 * them */
#ifndef INDEX_WACZ_WALK_H
#define INDEX_WACZ_WALK_H

#include "base/scoped.h"
#include "flong/error.h"
#include "warc/reader.h"

/* Where a record is. Borrowed for the call. */
struct wacz_place {
	const char *path; /* what was walked */
	const char *file; /* "archive/data.warc.gz" in it, or "" when it is a WARC file itself */
};

struct wacz_walk {
	/* Takes a record. What it leaves unread is skipped. Errors of the reader are given on:
	 * then the walk goes on behind the damage. FLONG_E_IO, FLONG_E_USAGE, FLONG_E_STOPPED and
	 * FLONG_E_INTERNAL end it; FLONG_END ends it too, without a failure. */
	int (*record)(void *context, const struct wacz_place *place, struct reader *reader,
		const struct reader_record *record, struct flong_error *err);
	/* Is told of damage: the fault and what was passed over; `gap` is NULL when nothing more of
	 * the file can be read. */
	void (*damage)(void *context, const struct wacz_place *place,
		const struct flong_error *fault, const struct reader_gap *gap);
	void *context;
};

/* Walks a WARC or ARC file ("-" is standard input), or all of those in a collection or WACZ in the
 * order of their names. FLONG_OK also when there was damage. FLONG_E_NOT_FOUND, FLONG_E_IO;
 * FLONG_E_FORMAT, FLONG_E_UNSUPPORTED when it is nothing of the kind; errors of wacz_reader_open;
 * what `record` ended it with. */
MUST_CHECK int wacz_walk(const char *path, const struct wacz_walk *walk, struct flong_error *err);

#endif
