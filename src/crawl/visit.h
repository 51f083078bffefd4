/* SPDX-License-Identifier: MIT */
/* visit.h - one URL to fetch: why, from where, and how often it was tried */
#ifndef CRAWL_VISIT_H
#define CRAWL_VISIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "links/links.h"

enum visit_kind {
	VISIT_PAGE,      /* a seed or a followed story: its links count */
	VISIT_REQUISITE, /* what a page needs to be shown */
	VISIT_DISCOVERY, /* captured for itself (short link), nothing on it is followed */
	VISIT_ROBOTS     /* robots.txt of an origin */
};

enum visit_state {
	VISIT_QUEUED = 0,
	VISIT_DONE = 1,   /* a complete reply is in the archive, whatever its status */
	VISIT_FAILED = 2, /* given up */
	VISIT_SKIPPED = 3 /* known, not wanted; the reason stands in reports/skipped.jsonl */
};

/* Longest hop path, letters (as in Heritrix: L link, E embed, R redirect, P prerequisite, I
 * implied). */
#define VISIT_HOPS_MAX 63

/* Rank of a page that nothing speaks for. */
#define VISIT_RANK_LAST 1000

struct visit {
	uint64_t id;     /* row in the state */
	char *url;       /* owned: href without fragment */
	uint64_t origin; /* row of the origin in the state */
	enum visit_kind kind;
	enum link_role role; /* what it is loaded as */
	int depth;           /* story hops from a seed */
	int embeds;    /* requisite hops from its page; of a page, those of its article before it */
	int redirects; /* hops of the redirect chain it continues */
	int tries;     /* fetches already made */
	int rank;      /* pages of one host and depth: smaller ones first */
	bool is_seed;  /* given by hand, or a seed redirected here */
	bool was_queued;     /* added as a page, it was in the queue as a requisite */
	bool is_speculative; /* guessed (favicon by convention): not missed when absent */
	uint64_t via;        /* id of the visit that named it, 0 for seeds */
	char *via_url;       /* owned, or NULL */
	char hops[VISIT_HOPS_MAX + 1];
	int64_t due_ms;      /* monotonic: not before */
	uint64_t robots_for; /* VISIT_ROBOTS after a redirect: the origin that waits for it, else 0
			      */
	struct visit *next;  /* the queue's own */
};

/* The hop from a feed or sitemap to what it lists (Heritrix: manifest). */
#define VISIT_HOP_ENTRY 'M'

/* Whether it was listed by a feed, or a redirect led there from what was: not given by hand. */
bool visit_is_entry(const struct visit *visit);
void visit_close(struct visit *visit);
SCOPED_CLOSE(struct visit *, visit_close)
/* Appends a hop letter to `hops` (the oldest letters are kept when it is full). */
void visit_add_hop(const char *hops, char letter, char out[VISIT_HOPS_MAX + 1]);

#endif
