/* SPDX-License-Identifier: MIT */
/* history.h - what became of the stories of an archive: their versions, and those that vanished
 *
 * A story is known by its canonical address when that is of the same publisher, else by its own;
 * both as the key of article/url_key.h, without what only tells where a reader came from. Captures
 * of one address that read the same (compare_digest) one after the other are one version.
 *
 * A collection or WACZ is read by its stories.jsonl and index, other files and such without a list
 * of stories by their records; all of them together are one archive. Memory is bounded by one
 * story; the rest is sorted in temporary files. */
#ifndef CRAWL_HISTORY_H
#define CRAWL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/scoped.h"
#include "flong/error.h"

/* What was found at the story's addresses the last time. */
enum history_fate {
	HISTORY_THERE,   /* a version */
	HISTORY_MISSING, /* status 404 or 410 */
	HISTORY_FRONT,   /* sent to the front page */
	HISTORY_MOVED,   /* sent to another page */
	HISTORY_NO_STORY /* a page that is none: "not found" with status 200 */
};

/* Texts are borrowed from the history, like all below. */
struct history_version {
	char *url; /* as captured first */
	char *key; /* of it; versions of one address follow each other, those of others differ */
	char *headline; /* in its comparable form; "" when none was found */
	char *digest;   /* "sha256:..." of compare_digest; of older lists the digest of the text */
	int64_t first_ms, last_ms; /* first and last capture */
	uint64_t captures;
	bool is_story; /* an article, or a page at the address of one */
};

struct history {
	const char *key;
	struct history_version *versions; /* in the order in which they were captured first */
	size_t count;
	uint64_t captures;
	uint64_t left_out; /* versions over LIMIT_STORY_VERSIONS: the latest of them */
	enum history_fate fate;
	int status;           /* of HISTORY_MISSING, _FRONT and _MOVED */
	const char *fate_url; /* what was asked for; NULL for HISTORY_THERE */
	const char *target;   /* of HISTORY_FRONT and _MOVED */
	int64_t fate_ms;      /* since when: the first time after the last version */
	int64_t checked_ms;   /* and the last time */
	bool is_asked;        /* it is the story of history_options.url */
};

struct history_options {
	const char *const *paths; /* collections, WACZ and WARC files; borrowed */
	size_t path_count;
	const char *url;      /* only the story of this address; NULL: all */
	const char *temp_dir; /* for what does not fit in memory */
	/* Is told of damage in a file that is read by its records; may be NULL. */
	void (*damage)(void *context, const char *path, const struct flong_error *fault);
	void *context; /* of `damage` and `each` */
};

/* Calls `each` for every story, ordered by key; other than FLONG_OK ends it with that. A story is
 * something that was captured as a page at least once. FLONG_E_USAGE: `url` is no URL;
 * FLONG_E_NOT_FOUND, FLONG_E_IO; FLONG_E_FORMAT, FLONG_E_UNSUPPORTED: no archive. */
MUST_CHECK int history_read(const struct history_options *options,
	int (*each)(void *context, const struct history *history, struct flong_error *err),
	struct flong_error *err);
/* Whether it was a story once, and was gone the last time. */
bool history_is_vanished(const struct history *history);
/* Why, for people: "status 404", "sent to the front page". */
const char *history_fate_name(const struct history *history);

#endif
