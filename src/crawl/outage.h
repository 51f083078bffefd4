/* SPDX-License-Identifier: MIT */
/* outage.h - when no host can be reached any more, the network is what failed
 *
 * Hosts that never answered say little: many that a page names are gone, or blocked on purpose. So
 * those count that had answered before; others only when they are many. During an outage one fetch
 * at a time tries whether it is over, and no failure is held against a URL. */
#ifndef CRAWL_OUTAGE_H
#define CRAWL_OUTAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

/* Zeroed is valid: no outage. */
struct outage {
	uint64_t failing[LIMIT_OUTAGE_ORIGINS]; /* that could not be reached since the last reply */
	size_t failing_count, known_count;      /* of these, that had answered before */
	uint64_t failures;                      /* of origins that had answered before */
	int64_t since_ms;                       /* monotonic; 0 = none */
	int64_t probe_ms, interval_ms;          /* when the next fetch may try */
	bool is_dismissed; /* it took too long to be one: until the next reply there is none */
};

enum outage_change {
	OUTAGE_NONE,   /* no outage: the failure is the host's */
	OUTAGE_BEGINS, /* as of now */
	OUTAGE_LASTS,  /* the failure belongs to it */
	OUTAGE_ENDLESS /* it lasts too long to wait on */
};

/* A host could not be reached. `answered`: how many origins have answered in this crawl;
 * `is_known`: this one has. */
enum outage_change outage_failed(
	struct outage *outage, uint64_t origin, bool is_known, uint64_t answered, int64_t now_ms);
/* A response came. How long the outage was that it ends, or -1. */
int64_t outage_replied(struct outage *outage, int64_t now_ms);
bool outage_lasts(const struct outage *outage);
/* Milliseconds until a fetch may try whether it is over; 0 = now. */
int64_t outage_wait_ms(const struct outage *outage, int64_t now_ms);
/* That fetch begins. */
void outage_probed(struct outage *outage, int64_t now_ms);

#endif
