/* SPDX-License-Identifier: MIT */
/* stories.h - the stories of a holding for the library: from stories.jsonl, else from its list of
 * pages, else from the pages that its index names */
#ifndef REPLAY_STORIES_H
#define REPLAY_STORIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "replay/archive.h"

/* One story: the latest capture of it. Texts are UTF-8. */
struct story {
	struct buf url, headline, kicker, description, image;
	struct buf instead; /* what came in its place: "consent", "not-found"; empty: itself */
	struct buf digest;  /* of what readers see; empty when not known */
	int64_t captured_ms;
	int64_t published_ms; /* 0: not known */
	int depth;
	unsigned captures; /* of this story, this one too */
	unsigned changes;  /* how often one of them reads otherwise than that before it */
};

/* Zeroed is valid and empty. */
struct stories {
	struct story *items; /* owned */
	size_t count, capacity;
	size_t total; /* with those that did not fit */
};

/* Reads them: seeds before the stories they led to, the newest first. `words` (may be empty) are
 * those that title, description or text must have, all of them, whatever their case; only ASCII
 * letters are compared without case. At most LIMIT_LIBRARY_STORIES are kept. What is broken in the
 * lists is passed over. The caller clears it, after failure too. FLONG_E_IO. */
MUST_CHECK int stories_read(const struct holding *holding, struct bytes words,
	struct stories *stories_out, struct flong_error *err);
void stories_clear(struct stories *stories);

/* What its lists say, line by line: an object of stories.jsonl (flong(5)) or of a list of pages;
 * without any list one with url, title and ts for each page of the index. Borrowed during the call.
 * With `wants_texts` the lists of pages are preferred, which have the texts. FLONG_E_IO. */
typedef void stories_line(void *context, const struct json *line);
MUST_CHECK int stories_each(const struct holding *holding, bool wants_texts, stories_line *each,
	void *context, struct flong_error *err);
/* When a line's page was captured; false: it does not say. */
bool stories_line_time(const struct json *line, int64_t *captured_ms_out);

#endif
