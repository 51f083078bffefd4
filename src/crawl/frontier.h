/* SPDX-License-Identifier: MIT */
/* frontier.h - URLs waiting to be fetched, and when each host may be asked again
 *
 * Origins take turns. Each has two short queues in memory, refilled from the state: what pages
 * need, which goes first, and pages. Pages are given out in rounds: none of depth d+1 before the
 * last of depth d is finished, so that which pages belong to an archive does not depend on which
 * server answered first. Within a round the pages of an origin go by rank. Between two pages of one
 * origin there is a pause; requisites are fetched as a browser would, together. A server that says
 * it has too much to do is asked less, until it answers again. */
#ifndef CRAWL_FRONTIER_H
#define CRAWL_FRONTIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/scoped.h"
#include "crawl/state.h"
#include "crawl/visit.h"
#include "flong/error.h"

struct frontier;

struct frontier_options {
	struct state *state;        /* borrowed */
	int per_host;               /* fetches in flight to one origin */
	int64_t wait_ms;            /* between two pages of an origin; -1 = adaptive */
	int64_t max_crawl_delay_ms; /* cap of a robots.txt crawl-delay */
	bool needs_robots; /* a page is given out only after its origin's robots.txt is known */
	int64_t wall_offset_ms; /* from the monotonic to the wall clock; robots.txt is dated by that
				 */
	size_t memory_max; /* visits in memory; 0 = LIMIT_FRONTIER_VISITS (tests ask for less) */
	bool only_state;   /* nothing is given out: what is added, finished or delayed is noted in
			      the state alone */
};

MUST_CHECK int frontier_create(const struct frontier_options *options,
	struct frontier **frontier_out, struct flong_error *err);
void frontier_close(struct frontier *frontier);
SCOPED_CLOSE(struct frontier *, frontier_close)
/* Counts what the state has queued (after a resume). */
MUST_CHECK int frontier_load(struct frontier *frontier, struct flong_error *err);
/* Adds a visit unless its URL is known; *added_out (may be NULL) tells. visit->url and via must be
 * set; origin is filled in. Takes the visit. */
MUST_CHECK int frontier_add(struct frontier *frontier, struct visit *visit_take, bool *added_out,
	struct flong_error *err);
/* Puts a visit that was given out back, to be given out again at visit->due_ms (monotonic). Takes
 * it. */
void frontier_delay(struct frontier *frontier, struct visit *visit_take);
/* Adds what the robots.txt of an origin redirects to. One that was fetched as a robots.txt before
 * is fetched once more, for visit->robots_for; *added_out is false when it is something else. Takes
 * the visit. */
MUST_CHECK int frontier_add_robots(struct frontier *frontier, struct visit *visit_take,
	bool *added_out, struct flong_error *err);
/* Puts a known URL back into the queue although it was fetched before (a redirect that sets a
 * cookie). Takes it. */
MUST_CHECK int frontier_requeue(
	struct frontier *frontier, struct visit *visit_take, struct flong_error *err);
/* The next visit that may be fetched now: *visit_out is the caller's, or NULL when none is due;
 * then *wait_ms_out is the time until one is (-1: none waits for time). May give out a VISIT_ROBOTS
 * of its own. */
MUST_CHECK int frontier_next(struct frontier *frontier, int64_t now_ms, struct visit **visit_out,
	int64_t *wait_ms_out, struct flong_error *err);
/* What came of a visit that was given out. */
struct frontier_answer {
	bool was_asked;      /* a request was made */
	bool is_reply;       /* a response came */
	bool is_busy;        /* it was 429 or 503 */
	int64_t response_ms; /* how long it took */
};
/* Its origin may be asked again. */
void frontier_answered(struct frontier *frontier, const struct visit *visit,
	const struct frontier_answer *answer, int64_t now_ms);
/* A visit is finished for good (its links were added): its round may end. Not for visits put back.
 */
void frontier_finished(struct frontier *frontier, const struct visit *visit);
/* Asks an origin to be left alone until `until_ms` (Retry-After). */
void frontier_hold(struct frontier *frontier, const struct visit *visit, int64_t until_ms);
/* What the robots.txt of an origin said, when its VISIT_ROBOTS is finished. */
MUST_CHECK int frontier_set_robots(struct frontier *frontier, const struct visit *visit,
	const struct state_robots *robots, int64_t now_ms, struct flong_error *err);
struct frontier_target {
	uint64_t origin;        /* row in the state */
	struct bytes path;      /* and query, as on the request line */
	bool minds_unreachable; /* a robots.txt that cannot be reached forbids it */
};
/* Why robots.txt of an origin refuses a path: static text, or NULL when it does not, or is not
 * known. */
MUST_CHECK int frontier_robots_refusal(struct frontier *frontier,
	const struct frontier_target *target, const char **reason_out, struct flong_error *err);
/* Pages given out and not finished. */
uint64_t frontier_pages_given(const struct frontier *frontier);
/* While held, no page is given out; what pages need still is. */
void frontier_hold_pages(struct frontier *frontier, bool holds);
/* Nothing is given out, and nothing but pages is queued or delayed. */
bool frontier_has_only_pages(const struct frontier *frontier);
/* Nothing queued, delayed or given out. */
bool frontier_is_empty(const struct frontier *frontier);
/* Pages queued and not yet given out. */
uint64_t frontier_pages_queued(const struct frontier *frontier);
/* All visits queued and not yet given out. */
uint64_t frontier_queued(const struct frontier *frontier);
/* Whether the origin of a visit has answered before; *answered_out is how many have. */
bool frontier_has_answered(
	const struct frontier *frontier, const struct visit *visit, uint64_t *answered_out);
/* Origins and visits in memory. */
size_t frontier_origins_held(const struct frontier *frontier);
size_t frontier_visits_held(const struct frontier *frontier);

#endif
