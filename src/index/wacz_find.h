/* SPDX-License-Identifier: MIT */
/* wacz_find.h - the capture of a URL in a collection, a WACZ or a WARC file
 *
 * The index is read where there is one, else the records are. An index is only believed so far: the
 * record that it names must have the URL and the time of the row (F-97). */
#ifndef INDEX_WACZ_FIND_H
#define INDEX_WACZ_FIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "index/wacz_reader.h"

/* What is looked for; bytes are borrowed. */
struct wacz_query {
	struct bytes url;
	bool has_date;   /* else the latest one is taken */
	int64_t date_ms; /* the nearest one is taken, the earlier of two */
	bool no_revisits;
	struct bytes digest; /* of the payload, with or without label; empty: any */
	/* Not empty: the record of this WARC-Record-ID, whatever else is said here. Indexes do not
	 * have ids, so the records are read. */
	struct bytes record_id;
};

/* What was found. Zeroed is valid and empty. */
struct wacz_capture {
	struct buf file; /* path in the collection; empty for a WARC file */
	uint64_t offset;
	struct buf url; /* as the index or the record has it */
	int64_t date_ms;
};
void wacz_capture_clear(struct wacz_capture *capture);

/* Looks in the WARC file at `path` (`reader` NULL), or in the collection or WACZ `reader`. A
 * capture of exactly the URL is preferred to one of the same key (http or https, www, letter case).
 * FLONG_E_NOT_FOUND when there is none; FLONG_E_DAMAGED: the row for it is broken; FLONG_E_LIMIT: a
 * line of the index is over LIMIT_INDEX_LINE_BYTES. The caller clears `capture`, after failure too.
 */
MUST_CHECK int wacz_find(const char *path, const struct wacz_reader *reader,
	const struct wacz_query *query, struct wacz_capture *capture, struct flong_error *err);
/* Opens the record that was found and reads its head: *records_out stands in it. FLONG_E_DAMAGED
 * when it is of another URL or time. */
MUST_CHECK int wacz_find_open(const char *path, const struct wacz_reader *reader,
	const struct wacz_capture *capture, struct reader **records_out,
	const struct reader_record **record_out, struct flong_error *err);

#endif
