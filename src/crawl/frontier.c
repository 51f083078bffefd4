/* SPDX-License-Identifier: MIT */
/* frontier.c - URLs waiting to be fetched, by origin */
#include "crawl/frontier.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "crawl/origin.h"
#include "web/url.h"

struct frontier {
	struct frontier_options options;
	struct origins origins;
	size_t turn; /* where the next search starts, so that every origin gets its turn */
	struct visit *delayed;                 /* owned chain, by due time */
	uint64_t depth_pages[LIMIT_DEPTH + 1]; /* unfinished pages by depth */
	uint64_t queued, pages_queued, given, pages_given;
	bool holds_pages;
};

static int origin_of_url(struct frontier *frontier, struct bytes href, struct origin **origin_out,
	struct flong_error *err)
{
	SCOPED(url_closep) struct url *url = NULL;
	int rc = url_parse(href, NULL, &url, err);
	if (rc < 0) {
		return rc;
	}
	SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
	buf_add(&text, url->scheme);
	buf_add_text(&text, "://");
	buf_add(&text, url->host);
	buf_add_char(&text, ':');
	buf_add_u64(&text, url_port(url));
	struct origin *origin = origins_find(&frontier->origins, buf_bytes(&text));
	if (origin == NULL) {
		uint64_t id = 0;
		rc = state_origin(frontier->options.state, buf_bytes(&text), &id, err);
		if (rc < 0) {
			return rc;
		}
		origin = origins_add(&frontier->origins, id, buf_bytes(&text));
	}
	*origin_out = origin;
	return FLONG_OK;
}

static size_t round_of(int depth)
{
	return depth < 0 ? 0 : depth > LIMIT_DEPTH ? LIMIT_DEPTH : (size_t)depth;
}

static void count_queued(struct frontier *frontier, const struct visit *visit)
{
	frontier->queued++;
	if (visit->kind == VISIT_PAGE) {
		frontier->pages_queued++;
		frontier->depth_pages[round_of(visit->depth)]++;
	}
}

/* Puts a visit that the state has as queued in its origin's queue. Takes it. */
static void enqueue(struct frontier *frontier, struct origin *origin, struct visit *visit_take)
{
	count_queued(frontier, visit_take);
	queue_add(origin_queue(origin, visit_take), visit_take);
}

int frontier_create(const struct frontier_options *options, struct frontier **frontier_out,
	struct flong_error *err)
{
	(void)err;
	struct frontier *frontier = ALLOC(struct frontier);
	frontier->options = *options;
	frontier->origins.needs_robots = options->needs_robots;
	*frontier_out = frontier;
	return FLONG_OK;
}

void frontier_close(struct frontier *frontier)
{
	if (frontier == NULL) {
		return;
	}
	origins_clear(&frontier->origins);
	while (frontier->delayed != NULL) {
		struct visit *visit = frontier->delayed;
		frontier->delayed = visit->next;
		visit_close(visit);
	}
	free(frontier);
}

static int load_waiting(void *context, const struct state_waiting *waiting, struct flong_error *err)
{
	struct frontier *frontier = context;
	struct origin *origin = origins_by_id(&frontier->origins, waiting->origin);
	if (origin == NULL) {
		SCOPED(buf_clear) struct buf text = buf_with_max(LIMIT_URL_BYTES);
		int rc = state_origin_text(frontier->options.state, waiting->origin, &text, err);
		if (rc < 0) {
			return rc;
		}
		origin = origins_add(&frontier->origins, waiting->origin, buf_bytes(&text));
	}
	(waiting->pages ? &origin->pages : &origin->others)->in_state += waiting->count;
	frontier->queued += waiting->count;
	if (waiting->pages) {
		frontier->pages_queued += waiting->count;
		frontier->depth_pages[round_of(waiting->depth)] += waiting->count;
	}
	return FLONG_OK;
}

int frontier_load(struct frontier *frontier, struct flong_error *err)
{
	return state_each_waiting(frontier->options.state, load_waiting, frontier, err);
}

static bool remove_delayed(struct frontier *frontier, uint64_t id)
{
	for (struct visit **at = &frontier->delayed; *at != NULL; at = &(*at)->next) {
		if ((*at)->id == id) {
			struct visit *visit = *at;
			*at = visit->next;
			visit_close(visit);
			return true;
		}
	}
	return false;
}

/* A requisite that waits is to be a page: its place among the requisites is given up. One that is
 * under way ends as a requisite, and is fetched again. */
static void give_up_place(struct frontier *frontier, struct origin *origin, uint64_t id)
{
	if (origin_has_given(origin, id)) {
		return;
	}
	if (!queue_remove(&origin->others, id) && !remove_delayed(frontier, id)) {
		assert(origin->others.in_state > 0);
		origin->others.in_state--;
	}
	frontier->queued--;
}

int frontier_add(struct frontier *frontier, struct visit *visit_take, bool *added_out,
	struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = visit_take;
	struct origin *origin = NULL;
	int rc = origin_of_url(frontier, bytes_of(visit->url), &origin, err);
	if (rc < 0) {
		return rc;
	}
	visit->origin = origin->id;
	bool added = false;
	rc = state_add_visit(frontier->options.state, visit, &added, err);
	if (rc < 0) {
		return rc;
	}
	if (added && visit->was_queued) {
		give_up_place(frontier, origin, visit->id);
	}
	if (added) {
		enqueue(frontier, origin, TAKE(visit));
	}
	if (added_out != NULL) {
		*added_out = added;
	}
	return FLONG_OK;
}

/* A visit that was given out is no longer. */
static void take_back(struct frontier *frontier, struct origin *origin, const struct visit *visit)
{
	if (origin_take_back(origin, visit->id)) {
		frontier->given--;
		frontier->pages_given -= visit->kind == VISIT_PAGE;
	}
}

void frontier_delay(struct frontier *frontier, struct visit *visit_take)
{
	struct origin *origin = origins_by_id(&frontier->origins, visit_take->origin);
	assert(origin != NULL);
	take_back(frontier, origin, visit_take);
	frontier->queued++;
	if (visit_take->kind == VISIT_PAGE) {
		frontier->pages_queued++;
	}
	struct visit **at = &frontier->delayed;
	while (*at != NULL && (*at)->due_ms <= visit_take->due_ms) {
		at = &(*at)->next;
	}
	visit_take->next = *at;
	*at = visit_take;
}

int frontier_requeue(struct frontier *frontier, struct visit *visit_take, struct flong_error *err)
{
	SCOPED(visit_closep) struct visit *visit = visit_take;
	struct origin *origin = NULL;
	int rc = origin_of_url(frontier, bytes_of(visit->url), &origin, err);
	if (rc < 0) {
		return rc;
	}
	visit->origin = origin->id;
	rc = state_requeue(frontier->options.state, visit, err);
	if (rc < 0) {
		return rc;
	}
	enqueue(frontier, origin, TAKE(visit));
	return FLONG_OK;
}

/* Delayed visits whose time has come go to the front of their queues. */
static void release_delayed(struct frontier *frontier, int64_t now_ms)
{
	while (frontier->delayed != NULL && frontier->delayed->due_ms <= now_ms) {
		struct visit *visit = frontier->delayed;
		frontier->delayed = visit->next;
		queue_return(origin_queue(origins_by_id(&frontier->origins, visit->origin), visit),
			visit);
	}
}

struct refill {
	struct frontier *frontier;
	struct origin *origin;
	struct queue *queue;
};

static bool is_known(const struct refill *refill, uint64_t id)
{
	if (origin_has_given(refill->origin, id)) {
		return true;
	}
	for (const struct visit *visit = refill->frontier->delayed; visit != NULL;
		visit = visit->next) {
		if (visit->id == id) {
			return true;
		}
	}
	return false;
}

static int refill_visit(void *context, struct visit *visit_take, struct flong_error *err)
{
	(void)err;
	struct refill *refill = context;
	struct queue *queue = refill->queue;
	/* Rows that are fetched just now are still queued in the state, for a crash would have to
	 * fetch them again. */
	if (queue->in_memory >= QUEUE_MEMORY || queue->in_state == 0 ||
		is_known(refill, visit_take->id)) {
		visit_close(visit_take);
		return FLONG_OK;
	}
	queue->in_state--;
	queue_append(queue, visit_take);
	return FLONG_OK;
}

static int refill_queue(struct frontier *frontier, struct origin *origin, struct queue *queue,
	struct flong_error *err)
{
	if (queue->first != NULL || queue->in_state == 0) {
		return FLONG_OK;
	}
	struct refill refill = {frontier, origin, queue};
	size_t known = origin->given_count;
	for (const struct visit *visit = frontier->delayed; visit != NULL; visit = visit->next) {
		known++;
	}
	const struct state_queue wanted = {
		origin->id, queue == &origin->pages, QUEUE_MEMORY + known};
	int rc = state_load_queued(frontier->options.state, wanted, refill_visit, &refill, err);
	if (rc == FLONG_OK && queue->first == NULL) {
		queue->in_state = 0;
	}
	return rc;
}

/* Whether all pages of smaller depth are finished. */
static bool round_is_open(const struct frontier *frontier, const struct visit *visit)
{
	for (size_t depth = 0; depth < round_of(visit->depth); depth++) {
		if (frontier->depth_pages[depth] > 0) {
			return false;
		}
	}
	return true;
}

static void give_out(struct frontier *frontier, struct origin *origin, const struct visit *visit)
{
	origin_give(origin, visit->id);
	frontier->given++;
	frontier->pages_given += visit->kind == VISIT_PAGE;
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
	origin->robots_state = ROBOTS_ASKED;
	give_out(frontier, origin, visit);
	*visit_out = TAKE(visit);
	return FLONG_OK;
}

/* Looks at one origin. Sets *visit_out, or lowers *due_ms to when it is worth looking again. */
static int look_at(struct frontier *frontier, struct origin *origin, int64_t now_ms,
	struct visit **visit_out, int64_t *due_ms, struct flong_error *err)
{
	if (origin->in_flight >= frontier->options.per_host) {
		return FLONG_OK;
	}
	int rc = refill_queue(frontier, origin, &origin->others, err);
	if (rc == FLONG_OK) {
		rc = refill_queue(frontier, origin, &origin->pages, err);
	}
	const struct visit *other = origin->others.first;
	const struct visit *page = frontier->holds_pages ? NULL : origin->pages.first;
	if (rc < 0 || (other == NULL && page == NULL)) {
		return rc;
	}
	if (origin->hold_ms > now_ms) {
		*due_ms = origin->hold_ms < *due_ms ? origin->hold_ms : *due_ms;
		return FLONG_OK;
	}
	if (other == NULL && !round_is_open(frontier, page)) {
		return FLONG_OK;
	}
	if (other == NULL && origin->robots_state == ROBOTS_UNKNOWN) {
		return ask_for_robots(frontier, origin, page, visit_out, err);
	}
	if (other == NULL && origin->robots_state == ROBOTS_ASKED) {
		return FLONG_OK;
	}
	if (other == NULL && origin->next_page_ms > now_ms) {
		*due_ms = origin->next_page_ms < *due_ms ? origin->next_page_ms : *due_ms;
		return FLONG_OK;
	}
	struct visit *visit = queue_pop(other != NULL ? &origin->others : &origin->pages);
	give_out(frontier, origin, visit);
	frontier->queued--;
	if (visit->kind == VISIT_PAGE) {
		frontier->pages_queued--;
		/* Until the answer tells more, the next page of this host waits at least the
		 * shortest pause. */
		if (frontier->options.wait_ms != 0) {
			origin->next_page_ms =
				now_ms + (frontier->options.wait_ms > 0 ? frontier->options.wait_ms
									: ORIGIN_PAUSE_MIN_MS);
		}
	}
	*visit_out = visit;
	return FLONG_OK;
}

int frontier_next(struct frontier *frontier, int64_t now_ms, struct visit **visit_out,
	int64_t *wait_ms_out, struct flong_error *err)
{
	release_delayed(frontier, now_ms);
	struct visit *visit = NULL;
	int64_t due_ms = frontier->delayed != NULL ? frontier->delayed->due_ms : INT64_MAX;
	for (size_t i = 0; visit == NULL && i < frontier->origins.count; i++) {
		struct origin *origin =
			frontier->origins.items[(frontier->turn + i) % frontier->origins.count];
		int rc = look_at(frontier, origin, now_ms, &visit, &due_ms, err);
		if (rc < 0) {
			return rc;
		}
		if (visit != NULL) {
			frontier->turn = (frontier->turn + i + 1) % frontier->origins.count;
		}
	}
	*wait_ms_out = due_ms == INT64_MAX ? -1 : due_ms - now_ms;
	*visit_out = visit;
	return FLONG_OK;
}

void frontier_answered(
	struct frontier *frontier, const struct visit *visit, int64_t response_ms, int64_t now_ms)
{
	struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	assert(origin != NULL && origin->in_flight > 0);
	origin->in_flight--;
	if (visit->kind != VISIT_PAGE) {
		return;
	}
	int64_t wait_ms = origin_pause_ms(origin, frontier->options.wait_ms, response_ms,
		frontier->options.max_crawl_delay_ms);
	origin->next_page_ms = now_ms + wait_ms;
}

void frontier_finished(struct frontier *frontier, const struct visit *visit)
{
	struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	assert(origin != NULL);
	take_back(frontier, origin, visit);
	if (visit->kind == VISIT_PAGE) {
		assert(frontier->depth_pages[round_of(visit->depth)] > 0);
		frontier->depth_pages[round_of(visit->depth)]--;
	}
}

void frontier_hold(struct frontier *frontier, const struct visit *visit, int64_t until_ms)
{
	struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	if (origin != NULL && until_ms > origin->hold_ms) {
		origin->hold_ms = until_ms;
	}
}

void frontier_set_robots(
	struct frontier *frontier, const struct visit *visit, struct robots *robots_take)
{
	struct origin *origin = origins_by_id(
		&frontier->origins, visit->robots_for != 0 ? visit->robots_for : visit->origin);
	assert(origin != NULL);
	robots_close(origin->robots);
	origin->robots = robots_take;
	origin->robots_state = ROBOTS_KNOWN;
}

const struct robots *frontier_robots(const struct frontier *frontier, const struct visit *visit)
{
	const struct origin *origin = origins_by_id(&frontier->origins, visit->origin);
	return origin == NULL ? NULL : origin->robots;
}

uint64_t frontier_pages_given(const struct frontier *frontier)
{
	return frontier->pages_given;
}

void frontier_hold_pages(struct frontier *frontier, bool holds)
{
	frontier->holds_pages = holds;
}

bool frontier_has_only_pages(const struct frontier *frontier)
{
	return frontier->given == 0 && frontier->queued == frontier->pages_queued;
}

bool frontier_is_empty(const struct frontier *frontier)
{
	return frontier->queued == 0 && frontier->given == 0;
}

uint64_t frontier_pages_queued(const struct frontier *frontier)
{
	return frontier->pages_queued;
}

uint64_t frontier_queued(const struct frontier *frontier)
{
	return frontier->queued;
}
