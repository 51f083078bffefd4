/* SPDX-License-Identifier: MIT */
/* frontier_next.c - who is asked next: origins in turns, what pages need before pages */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crawl/frontier_private.h"
#include "web/url.h"

/* Visits of one kind held in memory per origin, when there are few origins. */
#define QUEUE_MEMORY 128

size_t frontier_queue_room(const struct frontier *frontier)
{
	size_t room = frontier->options.memory_max / (2 * frontier->origins.count + 1);
	if (frontier->held >= frontier->options.memory_max || room < 1) {
		return 1;
	}
	return room < QUEUE_MEMORY ? room : QUEUE_MEMORY;
}

struct refill {
	struct state *state;
	struct origin *origin;
	struct queue *queue;
	size_t room;
};

/* A robots.txt that redirects led to has its answer for the origin that waits for it. */
static int find_waiting(struct state *state, struct visit *visit, struct flong_error *err)
{
	bool is_redirected = visit->kind == VISIT_ROBOTS && visit->redirects > 0;
	return is_redirected ? state_robots_origin(state, visit, &visit->robots_for, err)
			     : FLONG_OK;
}

static int refill_visit(void *context, struct visit *visit_take, struct flong_error *err)
{
	struct refill *refill = context;
	struct queue *queue = refill->queue;
	/* Rows that are fetched just now are still queued in the state, for a crash would have to
	 * fetch them again. */
	if (queue->in_memory >= refill->room || queue->in_state == 0 ||
		origin_has_given(refill->origin, visit_take->id) ||
		origin_has_delayed(refill->origin, visit_take->id)) {
		visit_close(visit_take);
		return FLONG_OK;
	}
	int rc = find_waiting(refill->state, visit_take, err);
	queue->in_state--;
	queue_append(queue, visit_take);
	return rc;
}

static int refill_queue(struct frontier *frontier, struct origin *origin, struct queue *queue,
	struct flong_error *err)
{
	if (queue->first != NULL || queue->in_state == 0) {
		return FLONG_OK;
	}
	struct refill refill = {
		frontier->options.state, origin, queue, frontier_queue_room(frontier)};
	const struct state_queue wanted = {origin->id, queue == &origin->pages,
		refill.room + origin->given_count + origin->delayed_count};
	int rc = state_load_queued(frontier->options.state, wanted, refill_visit, &refill, err);
	if (rc == FLONG_OK && queue->first == NULL) {
		/* A robots.txt may have been fetched for another origin meanwhile. */
		frontier->queued -= queue == &origin->others ? queue->in_state : 0;
		queue->in_state = 0;
	}
	return rc;
}

/* Whether all pages of smaller depth are finished. */
static bool round_is_open(const struct frontier *frontier, const struct visit *visit)
{
	for (size_t depth = 0; depth < frontier_round_of(visit->depth); depth++) {
		if (frontier->depth_pages[depth] > 0) {
			return false;
		}
	}
	return true;
}

static void give_out(struct frontier *frontier, struct origin *origin, const struct visit *visit)
{
	origin_give(origin, visit);
	frontier->given++;
	frontier->pages_given += visit->kind == VISIT_PAGE;
	/* Asked for by a page, or left in the queue by a kill. */
	if (visit->kind == VISIT_ROBOTS && visit->robots_for == 0) {
		origin->robots_state = ROBOTS_ASKED;
	}
}

static int ask_for_robots(struct frontier *frontier, struct origin *origin,
	const struct visit *page, struct visit **visit_out, struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = ALLOC(struct visit);
	SCOPED(url_closep) struct url *url = NULL;
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
	buf_add_text(&text, origin->text);
	buf_add_text(&text, "/robots.txt");
	int rc = url_parse(buf_bytes(&text), NULL, &url, err);
	if (rc < 0) {
		return rc;
	}
	visit->url = alloc_text(url->all.ptr, url->all.len);
	visit->kind = VISIT_ROBOTS;
	visit->role = ROLE_UNKNOWN;
	visit->is_speculative = true;
	visit->origin = origin->id;
	visit->via = page->id;
	visit_add_hop(page->hops, 'P', visit->hops);
	bool added = false;
	rc = state_add_visit(frontier->options.state, visit, &added, err);
	if (rc < 0) {
		return rc;
	}
	bool is_on_way = false;
	if (!added) {
		rc = state_robots_on_way(frontier->options.state, visit->id, &is_on_way, err);
	}
	if (rc < 0) {
		return rc;
	}
	if (is_on_way) {
		origin->robots_state = ROBOTS_ASKED;
	} else {
		give_out(frontier, origin, visit);
		*visit_out = TAKE(visit);
	}
	return FLONG_OK;
}

/* Whether robots.txt of an origin is known, or found in the state. */
static int know_robots(struct frontier *frontier, struct origin *origin, struct flong_error *err)
{
	if (origin->robots_state == ROBOTS_KNOWN && origin->robots_until_ms <= frontier->now_ms) {
		origin->robots_state = ROBOTS_UNKNOWN;
	}
	return origin->robots_state == ROBOTS_UNKNOWN
		       ? robots_cache_recall(&frontier->robots, origin, frontier->now_ms, err)
		       : FLONG_OK;
}

static void make_sooner(int64_t *due_ms, int64_t candidate_ms)
{
	*due_ms = candidate_ms < *due_ms ? candidate_ms : *due_ms;
}

int64_t frontier_pause_of(const struct frontier *frontier, const struct origin *origin)
{
	return origin_pause_ms(
		origin, frontier->options.wait_ms, frontier->options.max_crawl_delay_ms);
}

/* The next page of an origin that may be asked now; or robots.txt before it. */
static int look_at_pages(struct frontier *frontier, struct origin *origin, struct visit **visit_out,
	int64_t *due_ms, struct flong_error *err)
{
	int64_t pause_ms = frontier_pause_of(frontier, origin);
	if (frontier->holds_pages || (pause_ms > 0 && origin->pages_in_flight > 0)) {
		return FLONG_OK;
	}
	int rc = refill_queue(frontier, origin, &origin->pages, err);
	const struct visit *page = origin->pages.first;
	if (rc < 0 || page == NULL || !round_is_open(frontier, page)) {
		return rc;
	}
	rc = know_robots(frontier, origin, err);
	if (rc < 0 || origin->robots_state == ROBOTS_ASKED) {
		return rc;
	}
	if (origin->robots_state == ROBOTS_UNKNOWN) {
		return ask_for_robots(frontier, origin, page, visit_out, err);
	}
	if (origin->next_page_ms > frontier->now_ms) {
		make_sooner(due_ms, origin->next_page_ms);
		return FLONG_OK;
	}
	struct visit *visit = queue_pop(&origin->pages);
	give_out(frontier, origin, visit);
	frontier->queued--;
	frontier->pages_queued--;
	/* Until the answer tells more. */
	origin->earlier_page_ms = origin->next_page_ms;
	origin->next_page_ms = frontier->now_ms + pause_ms;
	*visit_out = visit;
	return FLONG_OK;
}

/* Looks at one origin. Sets *visit_out, or lowers *due_ms to when it is worth looking again. */
static int look_at(struct frontier *frontier, struct origin *origin, struct visit **visit_out,
	int64_t *due_ms, struct flong_error *err)
{
	origin_release_delayed(origin, frontier->now_ms);
	if (origin->in_flight >= origin_jobs(origin, frontier->options.per_host)) {
		return FLONG_OK;
	}
	if (origin->hold_ms > frontier->now_ms) {
		make_sooner(due_ms, origin->hold_ms);
		return FLONG_OK;
	}
	if (origin->delayed != NULL && origin->delayed->due_ms < INT64_MAX) {
		make_sooner(due_ms, origin->delayed->due_ms);
	}
	int rc = refill_queue(frontier, origin, &origin->others, err);
	if (rc < 0 || origin->others.first == NULL) {
		return rc < 0 ? rc : look_at_pages(frontier, origin, visit_out, due_ms, err);
	}
	struct visit *visit = queue_pop(&origin->others);
	give_out(frontier, origin, visit);
	frontier->queued--;
	*visit_out = visit;
	return FLONG_OK;
}

/* An origin that has nothing at the moment. When there are many, their visits are left to the
 * state. */
static void put_aside(struct frontier *frontier, struct origin *origin, int64_t due_ms)
{
	if (frontier_queue_room(frontier) == 1) {
		queue_forget(&origin->pages);
		queue_forget(&origin->others);
	}
	if (origin_is_unused(origin)) {
		frontier_retire(frontier, origin);
	} else if (due_ms < INT64_MAX) {
		schedule_wait(&frontier->schedule, origin, due_ms);
	} else {
		schedule_park(&frontier->schedule, origin);
	}
}

int frontier_next(struct frontier *frontier, int64_t now_ms, struct visit **visit_out,
	int64_t *wait_ms_out, struct flong_error *err)
{
	struct schedule *schedule = &frontier->schedule;
	frontier->now_ms = now_ms;
	schedule_release(schedule, now_ms);
	struct visit *visit = NULL;
	while (visit == NULL && schedule->ready.first != NULL) {
		struct origin *origin = schedule->ready.first;
		int64_t due_ms = INT64_MAX;
		int rc = look_at(frontier, origin, &visit, &due_ms, err);
		if (rc < 0) {
			return rc;
		}
		put_aside(frontier, origin, due_ms);
		if (visit != NULL) {
			schedule_wake(schedule, origin);
		}
	}
	int64_t due_ms = schedule_due_ms(schedule);
	*wait_ms_out = due_ms == INT64_MAX ? -1 : due_ms - now_ms;
	*visit_out = visit;
	return FLONG_OK;
}
