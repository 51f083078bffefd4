/* SPDX-License-Identifier: MIT */
/* versions.h - the captures of one story, and which of them read the same
 *
 * From stories.jsonl, by the digest of what readers see; in archives without one from the index, by
 * the digest of the payload. A story is found by its address (article/url_key.h). */
#ifndef REPLAY_VERSIONS_H
#define REPLAY_VERSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/scoped.h"
#include "flong/error.h"
#include "replay/archive.h"

/* Captures one after the other that read the same. */
struct version {
	char *url, *headline, *digest; /* owned; the headline may be "" */
	int64_t first_ms, last_ms;
	size_t captures;
};

/* Zeroed is valid and empty. Ordered by time. */
struct versions {
	struct version *items; /* owned */
	size_t count, capacity;
	size_t left_out; /* captures over LIMIT_STORY_VERSIONS */
	bool by_payload; /* versions of the bytes: a page may read the same and still differ */
};

/* Reads those of the story at `url`. The caller clears them, after failure too. FLONG_E_IO. */
MUST_CHECK int versions_read(const struct holding *holding, struct bytes url,
	struct versions *versions_out, struct flong_error *err);
void versions_clear(struct versions *versions);

#endif
