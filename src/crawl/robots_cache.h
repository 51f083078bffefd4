/* SPDX-License-Identifier: MIT */
/* robots_cache.h - the rules of each origin: how long they hold, and those that were read of late
 *
 * What robots.txt said is kept in the state, a day long (RFC 9309 2.4). In memory are the rules of
 * the origins that were asked about last; others are read again when it is their turn. */
#ifndef CRAWL_ROBOTS_CACHE_H
#define CRAWL_ROBOTS_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "crawl/origin.h"
#include "crawl/state.h"
#include "flong/error.h"

/* Zeroed with a state is valid and empty. Origins are borrowed. */
struct robots_cache {
	struct state *state;    /* borrowed */
	int64_t wall_offset_ms; /* from the monotonic to the wall clock */
	struct origin *read[LIMIT_ROBOTS_READ];
	size_t turn; /* place of the next */
};

/* Looks in the state for what is still valid; the origin's robots_state tells whether it is. */
MUST_CHECK int robots_cache_recall(
	struct robots_cache *cache, struct origin *origin, int64_t now_ms, struct flong_error *err);
/* Keeps what robots.txt of the origin said just now. One that cannot be reached leaves rules that
 * were known before in force. */
MUST_CHECK int robots_cache_keep(struct robots_cache *cache, struct origin *origin,
	const struct state_robots *robots, int64_t now_ms, struct flong_error *err);
/* Why a path and query of the origin may not be followed: static text, or NULL when it may. */
MUST_CHECK int robots_cache_refusal(struct robots_cache *cache, struct origin *origin,
	struct bytes target, const char **reason_out, struct flong_error *err);
/* The origin is about to be closed. */
void robots_cache_forget(struct robots_cache *cache, struct origin *origin);

#endif
