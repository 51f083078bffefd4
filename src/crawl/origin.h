/* SPDX-License-Identifier: MIT */
/* origin.h - what the frontier knows of one scheme, host and port, and the table of all of them */
#ifndef CRAWL_ORIGIN_H
#define CRAWL_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "crawl/queue.h"
#include "web/robots.h"

enum robots_state { ROBOTS_UNKNOWN, ROBOTS_ASKED, ROBOTS_KNOWN };

struct origin {
	uint64_t id;
	char *text; /* owned: "https://host:port" */
	struct queue pages, others;
	uint64_t *given; /* owned: ids given out and not finished */
	size_t given_count, given_capacity;
	int in_flight;        /* given out and not answered */
	int64_t next_page_ms; /* monotonic */
	int64_t hold_ms;      /* monotonic: nothing before */
	enum robots_state robots_state;
	struct robots *robots; /* owned or NULL */
	struct origin *next_in_table;
};

/* Shortest pause between two pages when it adapts to the server. */
#define ORIGIN_PAUSE_MIN_MS 100

#define ORIGINS_TABLE_SIZE 4096

/* Zeroed is valid and empty. */
struct origins {
	struct origin *table[ORIGINS_TABLE_SIZE]; /* by hash of the text */
	struct origin **items;                    /* owned: all, in order of appearance */
	size_t count, capacity;
	bool needs_robots; /* robots.txt of a new origin is unknown, not taken as empty */
};

void origins_clear(struct origins *origins);
/* The origin with this text, or NULL. */
struct origin *origins_find(const struct origins *origins, struct bytes text);
/* The origin with this row number, or NULL. */
struct origin *origins_by_id(const struct origins *origins, uint64_t id);
/* Adds one that is not there yet. */
struct origin *origins_add(struct origins *origins, uint64_t id, struct bytes text);
/* The queue that a visit belongs in. */
struct queue *origin_queue(struct origin *origin, const struct visit *visit);
/* The pause behind a page that took `response_ms`: `wait_ms`, or with -1 twice that time within
 * bounds; the crawl-delay of robots.txt, up to its cap, when it is longer (--wait). */
int64_t origin_pause_ms(const struct origin *origin, int64_t wait_ms, int64_t response_ms,
	int64_t max_crawl_delay_ms);
/* Notes a visit as given out; it counts as in flight until it is answered. */
void origin_give(struct origin *origin, uint64_t id);
/* It is finished, or waits again; false when it was not given out. */
bool origin_take_back(struct origin *origin, uint64_t id);
/* Whether this visit is given out and not finished. */
bool origin_has_given(const struct origin *origin, uint64_t id);

#endif
