/* SPDX-License-Identifier: MIT */
/* frontier_private.h - what the files of the frontier share
 */
#ifndef CRAWL_FRONTIER_PRIVATE_H
#define CRAWL_FRONTIER_PRIVATE_H

#include "base/limits.h"
#include "crawl/frontier.h"
#include "crawl/origin.h"
#include "crawl/robots_cache.h"
#include "crawl/schedule.h"

struct frontier {
	struct frontier_options options;
	struct origins origins;
	struct schedule schedule;
	struct robots_cache robots;
	uint64_t depth_pages[LIMIT_DEPTH + 1]; /* unfinished pages by depth */
	uint64_t queued, pages_queued, given, pages_given;
	size_t held;       /* visits in memory, delayed ones left out */
	int64_t now_ms;    /* when it was last asked or told */
	uint64_t answered; /* origins that have answered */
	bool holds_pages;
};

/* Room for one kind of visits of an origin: less when there are many origins. */
size_t frontier_queue_room(const struct frontier *frontier);
/* The round of a page of that depth. */
size_t frontier_round_of(int depth);
/* The pause behind a page of the origin, now. */
int64_t frontier_pause_of(const struct frontier *frontier, const struct origin *origin);
/* Closes the origin, or others in its stead, when nothing is queued for it or under way; it may be
 * gone afterwards. */
void frontier_retire(struct frontier *frontier, struct origin *origin);

#endif
