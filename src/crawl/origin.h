/* SPDX-License-Identifier: MIT */
/* origin.h - what the frontier knows of one scheme, host and port, and the table of those in memory
 *
 * In memory are those that have something queued or under way, and a few that had of late; the
 * others are rows of the state. */
#ifndef CRAWL_ORIGIN_H
#define CRAWL_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "crawl/queue.h"
#include "crawl/state.h"
#include "web/robots.h"

enum robots_state { ROBOTS_UNKNOWN, ROBOTS_ASKED, ROBOTS_KNOWN };

/* Where the schedule has it. */
enum origin_place { PLACE_NONE, PLACE_READY, PLACE_WAITING, PLACE_PARKED, PLACE_IDLE };

struct origin {
	uint64_t id;
	char *text; /* owned: "https://host:port" */
	struct queue pages, others;
	struct visit *delayed; /* owned chain, by due time */
	size_t delayed_count;
	uint64_t *given; /* owned: ids given out and not finished */
	size_t given_count, given_capacity;
	int in_flight, pages_in_flight; /* given out and not answered */
	int64_t next_page_ms;           /* monotonic */
	int64_t earlier_page_ms;        /* next_page_ms before the page in flight was given out */
	int64_t hold_ms;                /* monotonic: nothing before */
	int64_t response_ms;            /* of the last reply */
	bool has_answered;              /* a response came since it is in memory */
	int slowdown;                   /* pauses are so many times as long; 0 stands for 1 */
	enum robots_state robots_state;
	enum state_robots_kind robots_kind; /* when known */
	int64_t robots_until_ms;            /* monotonic: known as long as that */
	int64_t crawl_delay_ms;             /* of robots.txt; 0 = none */
	struct robots *robots; /* owned: read of late; NULL while only the state has it */
	size_t robots_slot;    /* where the list of those has it */
	enum origin_place place;
	struct origin *before, *after; /* in its list of the schedule */
	size_t heap_at;
	int64_t due_ms; /* while it waits */
	struct origin *next_by_text, *next_by_id;
};

/* Shortest and longest pause between two pages when it adapts to the server, and the longest of a
 * server that asked for less. */
#define ORIGIN_PAUSE_MIN_MS 100
#define ORIGIN_PAUSE_MAX_MS 5000
#define ORIGIN_SLOW_PAUSE_MAX_MS 60000
/* Most that pauses grow by. */
#define ORIGIN_SLOWDOWN_MAX 64

/* Zeroed is valid and empty. */
struct origins {
	struct origin **by_text, **by_id; /* owned: chains by hash of the text, and by row */
	size_t places, count;
};

/* Closes all. */
void origins_clear(struct origins *origins);
/* The origin with this text, or NULL. */
struct origin *origins_find(const struct origins *origins, struct bytes text);
/* The origin with this row number, or NULL. */
struct origin *origins_by_id(const struct origins *origins, uint64_t id);
/* Adds one that is not there yet. */
struct origin *origins_add(struct origins *origins, uint64_t id, struct bytes text);
/* Takes one out and closes it. */
void origins_remove(struct origins *origins, struct origin *origin);
/* The queue that a visit belongs in. */
struct queue *origin_queue(struct origin *origin, const struct visit *visit);
/* Whether nothing is queued for it, delayed or under way. */
bool origin_is_unused(const struct origin *origin);
/* The pause behind a page: `wait_ms`, or with -1 twice the time of the last reply within bounds;
 * the crawl-delay of robots.txt, up to its cap, when it is longer (--wait); longer while the server
 * is to be spared. */
int64_t origin_pause_ms(const struct origin *origin, int64_t wait_ms, int64_t max_crawl_delay_ms);
/* The server answered, with 429 or 503 or not: pauses grow twice as long, or shrink to half. */
void origin_note_answer(struct origin *origin, bool is_busy);
/* Fetches in flight that it may have at a time, of `per_host`. */
int origin_jobs(const struct origin *origin, int per_host);
/* Notes a visit as given out; it counts as in flight until it is answered. */
void origin_give(struct origin *origin, const struct visit *visit);
/* It is finished, or waits again; false when it was not given out. */
bool origin_take_back(struct origin *origin, uint64_t id);
/* Whether this visit is given out and not finished. */
bool origin_has_given(const struct origin *origin, uint64_t id);
/* Keeps a visit until visit->due_ms. Takes it. */
void origin_delay(struct origin *origin, struct visit *visit_take);
/* Whether this visit is delayed. */
bool origin_has_delayed(const struct origin *origin, uint64_t id);
/* Drops a delayed visit; false when it is not there. */
bool origin_remove_delayed(struct origin *origin, uint64_t id);
/* Delayed visits whose time has come go to the front of their queues. */
void origin_release_delayed(struct origin *origin, int64_t now_ms);

#endif
