/* SPDX-License-Identifier: MIT */
/* memento.h - the capture that is shown for a URL and a time, opened: its head, and its body as a
 * browser would see it
 *
 * "Memento" is RFC 7089's word for a capture that can be asked for. */
#ifndef REPLAY_MEMENTO_H
#define REPLAY_MEMENTO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "replay/archive.h"
#include "warc/body.h"

/* The message when there is no capture at all. */
#define MEMENTO_ABSENT "not captured"

struct memento_query {
	struct bytes url;
	bool has_date; /* else the latest */
	int64_t date_ms;
	/* The capture itself is wanted, not something to show: no other URL will do, and a redirect
	 * to the same key is as good as anything. */
	bool is_raw;
};

/* An open capture. Zeroed is valid and empty. */
struct memento {
	struct buf url; /* as it was captured */
	bool is_alike;  /* it is of almost the URL that was asked for */
	int64_t date_ms;
	int status; /* 0: no HTTP reply (a resource record) */
	struct buf filename;
	uint64_t offset;                 /* of its own record */
	struct reader *own, *original;   /* owned; `original` of a revisit, else NULL */
	struct body own_body, full_body; /* of these */
	const struct http_head *http;    /* what the reply said: of own_body, or full_body */
	struct body *body;               /* the one that has the content */
	struct bytes mime;               /* media type without parameters; borrowed from above */
	struct buf mime_storage;
	uint64_t block_bytes;    /* of the record that has the content */
	struct source *inner;    /* owned; what a limited content reads from */
	struct buf head_storage; /* a beginning of the content that was read already */
};
void memento_clear(struct memento *memento);

/* Finds and opens the capture of exactly this URL nearest to the date, or else of the same key
 * (http or https, www, letter case), or else of almost the same URL (fuzzy.h). Passed over are what
 * cannot be shown: replies that lead to their own key, parts of a body (206), revisits of what is
 * not here, damaged records.
 * FLONG_E_NOT_FOUND when nothing is left; when a fault of the archive is why, the message tells.
 * Captures of almost the same URL are considered only when none has its key. The caller clears
 * `memento`, after failure too. */
MUST_CHECK int memento_find(const struct holding *holding, const struct memento_query *query,
	struct memento *memento, struct flong_error *err);

#endif
